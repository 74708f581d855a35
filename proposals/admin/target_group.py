from django.contrib import admin

from proposals.admin.register import RegisterAdmin
from proposals.models import TargetGroup


@admin.register(TargetGroup)
class TargetGroupAdmin(RegisterAdmin):
    list_display = ["name", "proposal_count"]
    prepopulated_fields = {"slug": ["name"]}
