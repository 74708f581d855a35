from django.contrib import admin

from proposals.admin.member_addresses import member_addresses
from proposals.admin.pages import may_see_addresses, page_urls
from proposals.admin.related import RelatedToProposalsAdmin
from proposals.models import Proposal, Region


@admin.register(Region)
class RegionAdmin(RelatedToProposalsAdmin):
    relations = ("proposals", "co_proposals")
    list_display = ["name", "kind", "county_code", "proposal_count"]
    list_filter = ["kind"]
    prepopulated_fields = {"slug": ["name"]}

    def get_fields(self, request, obj=None):
        hidden = () if may_see_addresses(request.user) else ("member_emails",)
        return [name for name in super().get_fields(request, obj) if name not in hidden]

    def get_prepopulated_fields(self, request, obj=None):
        return self.prepopulated_fields if self.has_change_permission(request, obj) else {}

    def get_urls(self):
        return page_urls(self, {"addresses/": ("addresses", member_addresses)}) + super().get_urls()

    def save_model(self, request, obj, form, change):
        """Update the search index, which contains the names of regions."""
        super().save_model(request, obj, form, change)
        Proposal.objects.from_regions([obj.slug]).index()
