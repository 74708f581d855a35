"""How often one address may do a thing: counted in the shared cache, so over all processes of the server."""

import time
from ipaddress import IPv6Network

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.utils.crypto import salted_hmac


def take_slot(request, action, limit, seconds):
    """Take one of the `limit` slots that the client's address has for `action`; None when all are taken.

    A slot is free again `seconds` after it was taken, or when it is given back. cache.add() takes a free one or fails
    in one step, so that requests at the same moment don't share it as they would a counter. Raises OperationalError
    like any other query.
    """
    return take_slot_of(client_address(request), action, limit, seconds)


def take_slot_of(owner, action, limit, seconds):
    """The same for whatever `owner` names, such as an e-mail address."""
    # The owner is personal data and is not kept
    hidden = salted_hmac("proposals.throttle", owner).hexdigest()
    names = [f"throttle:{action}:{hidden}:{slot}" for slot in range(limit)]
    taken = cache.get_many(names)
    return next((name for name in names if name not in taken and _take(name, seconds)), None)


def _take(name, seconds):
    """Whether the slot is ours now; cache.add() doesn't tell one that is taken from a database that doesn't answer."""
    for _ in range(10):  # between the two questions somebody may have given it back
        begun = time.monotonic()
        if cache.add(name, True, seconds):
            return True
        if name in cache:
            return False
        if time.monotonic() - begun > 1:  # it has waited for a lock in vain
            break
    raise OperationalError("the slot couldn't be written")


def give_back(slots):
    """Free slots that were taken for something that isn't to be counted; None among them stands for none."""
    cache.delete_many([slot for slot in slots if slot])


def client_address(request):
    """The address of the client: behind a proxy the one that the proxy itself saw, never one the client claims.

    Of an IPv6 address the network, because every household has as many addresses in its own as it likes.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
    try:
        return str(IPv6Network((address, 64), strict=False))
    except ValueError:
        return address
