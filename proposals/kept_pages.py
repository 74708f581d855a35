"""Public pages kept whole, each until what it says changes, and handed out to everybody.

A page is kept in the memory of the process that made it, under a name with the version of the data in it
(models.data_version), so that an edit shows at once in every process and on every machine.
"""

from datetime import datetime, time
from functools import wraps
from hashlib import blake2b
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag

from proposals.kept_parts import parts_of
from proposals.models import DataVersion

MINUTE = 60  # seconds
LARGEST_ADDRESS = 2000  # characters; what is longer isn't asked for twice
# Asked for when the database may be gone, and never worth keeping
NEVER_KEPT = {"/healthz"}
HEADERS_OF_ONE_ANSWER = {"Set-Cookie", "Date"}


class KeptPage(NamedTuple):
    """A finished answer; `modified` in seconds since 1970, `is_for_all` also with a session."""

    content: bytes
    headers: dict
    etag: str
    modified: int
    is_for_all: bool


def kept(view):
    """Mark what the view answers as the same for everybody, until the data change."""
    return _marked(view, is_for_all=True)


def kept_for_strangers(view):
    """The same for a page that shows more to whoever has signed in: with a session it is made for that one alone."""
    return _marked(view, is_for_all=False)


def _marked(view, is_for_all):
    @wraps(view)
    def marked(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        is_the_same = response.status_code == 200 and (is_for_all or not _has_session(request))
        response.may_be_kept = is_the_same and getattr(response, "may_be_kept", True)
        response.is_for_all = is_for_all
        return response

    return marked


def kept_parts(request):
    """The KeptParts for the version of the data that the request found; None where that is unknown."""
    version = getattr(request, "data_version", None)
    return parts_of(version) if version else None


class KeptPages:
    """The middleware that keeps pages and hands them out; before those that know sessions and accounts."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        version = _version(request)
        if version is None:
            return self.get_response(request)
        request.data_version, changed_at = version
        key = _key(request)
        page = caches["pages"].get(key)
        if page is None or (_has_session(request) and not page.is_for_all):
            response = self.get_response(request)
            if not getattr(response, "may_be_kept", False) or response.cookies:
                return response
            page = _page(response, max(changed_at, _midnight()))
            caches["pages"].set(key, page, _seconds_left())
        response = HttpResponse(page.content, headers=page.headers)
        return get_conditional_response(request, etag=page.etag, last_modified=page.modified, response=response)


def _version(request):
    """(name, moment) of the version of the data when the request's answer may be kept; None otherwise."""
    may_be_kept = request.method in ("GET", "HEAD") and request.path_info not in NEVER_KEPT
    if not may_be_kept or len(request.get_full_path()) > LARGEST_ADDRESS:
        return None
    try:
        return DataVersion.objects.current()
    except DatabaseError:
        return None  # the view tells of it


def _has_session(request):
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _key(request):
    told = [request.data_version, request.scheme, request.get_host(), request.get_full_path(), _origin(request)]
    told.append("gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "")
    return _named("\n".join(told).encode("utf-8", "replace"))


def _named(content):
    return blake2b(content, digest_size=16).hexdigest()


def _origin(request):
    """The list of ours that the reader came from: a proposal's page leads back to it."""
    origin = request.headers.get("Referer", "")
    return origin if origin.startswith(f"{request.scheme}://{request.get_host()}/?") else ""


def _page(response, modified):
    """The KeptPage of a response, which gets the headers that caches ask for."""
    seconds = int(modified.timestamp())
    etag = quote_etag(_named(response.content))
    response["ETag"], response["Last-Modified"] = etag, http_date(seconds)
    patch_cache_control(response, public=True, no_cache=True)
    varies = [name for name in response.get("Vary", "").split(", ") if name not in ("", "Cookie")]
    response["Vary"] = ", ".join(varies)
    headers = {name: value for name, value in response.items() if name not in HEADERS_OF_ONE_ANSWER}
    return KeptPage(response.content, headers, etag, seconds, response.is_for_all)


def _midnight():
    """When today began: pages tell of days, so an older one isn't the same even if nothing was changed."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time()))


def _seconds_left():
    """Until the next full minute: windows for proposals open and close at one, and so do days."""
    return MINUTE - timezone.now().timestamp() % MINUTE
