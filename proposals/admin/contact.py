from django.contrib import admin

from proposals.admin.history import HistoryAdmin
from proposals.admin.related import RelatedToProposalsAdmin
from proposals.models import Contact, Proposal
from proposals.text_input.form_fields import PhoneInput


@admin.register(Contact)
class ContactAdmin(HistoryAdmin, RelatedToProposalsAdmin):
    list_display = ["name", "title", "email", "phone", "proposal_count"]
    search_fields = ["name"]
    search_help_text = "Sök på namn, titel eller e-post."

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
        return queryset.search(search_term), False
