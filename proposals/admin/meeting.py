from django.contrib import admin

from proposals.admin.register import RegisterAdmin
from proposals.models import Meeting


@admin.register(Meeting)
class MeetingAdmin(RegisterAdmin):
    list_display = ["title", "date", "submissions_open_at", "submissions_close_at", "proposal_count"]
    list_display_links = ["title", "date"]

    def get_readonly_fields(self, request, obj=None):
        """The date stands in the addresses of its published proposals, and those are printed and mailed."""
        return ["date"] if obj and obj.proposals.exclude(number=None).exists() else []
