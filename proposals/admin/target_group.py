from django.contrib import admin

from proposals.admin.related import RelatedToProposalsAdmin
from proposals.models import TargetGroup


@admin.register(TargetGroup)
class TargetGroupAdmin(RelatedToProposalsAdmin):
    list_display = ["name", "proposal_count"]
    prepopulated_fields = {"slug": ["name"]}
