"""Handlers of errors. They use neither database nor account nor session, and never fail themselves."""

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

RETRY_AFTER = 60  # seconds
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def bad_request(request, exception):
    """400, or 413 for a body that is too large."""
    if _is_temporary(exception):  # Django reports a session that couldn't be saved as a bad request
        return _failure_page(request, exception)
    note_fault(request, exception)
    return _page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request, exception):
    return _page(request, 403)


def stale_form(request):
    return _page(request, 403, "errors/403_csrf.html", **_submitted(request))


def not_found(request, exception):
    """Unlike Django's own it never reads the body, which nothing has checked."""
    return _page(request, 404)


def failure(request):
    """500, 503 when it is temporary, or 429 when the client sends too much."""
    fault = sys.exception()
    if isinstance(fault, TooManyRequests):
        return _retry_page(request, 429, fault.retry_after, is_often=fault.retry_after > RETRY_AFTER)
    return _failure_page(request, fault)


def _failure_page(request, fault):
    note_fault(request, fault)
    if not _is_temporary(fault):
        return _page(request, 500, **_submitted(request))
    return _retry_page(request, 503, RETRY_AFTER)


def _is_temporary(fault):
    """Whether the cause is a database that doesn't answer or is locked for too long, or a full disk."""
    return any(
        isinstance(one, OperationalError | InterfaceError) or getattr(one, "errno", None) in DISK_FULL
        for one in chain(fault)
    )


def _retry_page(request, status, seconds, **context):
    page = _page(request, status, **context, **_submitted(request))
    page.headers["Retry-After"] = str(seconds)
    return page


def _submitted(request):
    if request.method != "POST":
        return {}
    if getattr(request, "is_unread", False):
        return {"is_unread": True}
    try:
        return {
            "submitted_fields": submitted_fields(request),
            "has_secrets": any(is_secret(name) for name in request.POST if name != "csrfmiddlewaretoken"),
            "has_files": bool(request.FILES),
            # Only after the CSRF check: else another site's form would get a valid token
            "csrf_token": get_token(request) if getattr(request, "csrf_processing_done", False) else "",
        }
    except Exception:  # the body can't be read
        return {}


def _page(request, status, template="", **context):
    context |= {
        "organisation": settings.ORGANISATION,
        "reference": request.id,
        "secretariat_email": settings.SECRETARIAT_EMAIL,
    }
    try:
        response = HttpResponse(render_to_string(template or f"errors/{status}.html", context), status=status)
    except Exception as fault:
        note_fault(request, fault)
        text = f"Något gick fel hos oss. Ange {request.id} om du skriver till {settings.SECRETARIAT_EMAIL}."
        response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    # With no-store the browser would forget what was typed in the form that people go back to
    response.headers["Cache-Control"] = "private, no-cache"
    return response
