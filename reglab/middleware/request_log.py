"""One log line for each request and each exception, without personal data or anything that somebody typed.

A path may hold the key of an edit link, and an exception's message may quote a form: so a line has the route and not
the path, and the places in the code and not the message.
"""

import logging
import re
import secrets
import time
import traceback
from pathlib import Path

from django.conf import settings

ROOT = f"{Path(__file__).resolve().parents[2]}/"
OURS = (f"{ROOT}proposals/", f"{ROOT}reglab/")
PREFIX = re.compile(rf".*/site-packages/|.*/python3\.[0-9]+/|{re.escape(ROOT)}")
MAX_PLACES = 8  # a recursion has thousands
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # any other may be any text
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{6,64}")

logger = logging.getLogger(__name__)


class RequestLogMiddleware:
    """Outermost middleware: gives each request an id and logs it. Never raises, because nothing would catch that."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        begun = time.perf_counter()
        request.id = _id(request)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.id
        logger.log(
            logging.ERROR if response.status_code >= 500 else logging.INFO,
            "%s %s %s %d %.0f ms %s bytes%s",
            request.id,
            request.method if request.method in METHODS else "-",
            _route(request),
            response.status_code,
            (time.perf_counter() - begun) * 1000,
            _size(response),
            getattr(request, "fault", ""),
        )
        return response


def note_fault(request, exception):
    request.fault = f"{getattr(request, 'fault', '')} {trace(exception)}"


def trace(exception):
    """The types of an exception and its causes, and its places in the code, without any message."""
    return " ".join([" < ".join(map(_kind, chain(exception))), *_places(exception)])


def chain(exception):
    while exception:
        yield exception
        exception = exception.__cause__ or exception.__context__


def _kind(exception):
    code = getattr(exception, "sqlite_errorname", None) or getattr(exception, "sqlstate", None)
    return type(exception).__name__ + (f" ({code})" if code else "")


def _places(exception):
    """file:line of the frames in our code, outermost first, and of the frame that raised."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(exception.__traceback__)]
    passed = [frame for frame in frames[:-1] if frame[0].startswith(OURS)]
    return [f"{PREFIX.sub('', file)}:{line}" for file, line in [*passed, *frames[-1:]][-MAX_PLACES:]]


class Line(logging.Formatter):
    """Formats our own records as one line; of a library's, whose text may quote anything, only name and place."""

    def format(self, record):
        if record.name.startswith(("proposals.", "reglab.")):
            text = " ".join(record.getMessage().split())
        else:
            text = f"{record.name} at {record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1]:
            text += f" {trace(record.exc_info[1])}"
        return f"{self.formatTime(record)} {record.levelname} {text}"


def _id(request):
    """The proxy's X-Request-ID, so that both logs can be read together, or a new one."""
    if settings.BEHIND_PROXY and WELL_FORMED.fullmatch(given := request.META.get("HTTP_X_REQUEST_ID", "")):
        return given
    return secrets.token_hex(4).upper()


def _route(request):
    """The pattern of the URL. A cached page, for which none is resolved, brings its own."""
    if match := request.resolver_match:
        return f"/{match.route}"
    if (route := getattr(request, "cached_route", None)) is not None:
        return f"/{route}"
    return settings.STATIC_URL if request.path_info.startswith(settings.STATIC_URL) else "-"


def _size(response):
    return response.headers.get("Content-Length") or (0 if response.streaming else len(response.content))
