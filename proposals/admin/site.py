"""The admin's site. Not in the admin's own package, whose modules register themselves with it as they are imported."""

from django.conf import settings
from django.contrib.admin import AdminSite

from proposals.admin.desk import Desk
from proposals.booklet.formats import FORMATS
from proposals.models import Mail, Meeting

MOST_MEETINGS = 6
WORKING_COPIES = ["pdf", "docx", "xlsx"]


class DeskSite(AdminSite):
    """The admin with the secretariat's desk as its front page."""

    site_header = site_title = f"{settings.ORGANISATION} – kansliet"
    enable_nav_sidebar = False  # the lists need the width
    index_title = "Skrivbordet"
    index_template = "admin/desk.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")  # one at a time, on a page that says what goes with it

    def index(self, request, extra_context=None):
        """What waits at the current meeting, or at the one that `mote` names by its date."""
        context = {}
        if request.user.has_perm("proposals.view_proposal"):
            meetings = list(Meeting.objects.order_by("-date"))
            wanted = request.GET.get("mote")
            meeting = next((one for one in meetings if one.date.isoformat() == wanted), None)
            meeting = meeting or Meeting.objects.current_of(meetings)
            context = {
                "desk": Desk(meeting) if meeting else None,
                "meetings": meetings[:MOST_MEETINGS],
                "booklets": [(ending, FORMATS[ending].name) for ending in WORKING_COPIES],
            }
        if request.user.has_perm("proposals.view_mail"):
            context["unsent"] = list(Mail.objects.unsent().defer("body"))
        return super().index(request, {**context, **(extra_context or {})})
