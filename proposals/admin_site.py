"""The admin's site. Not in the admin's own package, whose modules register themselves with it as they are imported."""

from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import BadRequest
from django.views.decorators.http import require_http_methods

from proposals.desk import Desk
from proposals.exports import FORMATS
from proposals.models import Mail, Meeting

MOST_MEETINGS = 6
WORKING_COPIES = ["pdf", "docx", "xlsx"]


class DeskSite(AdminSite):
    """The admin with the secretariat's desk as its front page."""

    site_header = site_title = "Reglab – kansliet"
    enable_nav_sidebar = False  # the lists need the width
    index_title = "Skrivbordet"
    index_template = "admin/desk.html"

    def admin_view(self, view, cacheable=False):
        """Every page of the admin is for reading or posting; Django itself would take a PUT or DELETE for reading."""

        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def checked(request, *args, **kwargs):
            # The one parameter of Django's own that it trips over when it is there and empty
            if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
                raise BadRequest
            return view(request, *args, **kwargs)

        return super().admin_view(checked, cacheable)

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
