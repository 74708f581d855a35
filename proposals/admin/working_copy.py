"""Download the booklet of a meeting before publication."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from proposals.admin.pages import may_see_addresses
from proposals.booklet.build import build_booklet
from proposals.booklet.formats import FORMATS
from proposals.booklet.render_jobs import RenderJob
from proposals.booklet.views import booklet_response
from proposals.models import Meeting


@permission_required("proposals.view_proposal", raise_exception=True)
@require_safe
def working_copy(request, key, ending):
    if ending not in FORMATS:
        raise Http404
    meeting = get_object_or_404(Meeting, pk=key)
    booklet = build_booklet(meeting, meeting.proposals.sent_in(), is_working_copy=True)
    if not may_see_addresses(request.user):
        booklet = booklet.without_addresses()
    job = RenderJob(booklet, FORMATS[ending])
    return booklet_response(request, job, f"arbetsexemplar-{meeting.date}", meeting)
