"""How often one client may do a thing, and what only one may do at a time: counted for all processes of the server."""

from ipaddress import IPv6Network, ip_address
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac

from proposals.models import RateLimit

UNKNOWN = "unknown"


class TooManyRequests(Exception):
    """Too much comes from the client's address; after `retry_after` seconds it may be less."""

    def __init__(self, retry_after):
        super().__init__()
        self.retry_after = retry_after


class Slot(NamedTuple):
    """One of those that there are, taken until somebody gives it back or until its time is over."""

    key: str
    until: object  # a moment, as the database writes it


def take_slot(request, action, limit, seconds):
    """Take one of the `limit` slots of the client's address for `action`; None when all are taken.

    `seconds` after the first was taken all are free again. Raises OperationalError like any other query.
    """
    return take_slot_of(client_address(request), action, limit, seconds)


def take_slot_of(owner, action, limit, seconds, place=""):
    """Like take_slot for `owner`, such as an e-mail address; each `place` has slots of its own."""
    return _take(_key(owner, action) + (f":{_hidden(place)}" if place else ""), limit, seconds)


def free_slots_of(owner, action):
    RateLimit.objects.filter(key__startswith=_key(owner, action)).delete()


def take_lock(name, seconds, holders=1):
    """A lock that at most `holders` have at once, for `seconds` at the longest; None while it is taken."""
    # One row for each holder, so that each has its own end
    names = [name, *(f"{name}:{number}" for number in range(2, holders + 1))]
    return next(filter(None, (_take(one, 1, seconds) for one in names)), None)


def is_locked(name):
    return RateLimit.objects.filter(key=name).used_up(1).exists()


def give_back(slots):
    """Free slots that aren't to be counted; None is skipped."""
    for slot in filter(None, slots):
        RateLimit.objects.give_back(slot.key, slot.until)


def client_address(request):
    """Identify the client: behind a proxy by the address that the proxy saw, never one that is claimed.

    IPv6 addresses count by /64 network, because a household has as many addresses as it likes. What is no address at
    all is one client.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1]
    try:
        address = ip_address(_without_port(address.strip()).partition("%")[0])
    except ValueError:
        return UNKNOWN
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((address, 64), strict=False))


def _without_port(text):
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _take(key, limit, seconds):
    until = RateLimit.objects.take(key, limit, seconds)
    return until and Slot(key, until)


def _key(owner, action):
    return f"{action}:{_hidden(owner)}"


def _hidden(owner):
    """Hashed: who it is, is personal data."""
    return salted_hmac("proposals.throttle", owner).hexdigest()
