from django.contrib import admin

from proposals.admin.history import HistoryAdmin
from proposals.admin.register import RegisterAdmin
from proposals.models import Contact, Proposal


@admin.register(Contact)
class ContactAdmin(HistoryAdmin, RegisterAdmin):
    list_display = ["name", "title", "email", "phone", "proposal_count"]
    search_fields = ["name"]
    search_help_text = "Sök på namn, titel eller e-post."

    def save_model(self, request, obj, form, change):
        """The proposals that name a person are found by that person's name."""
        super().save_model(request, obj, form, change)
        Proposal.objects.filter(contacts=obj).index()

    def get_search_results(self, request, queryset, search_term):
        """Also what the contact rows of a proposal complete from."""
        return queryset.search(search_term), False
