"""Serve the booklet of a meeting as a file, or a page to wait for it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import (
    add_never_cache_headers,
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from proposals.booklet.build import build_booklet
from proposals.booklet.formats import FORMATS
from proposals.booklet.render_jobs import RenderFailed, RenderJob
from proposals.models import Meeting, Proposal
from proposals.public.filters import ProposalFilter
from proposals.throttle import take_slot

OF_ONE_PROPOSAL = ("pdf", "docx")
SELECTIONS_PER_HOUR = 60  # not yet rendered, per client
# Seconds to wait before the response
BROWSER_TIMEOUT, PROGRAM_TIMEOUT = 2, 60


@require_safe
def meeting_booklet(request, date, ending):
    published = Proposal.objects.published()
    meetings = Meeting.objects.to_show(published).filter(count__gt=0)
    meeting = meetings.filter(date=date).first()
    if meeting is None:
        moved = get_object_or_404(meetings, former_dates__date=date)
        return redirect("meeting_booklet", moved.date, ending)
    proposal_filter = ProposalFilter(_at_meeting(request.GET, meeting), published)
    job = RenderJob(
        build_booklet(meeting, proposal_filter.qs, proposal_filter.in_words, f"/{proposal_filter.address()}"),
        FORMATS[ending],
    )
    is_new_selection = proposal_filter.is_narrowed and not job.is_started
    if is_new_selection and not take_slot(request, "booklet", limit=SELECTIONS_PER_HOUR, seconds=3600):
        return render(request, "booklet/meeting_booklet_limit.html", {"meeting": meeting}, status=429)
    return booklet_response(request, job, f"forslag-{date}{'-urval' if proposal_filter.is_narrowed else ''}", meeting)


@require_safe
def proposal_booklet(request, date, number, ending):
    """One proposal as a file, to send to a colleague or to work on in Word."""
    published = Proposal.objects.published().with_sender_and_meeting()
    proposal = published.filter(meeting__date=date, number=number).first()
    if proposal is None and (moved := published.formerly_at(date, number).first()):
        return redirect("proposal_booklet", moved.meeting.date, moved.number, ending)
    if proposal is None or ending not in OF_ONE_PROPOSAL:
        raise Http404
    meeting = proposal.meeting
    booklet = build_booklet(meeting, published.filter(pk=proposal.pk), address=proposal.get_absolute_url())
    job = RenderJob(booklet, FORMATS[ending])
    if not job.is_started and not take_slot(request, "booklet", limit=SELECTIONS_PER_HOUR, seconds=3600):
        return render(request, "booklet/meeting_booklet_limit.html", {"meeting": meeting}, status=429)
    return booklet_response(request, job, f"forslag-{date}-{number}", meeting)


def _at_meeting(parameters, meeting):
    parameters = parameters.copy()
    parameters["mote"] = meeting.date.isoformat()
    parameters.pop("sortera", None)
    return parameters


def booklet_response(request, job, name, meeting):
    """Return the file of a RenderJob named `name`, or 304 if the client's copy is current.

    Browsers get a page that refreshes itself while a large file is being rendered.
    """
    etag = quote_etag(job.name)
    response = get_conditional_response(request, etag=etag) or _file_or_page(request, job, name, meeting)
    if response.status_code in (200, 304):
        response["ETag"] = etag
        visibility = "private" if job.booklet.is_working_copy else "public"
        patch_cache_control(response, no_cache=True, **{visibility: True})
    else:
        add_never_cache_headers(response)
    patch_vary_headers(response, ["Accept"])
    return response


def _file_or_page(request, job, name, meeting):
    is_browser = "text/html" in request.headers.get("Accept", "")
    context = {"section": "meetings", "meeting": meeting, "job": job, "address": request.get_full_path()}
    try:
        file = job.wait(BROWSER_TIMEOUT if is_browser else PROGRAM_TIMEOUT)
    except RenderFailed:
        return render(request, "booklet/meeting_booklet_failure.html", context, status=500)
    if file is None:
        page = render(request, "booklet/meeting_booklet_wait.html", context, status=202 if is_browser else 503)
        page["Retry-After"] = "2"
        return page
    disposition = content_disposition_header(not job.kind.is_shown, f"{name}.{job.kind.ending}")
    return HttpResponse(file, content_type=job.kind.content_type, headers={"Content-Disposition": disposition})
