"""What the address of a page in the admin may ask, the same for every model, also those that a library registers."""

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, FieldDoesNotExist, PermissionDenied, ValidationError

# More of them make a query that SQLite refuses
MOST_WORDS = MOST_VALUES = 50


class FilteredChangeList(ChangeList):
    """A list that is narrowed by its own filters alone.

    Django takes a lookup of any column: by how many rows are left it would tell what a secret begins with, and a
    regular expression takes as long as whoever wrote it likes.
    """

    def get_filters(self, request):
        values = [value for values in self.get_filters_params().values() for value in values]
        if len(values) > MOST_VALUES or any("\0" in value for value in values):  # at which PostgreSQL fails
            raise IncorrectLookupParameters
        found = super().get_filters(request)
        if untaken := found[2]:
            raise DisallowedModelAdminLookup(f"No filter asks for {', '.join(untaken)}")
        return found


class FormCompletion(AutocompleteJsonView):
    """Completes what is typed in a form of the admin; Django's own takes any relation of any model."""

    def process_request(self, request):
        found = super().process_request(request)
        field = found[2]
        pages = self.admin_site._registry.values()
        forms = [form for page in pages for form in (page, *page.inlines) if form.model is field.model]
        if not any(field.name in form.autocomplete_fields for form in forms):
            raise PermissionDenied
        return found


class CheckedAdmin:
    """Mixed into every ModelAdmin by the site."""

    def get_changelist(self, request, **kwargs):
        return FilteredChangeList

    def get_search_results(self, request, queryset, search_term):
        words = search_term.replace("\0", " ").split()
        return super().get_search_results(request, queryset, " ".join(words[:MOST_WORDS]))

    def get_changeform_initial_data(self, request):
        """Of what stands in the address only the field that a link of ours fills in: others' links fill in no form."""
        initial = super().get_changeform_initial_data(request)
        filled = getattr(self, "filled_by_link", "")
        return {name: value for name, value in initial.items() if name not in request.GET or name == filled}

    def get_view_on_site_url(self, obj=None):
        """The thing's own address; Django's goes over a page that would tell anybody the address of anything."""
        if self.view_on_site is True and hasattr(obj, "get_absolute_url"):
            return obj.get_absolute_url()
        return super().get_view_on_site_url(obj) if callable(self.view_on_site) else None

    def to_field_allowed(self, request, to_field):
        """Django itself trips over the name of a relation from another model."""
        try:
            is_column = self.opts.get_field(to_field).concrete
        except FieldDoesNotExist:
            return False
        return is_column and super().to_field_allowed(request, to_field)

    def response_action(self, request, queryset):
        """Django itself trips over a key that is none."""
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.clean(key, None)
        except ValidationError as error:
            raise BadRequest from error
        return super().response_action(request, queryset)
