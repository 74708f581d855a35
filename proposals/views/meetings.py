"""The meetings: all of them, one, and its figures."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from proposals.models import Meeting, Proposal
from proposals.stats import MeetingStats


@require_safe
def meeting_list(request):
    """Meetings to come and those that have something to read."""
    meetings = Meeting.objects.to_show(Proposal.objects.published())
    return render(request, "proposals/meeting_list.html", {"section": "meetings", "meetings": meetings})


@require_safe
def meeting_detail(request, date):
    published = Proposal.objects.published()
    meeting = get_object_or_404(Meeting.objects.to_show(published), date=date)
    proposals = published.filter(meeting=meeting).order_by("number").with_sender_and_meeting()
    context = {"section": "meetings", "meeting": meeting, "proposals": proposals}
    return render(request, "proposals/meeting_detail.html", context)


@require_safe
def meeting_statistics(request, date):
    published = Proposal.objects.published()
    meeting = get_object_or_404(Meeting.objects.to_show(published).filter(count__gt=0), date=date)
    stats = MeetingStats(published.filter(meeting=meeting).with_sender_and_meeting())
    context = {"section": "meetings", "meeting": meeting, "stats": stats}
    return render(request, "proposals/meeting_statistics.html", context)
