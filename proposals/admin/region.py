from django.contrib import admin

from proposals.admin.related import RelatedToProposalsAdmin
from proposals.models import Proposal, Region


@admin.register(Region)
class RegionAdmin(RelatedToProposalsAdmin):
    list_display = ["name", "kind", "county_code", "proposal_count"]
    list_filter = ["kind"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request, obj, form, change):
        """Update the search index, which contains the names of regions."""
        super().save_model(request, obj, form, change)
        Proposal.objects.filter(region=obj).index()
