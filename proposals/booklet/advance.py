"""Rendering the booklet of a meeting before anybody asks for it, in one thread of the process."""

import logging
from functools import partial
from threading import Lock, Thread

from django.conf import settings
from django.db import connections, transaction
from django.http import QueryDict

from proposals.booklet.build import build_booklet
from proposals.booklet.formats import FORMATS
from proposals.booklet.render_jobs import TIME_LIMIT, RenderJob
from proposals.models import Proposal
from proposals.public.filters import ProposalFilter

logger = logging.getLogger(__name__)

_pending = {}  # {key: Meeting} to be rendered
_lock = Lock()
_threads = []


def render_in_advance(meeting):
    """Begin to render the whole published booklet when the transaction is committed."""
    if settings.RENDER_BOOKLETS_IN_ADVANCE:
        transaction.on_commit(partial(_enqueue, meeting), robust=True)


def _enqueue(meeting):
    with _lock:
        _pending[meeting.pk] = meeting
        if not _threads:
            _threads.append(Thread(target=_run, daemon=True))
            _threads[0].start()


def _run():
    while meeting := _next():
        try:
            _render(meeting)
        except Exception as error:  # the booklet is rendered when somebody asks for it
            logger.error("A booklet wasn't rendered in advance", exc_info=error)
        finally:
            connections.close_all()


def _next():
    with _lock:
        if _pending:
            return _pending.popitem()[1]
        _threads.clear()
        return None


def _render(meeting):
    # As the view does for the plain address, so that it is the same booklet
    found = ProposalFilter(QueryDict(f"mote={meeting.date.isoformat()}"), Proposal.objects.published())
    booklet = build_booklet(meeting, found.qs, found.in_words, f"/{found.address()}")
    for kind in FORMATS.values():
        if not kind.is_quick:
            RenderJob(booklet, kind).wait(TIME_LIMIT)
