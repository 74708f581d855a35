"""All meetings, one meeting, and its figures."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from proposals.models import Meeting, Proposal
from proposals.page_cache.decorators import cached_page, full_minute
from proposals.public.sentences import no_proposals_from
from proposals.public.stats import MeetingStats


@require_safe
@cached_page(until=full_minute)
def meeting_list(request):
    meetings = Meeting.objects.to_show(Proposal.objects.published())
    return render(request, "public/meeting_list.html", {"section": "meetings", "meetings": meetings})


@require_safe
@cached_page(until=full_minute)
def meeting_detail(request, date):
    published = Proposal.objects.published()
    meetings = Meeting.objects.to_show(published)
    meeting = meetings.filter(date=date).first()
    if meeting is None:
        return redirect("meeting_detail", get_object_or_404(meetings, former_dates__date=date).date)
    proposals = published.filter(meeting=meeting).order_by("number").with_sender_and_meeting()
    context = {
        "section": "meetings",
        "meeting": meeting,
        "proposals": proposals,
        "takes_proposals": meeting == Meeting.objects.receiving(),
    }
    return render(request, "public/meeting_detail.html", context)


@require_safe
@cached_page(until=full_minute)
def meeting_statistics(request, date):
    published = Proposal.objects.published()
    meetings = Meeting.objects.to_show(published).filter(count__gt=0)
    meeting = meetings.filter(date=date).first()
    if meeting is None:
        return redirect("meeting_statistics", get_object_or_404(meetings, former_dates__date=date).date)
    stats = MeetingStats(published.filter(meeting=meeting))
    context = {
        "section": "meetings",
        "meeting": meeting,
        "stats": stats,
        "silent_regions": no_proposals_from(stats.regions_without_proposals),
    }
    return render(request, "public/meeting_statistics.html", context)
