"""What happened last to a meeting's proposals, read from their history."""

from dataclasses import dataclass
from datetime import datetime

from proposals.models import Change, Proposal
from proposals.models.proposal_history import BY_SUBMITTER

MAX_EVENTS = 8
SAID = {
    Change.DRAFTED: "sparade ett utkast till",
    Change.SUBMITTED: "skickade in",
    Change.REVISED: "ändrade",
    Change.REGISTERED: "lade in",
    Change.EDITED: "ändrade",
    Change.RETURNED: "skickade tillbaka",
    Change.TAKEN_BACK: "avslutade kompletteringen av",
    Change.PUBLISHED: "publicerade",
    Change.WITHDRAWN: "återtog",
    Change.RESTORED: "ångrade återtagandet av",
    Change.MOVED: "flyttade",
    Change.RENUMBERED: "numrerade om",
    Change.REVERTED: "återställde",
    Change.IMPORTED: "läste in",
    Change.OPENED: "öppnade utkastet",
    Change.TAKEN_IN: "tog in",
    Change.MERGED: "slog ihop",
    Change.UNMERGED: "ångrade sammanslagningen av",
}


@dataclass(frozen=True)
class Event:
    time: datetime
    who: str
    verb: str
    title: str
    proposal: int  # primary key


def latest_events(meeting):
    """Return Events, the latest first. Deleted proposals are left out: there is no page to lead to."""
    rows = Proposal.history.filter(meeting=meeting, id__in=meeting.proposals.order_by().values("pk"))
    return [_event(row) for row in rows.select_related("history_user").order_by("-history_date", "-pk")[:MAX_EVENTS]]


def _event(row):
    reason = row.history_change_reason
    sender = row.region_name or "Förslagsställaren"
    who = sender if reason in BY_SUBMITTER else row.by_name or "Någon"
    return Event(row.history_date, who, SAID.get(reason, "ändrade"), row.title or "Utan rubrik", row.id)
