"""Public pages kept whole, each until what it says changes: for somebody whom no cookie makes different from others.

A page is kept in the memory of the process that made it, under a name with the version of the data in it
(models.data_version), so that an edit shows at once in every process and on every machine.
"""

from datetime import datetime, time
from functools import wraps
from hashlib import blake2b

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag

from proposals.models import DataVersion

MINUTE = 60  # seconds
LARGEST_ADDRESS = 2000  # characters; what is longer isn't asked for twice
# Asked for when the database may be gone, and never worth keeping
NEVER_KEPT = {"/healthz"}
HEADERS_OF_ONE_ANSWER = {"Set-Cookie", "Date"}


def kept(view):
    """Mark what the view answers as the same for everybody without a cookie, until the data change."""

    @wraps(view)
    def marked(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.may_be_kept = getattr(response, "may_be_kept", True) and response.status_code == 200
        return response

    return marked


class KeptPages:
    """The middleware that keeps pages and hands them out; before those that know sessions and accounts."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        version = _version(request)
        if version is None:
            return self.get_response(request)
        name, changed_at = version
        key = _key(request, name)
        page = caches["pages"].get(key)
        if page is None:
            response = self.get_response(request)
            if not getattr(response, "may_be_kept", False) or response.cookies:
                return response
            page = _page(response, max(changed_at, _midnight()))
            caches["pages"].set(key, page, _seconds_left())
        content, headers, etag, modified = page
        response = HttpResponse(content, headers=headers)
        return get_conditional_response(request, etag=etag, last_modified=modified, response=response)


def _version(request):
    """The version of the data when the request's answer may be kept; None otherwise."""
    is_same_for_all = request.method in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in request.COOKIES
    if request.path_info in NEVER_KEPT or not is_same_for_all or len(request.get_full_path()) > LARGEST_ADDRESS:
        return None
    try:
        return DataVersion.objects.current()
    except DatabaseError:
        return None  # the view tells of it


def _key(request, version):
    told = [version, request.scheme, request.get_host(), request.get_full_path(), _origin(request)]
    told.append("gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "")
    return _named("\n".join(told).encode("utf-8", "replace"))


def _named(content):
    return blake2b(content, digest_size=16).hexdigest()


def _origin(request):
    """The list of ours that the reader came from: a proposal's page leads back to it."""
    origin = request.headers.get("Referer", "")
    return origin if origin.startswith(f"{request.scheme}://{request.get_host()}/?") else ""


def _page(response, modified):
    """(content, headers, ETag, Last-Modified) of a page, to be handed out again."""
    seconds = int(modified.timestamp())
    etag = quote_etag(_named(response.content))
    response["ETag"], response["Last-Modified"] = etag, http_date(seconds)
    patch_cache_control(response, public=True, no_cache=True)
    varies = [name for name in response.get("Vary", "").split(", ") if name not in ("", "Cookie")]
    response["Vary"] = ", ".join(varies)
    headers = {name: value for name, value in response.items() if name not in HEADERS_OF_ONE_ANSWER}
    return response.content, headers, etag, seconds


def _midnight():
    """When today began: pages tell of days, so an older one isn't the same even if nothing was changed."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time()))


def _seconds_left():
    """Until the next full minute: windows for proposals open and close at one, and so do days."""
    return MINUTE - timezone.now().timestamp() % MINUTE
