"""How often one address may do a thing: counted in the shared cache, so over all processes of the server."""

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac


def take_slot(request, action, limit, seconds):
    """Take one of the `limit` slots that the client's address has for `action`; None when all are taken.

    A slot is free again `seconds` after it was taken, or when it is given back. cache.add() takes a free one or fails
    in one step, so that requests at the same moment don't share it as they would a counter.
    """
    return take_slot_of(client_address(request), action, limit, seconds)


def take_slot_of(owner, action, limit, seconds):
    """The same for whatever `owner` names, such as an e-mail address."""
    # The owner is personal data and is not kept
    hidden = salted_hmac("proposals.throttle", owner).hexdigest()
    slots = (f"throttle:{action}:{hidden}:{number}" for number in range(limit))
    return next((slot for slot in slots if cache.add(slot, True, seconds)), None)


def give_back(slots):
    """Free slots that were taken for something that isn't to be counted; None among them stands for none."""
    cache.delete_many([slot for slot in slots if slot])


def client_address(request):
    """The address of the client: behind a proxy the one that the proxy itself saw, never one the client claims."""
    if settings.BEHIND_PROXY:
        return request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")
