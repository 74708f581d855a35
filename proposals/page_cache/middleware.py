"""The middleware that caches public pages and answers with them."""

import time
from datetime import datetime
from datetime import time as time_of_day

from django.core.cache import caches
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

from proposals.models import ContentVersion
from proposals.page_cache.request import cache_key, has_session

NEVER_CACHED = ("/admin/", "/healthz", "/forslag/nytt/", "/forslag/andra/")  # addresses that begin so
LONGEST_ADDRESS = 2000  # characters; a longer one isn't asked for twice


class PageCacheMiddleware:
    """Stands before whatever reads sessions and accounts.

    Pages are cached under the version of the content, which database triggers change, so that an edit shows at once in
    every process and on every machine.
    """

    latest_version = None  # of all instances in the process, which share the cache

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        version = _content_version(request)
        if version is None:
            return self.get_response(request)
        request.content_version, changed_at = version
        if request.content_version != PageCacheMiddleware.latest_version:
            # Pages of before may hold what was removed for privacy's sake
            PageCacheMiddleware.latest_version = request.content_version
            caches["pages"].clear()
        key = cache_key(request)
        page = caches["pages"].get(key, version=request.content_version)
        if page is None or (has_session(request) and not page.with_session):
            page = self.get_response(request)
            if not hasattr(page, "cached_until") or page.cookies:
                return page
            _set_headers(page, max(changed_at, _start_of_today()))
            caches["pages"].set(key, page, page.cached_until - time.time(), request.content_version)
        request.cached_route = page.route  # for the log: no view was looked up
        return get_conditional_response(request, page["ETag"], page.modified, page)


def _content_version(request):
    """(version, when it began) if the answer to the request may be cached; None otherwise."""
    if request.method not in ("GET", "HEAD") or request.path.startswith(NEVER_CACHED):
        return None
    if len(request.path) + len(request.META["QUERY_STRING"]) > LONGEST_ADDRESS:
        return None
    try:
        return ContentVersion.objects.current()
    except (DatabaseError, InterfaceError):
        return None  # the view says so


def _set_headers(page, modified_at):
    page.modified = int(modified_at.timestamp())
    page["Last-Modified"] = http_date(page.modified)
    patch_cache_control(page, public=True, no_cache=True)
    varies = [name for name in page.get("Vary", "").split(", ") if name not in ("", "Cookie")]
    page["Vary"] = ", ".join(varies)


def _start_of_today():
    """Pages tell which meetings are over, so that one of yesterday's isn't the same though nothing was changed."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time_of_day()))
