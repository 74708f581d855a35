"""Render the booklet of a meeting before it is requested."""

from threading import Thread

from django.conf import settings
from django.db import connections, transaction

from proposals.booklet.build import build_booklet
from proposals.booklet.formats import FORMATS
from proposals.booklet.render_jobs import TIME_LIMIT, RenderFailed, RenderJob
from proposals.models import Proposal


def render_in_advance(meeting):
    """Render the published booklet in a background thread once the transaction commits."""
    if settings.RENDER_BOOKLETS_IN_ADVANCE:
        transaction.on_commit(Thread(target=_render, args=[meeting], daemon=True).start)


def _render(meeting):
    try:
        booklet = build_booklet(meeting, Proposal.objects.published().filter(meeting=meeting))
        for kind in FORMATS.values():
            if not kind.is_quick:
                RenderJob(booklet, kind).wait(TIME_LIMIT)
    except RenderFailed:
        pass  # already logged
    finally:
        connections.close_all()
