from django.contrib import admin

from proposals.admin.register import RegisterAdmin
from proposals.models import Region


@admin.register(Region)
class RegionAdmin(RegisterAdmin):
    list_display = ["name", "kind", "county_code", "proposal_count"]
    list_filter = ["kind"]
    prepopulated_fields = {"slug": ["name"]}
