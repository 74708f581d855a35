"""The menu of the desk: the meeting that one works with, where one can go, and what waits."""

from dataclasses import dataclass

from django.db.models import Count, Q, Subquery, Value
from django.http import Http404
from django.urls import reverse

from proposals.models import Mail, Meeting, Status

MAX_MEETINGS = 6
CHOSEN = "meeting"  # in the session: the date of the meeting that the user has chosen

# (name of the page, its name in the menu, the permission that it needs)
REGISTERS = [
    ("proposals_meeting_intake", "Läs in dokument", "proposals.change_proposal"),
    ("proposals_meeting_changelist", "Medlemsmöten", "proposals.view_meeting"),
    ("proposals_contact_changelist", "Kontaktpersoner", "proposals.view_contact"),
    ("proposals_region_changelist", "Regioner och myndigheter", "proposals.view_region"),
    ("proposals_targetgroup_changelist", "Målgrupper", "proposals.view_targetgroup"),
    ("proposals_synonym_changelist", "Synonymer", "proposals.view_synonym"),
    ("proposals_latelink_changelist", "Sena länkar", "proposals.view_latelink"),
    ("auth_user_changelist", "Konton", "auth.view_user"),
]
TASKS = ["index", "proposals_proposal_changelist", "proposals_meeting_order", "proposals_mail_changelist"]
# Pages that belong to another one in the menu
BELONGS_TO = {
    "proposals_meeting_publish": "proposals_meeting_order",
    "proposals_meeting_renumber": "proposals_meeting_order",
    "proposals_meeting_reminder": "index",
    "proposals_meeting_intake_preview": "proposals_meeting_intake",
    "proposals_meeting_intake_entry": "proposals_meeting_intake",
    "proposals_missedquery_changelist": "proposals_synonym_changelist",
}


@dataclass(frozen=True)
class MenuItem:
    name: str
    url: str
    is_current: bool
    wide: str = ""  # the end of the name, left out in a narrow window
    count: int = 0
    failed: int = 0


class Menu:
    def __init__(self, request):
        self.user = request.user
        self.page = _menu_page(request.resolver_match)
        self.meetings = list(Meeting.objects.annotate(count=_sent_in(), failed_mails=_failed_mails()).order_by("-date"))
        self.meeting = _chosen(request, self.meetings)

    @property
    def failed_mails(self):
        """How many, of all meetings; without any meeting nobody has been written to."""
        return self.meetings[0].failed_mails if self.meetings and self.user.has_perm("proposals.view_mail") else 0

    @property
    def others(self):
        return [meeting for meeting in self.meetings if meeting != self.meeting][:MAX_MEETINGS]

    @property
    def tasks(self):
        yield self._item("index", "Skrivbord", wide="et")
        if self.user.has_perm("proposals.view_proposal"):
            count = self.meeting.count if self.meeting else 0
            yield self._item("proposals_proposal_changelist", "Förslag", wide="en", count=count)
        if self.meeting and self.user.has_perm("proposals.change_proposal"):
            yield self._item("proposals_meeting_order", "Ordna", wide=" och publicera", args=[self.meeting.pk])
        if self.user.has_perm("proposals.view_mail"):
            yield self._item("proposals_mail_changelist", "Mejl", failed=self.failed_mails)

    @property
    def registers(self):
        return [self._item(page, name) for page, name, permission in REGISTERS if self.user.has_perm(permission)]

    def _item(self, page, name, args=(), **details):
        return MenuItem(name, reverse(f"admin:{page}", args=args), page == self.page, **details)


def menu_of(request):
    """Return the Menu of the request, made once. `?mote=<date>` chooses the meeting, and the session remembers it."""
    if not hasattr(request, "_menu"):
        request._menu = Menu(request)
    return request._menu


def meeting_of(request, key):
    """Return the meeting with the primary key, which the menu is about from now on, or raise Http404."""
    menu = menu_of(request)
    meeting = next((meeting for meeting in menu.meetings if meeting.pk == key), None)
    if meeting is None:
        raise Http404
    menu.meeting = meeting
    return meeting


def _menu_page(match):
    """Return the name of the page in the menu that the page of `match` belongs to, or ""."""
    name = match.url_name if match else ""
    name = BELONGS_TO.get(name, name)
    if name in TASKS or name in [page for page, *_ in REGISTERS]:
        return name
    return "_".join(name.split("_")[:2]) + "_changelist"


def _chosen(request, meetings):
    by_date = {meeting.date.isoformat(): meeting for meeting in meetings}
    asked = request.GET.get("mote")
    if asked in by_date and request.session.get(CHOSEN) != asked:
        request.session[CHOSEN] = asked
    return by_date.get(request.session.get(CHOSEN)) or Meeting.objects.current_of(meetings)


def _sent_in():
    return Count("proposals", filter=Q(proposals__status__in=Status.sent_in()))


def _failed_mails():
    """The same number beside each meeting, so that the menu takes one query."""
    all_unsent = Mail.objects.unsent().order_by().annotate(all=Value(1)).values("all")
    return Subquery(all_unsent.annotate(number=Count("pk")).values("number"))
