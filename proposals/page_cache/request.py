"""What of a request decides which cached page answers it."""

from hashlib import blake2b
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

LONGEST_LIST_QUERY = 1000  # characters


def content_version(request):
    """The version that PageCacheMiddleware found; None without a request, and where nothing is cached."""
    return getattr(request, "content_version", None)


def has_session(request):
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def cache_key(request):
    """A digest of all that an answer may depend on, as it was sent: addresses aren't normalised here."""
    meta = request.META
    accepts_gzip = "gzip" in meta.get("HTTP_ACCEPT_ENCODING", "")
    address = (request.scheme, meta.get("HTTP_HOST"), request.path, meta["QUERY_STRING"])
    return digest(*address, referring_list(request), accepts_gzip)


def digest(*values):
    """The values as a key of a cache, in which Django wants neither spaces nor control characters."""
    return blake2b(repr(values).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def referring_list(request):
    """The query string of the list that the reader came straight from, "" without one; a proposal leads back to it.

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
    return came_from.query[:LONGEST_LIST_QUERY] if is_list else ""
