from django.contrib import admin
from django.core.exceptions import PermissionDenied

from proposals.admin.history import HistoryAdmin
from proposals.admin.pages import may_see_addresses
from proposals.admin.related import RelatedToProposalsAdmin
from proposals.models import Contact, Proposal
from proposals.text_input.form_fields import PhoneInput


@admin.register(Contact)
class ContactAdmin(HistoryAdmin, RelatedToProposalsAdmin):
    search_fields = ["name"]
    search_help_text = "Sök på namn, titel eller e-post."

    def get_list_display(self, request):
        details = ["email", "phone"] if may_see_addresses(request.user) else []
        return ["name", "title", *details, "proposal_count"]

    def get_list_display_links(self, request, list_display):
        return ["name"] if may_see_addresses(request.user) else None

    def changeform_view(self, request, *args, **kwargs):
        self._require_addresses(request)
        return super().changeform_view(request, *args, **kwargs)

    def history_view(self, request, *args, **kwargs):
        self._require_addresses(request)
        return super().history_view(request, *args, **kwargs)

    def history_form_view(self, request, *args, **kwargs):
        self._require_addresses(request)
        return super().history_form_view(request, *args, **kwargs)

    def _require_addresses(self, request):
        """A person's own page tells nothing but what readers don't see."""
        if not may_see_addresses(request.user):
            raise PermissionDenied

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "phone":
            field.widget.input_type = PhoneInput.input_type
        return field

    def save_model(self, request, obj, form, change):
        """Update the search index, which contains the names of contacts."""
        super().save_model(request, obj, form, change)
        Proposal.objects.filter(contacts=obj).index()

    def get_search_results(self, request, queryset, search_term):
        if not may_see_addresses(request.user):
            return super().get_search_results(request, queryset, search_term)
        return queryset.search(search_term), False
