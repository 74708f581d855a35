"""What people see when something goes wrong: with what they typed, and without a need for anything that may be broken.

These pages use neither the database nor the account or session, and never fail themselves.
"""

import errno
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from proposals.throttle import TooManyRequests
from reglab.errors.submitted_fields import is_secret, submitted_fields
from reglab.middleware.request_log import chain, note_fault

A_MINUTE = 60  # seconds, after which it is worth trying again
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def bad_request(request, exception):
    """400, or 413 when it was only too much."""
    if _passes(exception):  # a session that couldn't be saved looks like one that is gone
        return _answer(request, exception)
    note_fault(request, exception)
    return _page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request, exception):
    return _page(request, 403)


def stale_form(request):
    """403 for a form that has been open for too long, or that isn't ours."""
    return _page(request, 403, "errors/403_csrf.html", **_typed(request))


def not_found(request, exception):
    """Unlike Django's own it leaves alone what was posted, which nobody has looked at."""
    return _page(request, 404)


def failure(request):
    """500, 503 when it will pass, or 429 when too much comes from the same address."""
    fault = sys.exception()
    if isinstance(fault, TooManyRequests):
        return _page_for_later(request, 429, fault.retry_after, is_often=fault.retry_after > A_MINUTE)
    return _answer(request, fault)


def _answer(request, fault):
    note_fault(request, fault)
    if not _passes(fault):
        return _page(request, 500, **_typed(request))
    return _page_for_later(request, 503, A_MINUTE)


def _passes(fault):
    """Whether it comes of a database that doesn't answer or is busy for too long, or of a disk without room."""
    return any(
        isinstance(one, OperationalError | InterfaceError) or getattr(one, "errno", None) in NO_ROOM
        for one in chain(fault)
    )


def _page_for_later(request, status, seconds, **context):
    page = _page(request, status, **context, **_typed(request))
    page.headers["Retry-After"] = str(seconds)
    return page


def _typed(request):
    """What was posted, and the way to post it again."""
    if request.method != "POST":
        return {}
    if getattr(request, "is_unread", False):
        return {"is_unread": True}
    try:
        return {
            "typed": submitted_fields(request),
            "has_secrets": any(is_secret(name) for name in request.POST if name != "csrfmiddlewaretoken"),
            "has_files": bool(request.FILES),
            # Not for a form of somebody else's page: it would be a way round the check
            "csrf_token": get_token(request) if getattr(request, "csrf_processing_done", False) else "",
        }
    except Exception:  # whatever stopped it from being read
        return {}


def _page(request, status, template="", **context):
    context |= {"reference": request.id, "secretariat_email": settings.SECRETARIAT_EMAIL}
    try:
        response = HttpResponse(render_to_string(template or f"errors/{status}.html", context), status=status)
    except Exception as fault:
        note_fault(request, fault)
        text = f"Något gick fel hos oss. Ange {request.id} om du skriver till {settings.SECRETARIAT_EMAIL}."
        response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    # Not no-store: with that the browser throws away what somebody typed and comes back to
    response.headers["Cache-Control"] = "private, no-cache"
    return response
