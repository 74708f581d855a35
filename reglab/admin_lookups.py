"""What the lists of the admin accept and how they sort, for every model, also those that a library registers."""

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, FieldDoesNotExist, ValidationError
from django.db.models import CharField
from django.utils.text import capfirst

from proposals.models.collation import Alphabetical

MAX_WORDS = MAX_VALUES = 50  # SQLite refuses queries with many more


class FilteredChangeList(ChangeList):
    """Accepts only the list's own filters.

    Django accepts a lookup of any column: the number of rows would tell what a secret begins with, and a regular
    expression can take any time.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = capfirst(self.opts.verbose_name_plural)

    def get_filters(self, request):
        values = [value for values in self.get_filters_params().values() for value in values]
        if len(values) > MAX_VALUES or any("\0" in value for value in values):  # PostgreSQL fails at NUL
            raise IncorrectLookupParameters
        result = super().get_filters(request)
        if unused := result[2]:
            raise DisallowedModelAdminLookup(f"No filter asks for {', '.join(unused)}")
        return result

    def get_ordering_field(self, field_name):
        """Text in Swedish alphabetical order, the same on every database."""
        name = super().get_ordering_field(field_name)
        column = {field.name: field for field in self.lookup_opts.concrete_fields}.get(name)
        is_text = isinstance(column, CharField) and not column.choices
        return Alphabetical(name) if is_text else name


class CheckedAdmin:
    """Mixed into every ModelAdmin by GuardedSite.register()."""

    def get_changelist(self, request, **kwargs):
        return FilteredChangeList

    def get_search_results(self, request, queryset, search_term):
        words = search_term.replace("\0", " ").split()
        return super().get_search_results(request, queryset, " ".join(words[:MAX_WORDS]))

    def get_changeform_initial_data(self, request):
        """Only the field that a link of ours fills in, so that nobody else's link can prefill a form."""
        initial = super().get_changeform_initial_data(request)
        filled = getattr(self, "filled_by_link", "")
        return {name: value for name, value in initial.items() if name not in request.GET or name == filled}

    def get_view_on_site_url(self, obj=None):
        """The object's own address; Django's redirects through a page that reveals the address of any object."""
        if self.view_on_site is True and hasattr(obj, "get_absolute_url"):
            return obj.get_absolute_url()
        return super().get_view_on_site_url(obj) if callable(self.view_on_site) else None

    def to_field_allowed(self, request, to_field):
        """Django's own fails at the name of a relation from another model."""
        try:
            is_column = self.opts.get_field(to_field).concrete
        except FieldDoesNotExist:
            return False
        return is_column and super().to_field_allowed(request, to_field)

    def response_action(self, request, queryset):
        """Django's own fails at a primary key that isn't valid."""
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.clean(key, None)
        except ValidationError as error:
            raise BadRequest from error
        return super().response_action(request, queryset)
