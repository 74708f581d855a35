"""The booklet of a meeting, as a file."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from proposals.booklet.build import build_booklet
from proposals.booklet.delivery import deliver
from proposals.booklet.formats import FORMATS
from proposals.booklet.render_jobs import Order
from proposals.models import Meeting, Proposal
from proposals.public.filters import ProposalFilter
from proposals.throttle import take_slot

SELECTIONS_AN_HOUR = 60  # new ones, from one address: each costs a second of work
HOUR = 3600


@require_safe
def meeting_booklet(request, date, ending):
    """The published proposals, narrowed by the filters of the list."""
    published = Proposal.objects.published()
    meetings = Meeting.objects.to_show(published).filter(count__gt=0)
    meeting = meetings.filter(date=date).first()
    if meeting is None:
        moved = get_object_or_404(meetings, former_dates__date=date)
        return redirect("meeting_booklet", moved.date, ending)
    found = ProposalFilter(_at_meeting(request.GET, meeting), published)
    booklet = build_booklet(meeting, found.qs, found.in_words, f"/{found.address()}")
    order = Order(booklet, FORMATS[ending])
    if found.is_narrowed and not order.is_begun and not take_slot(request, "booklet", SELECTIONS_AN_HOUR, HOUR):
        return render(request, "booklet/meeting_booklet_limit.html", {"meeting": meeting}, status=429)
    return deliver(request, order, f"forslag-{date}{'-urval' if found.is_narrowed else ''}", meeting)


def _at_meeting(parameters, meeting):
    """The parameters of the list that narrow it; the booklet is always of one meeting, by number."""
    narrowing = parameters.copy()
    narrowing["mote"] = meeting.date.isoformat()
    narrowing.pop("sortera", None)
    return narrowing
