from django.contrib import admin

from proposals import workflow
from proposals.admin.register import RegisterAdmin
from proposals.models import Meeting


@admin.register(Meeting)
class MeetingAdmin(RegisterAdmin):
    list_display = ["title", "date", "submissions_open_at", "submissions_close_at", "proposal_count"]
    list_display_links = ["title", "date"]

    def save_model(self, request, obj, form, change):
        """A new date is a step: the addresses of the meeting's proposals change with it."""
        if change and "date" in form.changed_data:
            date = obj.date
            obj.date = form.initial["date"]
            obj.last_number = workflow.reschedule(obj, date).last_number
            obj.date = date
        super().save_model(request, obj, form, change)
