"""For views whose pages may be cached, and for how long."""

import time
from datetime import datetime, timedelta
from datetime import time as time_of_day
from functools import wraps
from hashlib import sha256

from django.utils import timezone
from django.utils.http import quote_etag

from proposals.page_cache.request import content_version, has_session


def midnight():
    """When today ends, in seconds since 1970."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time_of_day())).timestamp()


def full_minute():
    """When this minute ends, in seconds since 1970."""
    return (time.time() // 60 + 1) * 60


def cached_page(until=midnight, with_session=True):
    """Let PageCacheMiddleware cache what the view answers, until the content changes or `until()` has passed.

    `with_session=False` for pages that show more to those who are signed in: whoever has a session gets a page of
    their own. A view that must run each time sets `is_cacheable` of its response to False.
    """

    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            is_cacheable = response.status_code == 200 and getattr(response, "is_cacheable", True)
            if is_cacheable and content_version(request) and (with_session or not has_session(request)):
                response.cached_until, response.with_session = until(), with_session
                response.route = request.resolver_match.route
                # Before it is compressed, to other bytes each time; Django's own MD5 would take twice as long
                response["ETag"] = quote_etag(sha256(response.content).hexdigest()[:32])
            return response

        return wrapper

    return decorate
