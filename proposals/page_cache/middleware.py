"""Public pages kept whole, each until what it says changes, and handed out to everybody.

A page is kept in the memory of the process that made it, under the version of the content (models.content_version), so
that an edit shows at once in every process and on every machine. What stands in it may depend on the time as well: on
the day, or even on the minute, at which a window for proposals opens or closes.
"""

import time
from datetime import datetime, timedelta
from datetime import time as time_of_day
from functools import wraps
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag

from proposals.models import ContentVersion
from proposals.page_cache.fragments import KeptParts, Latest

MOST_PAGES, MOST_PARTS = 150, 40
NEVER_KEPT = ("/admin/", "/healthz", "/forslag/nytt/", "/forslag/andra/")  # addresses that begin so
LARGEST_ADDRESS = 2000  # characters; what is longer isn't asked for twice
LONGEST_QUERY = 1000  # characters of the list's address that somebody came from
HEADERS_OF_ONE_ANSWER = {"Set-Cookie", "Date"}

pages = Latest(MOST_PAGES)
parts = Latest(MOST_PARTS)


class KeptPage(NamedTuple):
    """A finished answer; `modified` and `until` in seconds since 1970, `is_for_all` also with a session.

    `route` is the pattern of its address, for the log.
    """

    content: bytes
    headers: dict
    etag: str
    modified: int
    until: float
    is_for_all: bool
    route: str


def midnight():
    """When today ends."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time_of_day())).timestamp()


def full_minute():
    """When this minute ends."""
    return (time.time() // 60 + 1) * 60


def kept(until=midnight, is_for_all=True):
    """Mark what a view answers as the same for everybody until the data change, at the longest to the next `until`().

    What is not `is_for_all` shows more to whoever has signed in: with a session it is made for that one alone.
    """

    def mark(view):
        @wraps(view)
        def marked(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            is_the_same = response.status_code == 200 and (is_for_all or not _has_session(request))
            response.may_be_kept = is_the_same and getattr(response, "may_be_kept", True)
            response.until, response.is_for_all = until(), is_for_all
            # Of what it says: packed, the same page is other bytes each time
            response.digest = blake2b(response.content, digest_size=16).hexdigest()
            return response

        return marked

    return mark


def kept_parts(request):
    """The KeptParts for the version of the data that the request found; empty ones where that is unknown."""
    version = getattr(request, "content_version", None)
    # And of the day: lists tell whether their meeting has been
    return parts.under((version, timezone.localdate())) if version else KeptParts(MOST_PARTS)


class KeptPages:
    """The middleware that keeps pages and hands them out; before those that know sessions and accounts."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        version = _version(request)
        if version is None:
            return self.get_response(request)
        request.content_version, changed_at = version
        known = pages.under(request.content_version)
        key = _key(request)
        page = known.get(key)
        if page is None or page.until <= time.time() or (_has_session(request) and not page.is_for_all):
            response = self.get_response(request)
            if not getattr(response, "may_be_kept", False) or response.cookies:
                return response
            page = _page(request, response, max(changed_at, _this_morning()))
            known.keep(key, page)
        request.kept_route = page.route
        response = HttpResponse(page.content, headers=page.headers)
        return get_conditional_response(request, page.etag, page.modified, response)


def _version(request):
    """(name, moment) of the version of the data when the request's answer may be kept; None otherwise."""
    if request.method not in ("GET", "HEAD") or request.path.startswith(NEVER_KEPT):
        return None
    if len(request.path) + len(request.META["QUERY_STRING"]) > LARGEST_ADDRESS:
        return None
    try:
        return ContentVersion.objects.current()
    except (DatabaseError, InterfaceError):
        return None  # the view tells of it


def _has_session(request):
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _key(request):
    """All of the request that an answer may depend on, as it was sent: only what has led to a page is kept."""
    sent = request.META
    is_packed = "gzip" in sent.get("HTTP_ACCEPT_ENCODING", "")
    return (request.scheme, sent.get("HTTP_HOST"), request.path, sent["QUERY_STRING"], origin(request), is_packed)


def origin(request):
    """The query of the list that the reader came straight from, to which a proposal's page leads back; "" without one.

    From the header, so that a proposal has one address in every list and its link looks visited in all of them.
    """
    referer = request.META.get("HTTP_REFERER", "")
    if "?" not in referer:
        return ""
    try:
        came_from = urlsplit(referer)
    except ValueError:
        return ""
    is_list = came_from.netloc == request.get_host() and came_from.path == reverse("proposal_list")
    return came_from.query[:LONGEST_QUERY] if is_list else ""


def _page(request, response, modified):
    """The KeptPage of a response, which gets the headers that caches ask for."""
    seconds = int(modified.timestamp())
    etag = ("W/" if response.has_header("Content-Encoding") else "") + quote_etag(response.digest)
    response["ETag"], response["Last-Modified"] = etag, http_date(seconds)
    patch_cache_control(response, public=True, no_cache=True)
    varies = [name for name in response.get("Vary", "").split(", ") if name not in ("", "Cookie")]
    response["Vary"] = ", ".join(varies)
    headers = {name: value for name, value in response.items() if name not in HEADERS_OF_ONE_ANSWER}
    about = (seconds, response.until, response.is_for_all, request.resolver_match.route)
    return KeptPage(response.content, headers, etag, *about)


def _this_morning():
    """When today began: pages tell of days, so an older one isn't the same even if nothing was changed."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time_of_day()))
