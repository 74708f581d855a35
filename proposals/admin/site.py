"""The AdminSite of the secretariat."""

from django.conf import settings
from django.contrib.admin import AdminSite

from proposals.admin.desk import Desk
from proposals.booklet.formats import FORMATS
from proposals.models import Mail, Meeting

MAX_MEETINGS = 6
WORKING_COPIES = ["pdf", "docx", "xlsx"]


class DeskSite(AdminSite):
    site_header = site_title = f"{settings.ORGANISATION} – kansliet"
    enable_nav_sidebar = False  # leaves more width for changelists
    index_title = "Skrivbordet"
    index_template = "admin/desk.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")  # objects are deleted one by one

    def index(self, request, extra_context=None):
        context = {}
        if request.user.has_perm("proposals.view_proposal"):
            meetings = list(Meeting.objects.order_by("-date"))
            date = request.GET.get("mote")
            meeting = next((meeting for meeting in meetings if meeting.date.isoformat() == date), None)
            meeting = meeting or Meeting.objects.current_of(meetings)
            context = {
                "desk": Desk(meeting) if meeting else None,
                "meetings": meetings[:MAX_MEETINGS],
                "booklets": [(ending, FORMATS[ending].name) for ending in WORKING_COPIES],
            }
        if request.user.has_perm("proposals.view_mail"):
            context["unsent"] = list(Mail.objects.unsent().defer("body"))
        return super().index(request, {**context, **(extra_context or {})})
