"""One line in the log for each request and each fault, with nothing in it that anybody typed or that names a person.

An address may hold the key of an edit link, the message of an exception what somebody has written: so the line tells
the route and not the path, and where in the code a fault was raised and not what it says.
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
ABOVE = re.compile(rf".*/site-packages/|.*/python3\.[0-9]+/|{re.escape(ROOT)}")
MOST_PLACES = 8  # of an exception that came a long way, such as one that went round in circles
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # any other is a stranger's own words
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{6,64}")

logger = logging.getLogger(__name__)


class RequestLog:
    """The middleware that gives each request an id, for people to mention and to look up, and writes its line.

    Outermost, so that it sees every answer. It never raises, because nothing would catch that.
    """

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
    """Have the request's line tell of what went wrong."""
    request.fault = f"{getattr(request, 'fault', '')} {trace(exception)}"


def trace(exception):
    """What kind of exception, out of which others, and the places that it came by: nothing of what they say."""
    return " ".join([" < ".join(map(_kind, chain(exception))), *_places(exception)])


def chain(exception):
    """The exception, the one that it came out of, and so on."""
    while exception:
        yield exception
        exception = exception.__cause__ or exception.__context__


def _kind(exception):
    """The type, with a database's own name for what went wrong."""
    code = getattr(exception, "sqlite_errorname", None) or getattr(exception, "sqlstate", None)
    return type(exception).__name__ + (f" ({code})" if code else "")


def _places(exception):
    """Those in our code as file:line, outermost first, and at last where it was raised."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(exception.__traceback__)]
    passed = [place for place in frames[:-1] if place[0].startswith(OURS)]
    return [f"{ABOVE.sub('', file)}:{line}" for file, line in [*passed, *frames[-1:]][-MOST_PLACES:]]


class Line(logging.Formatter):
    """Formats what we log ourselves as one line; of what a library logs only the name and the fault.

    A library's text may quote an address or what was posted.
    """

    def format(self, record):
        if record.name.startswith(("proposals.", "reglab.")):
            text = " ".join(record.getMessage().split())
        else:
            text = f"{record.name} at {record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1]:
            text += f" {trace(record.exc_info[1])}"
        return f"{self.formatTime(record)} {record.levelname} {text}"


def _id(request):
    """The proxy's own, when there is a proxy, so that its log and ours can be read together."""
    if settings.BEHIND_PROXY and WELL_FORMED.fullmatch(given := request.META.get("HTTP_X_REQUEST_ID", "")):
        return given
    return secrets.token_hex(4).upper()


def _route(request):
    """The pattern of the address; a cached page, for which none is looked up, knows its own."""
    if match := request.resolver_match:
        return f"/{match.route}"
    if (route := getattr(request, "cached_route", None)) is not None:
        return f"/{route}"
    return settings.STATIC_URL if request.path_info.startswith(settings.STATIC_URL) else "-"


def _size(response):
    return response.headers.get("Content-Length") or (0 if response.streaming else len(response.content))
