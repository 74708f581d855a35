"""Those who send in take turns, so that they don't keep the readers waiting."""

from contextlib import suppress
from threading import BoundedSemaphore

from django.db import OperationalError
from django.http import UnreadablePostError

AT_ONCE = 1  # in each process: more would only share the same core
LONGEST_WAIT = 25  # seconds; with a wait for the database still less than a proxy waits for us
FORMS = ("/forslag/nytt/", "/forslag/andra/")


class Turns:
    """Let the server's process work for few of those who send in at once; the others wait in threads of their own.

    To save a proposal takes a hundred times as long as to hand out a page. If the process did so for fifty people at
    once, each of them would get a fiftieth of it, and so would every reader.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.turns = BoundedSemaphore(AT_ONCE)

    def __call__(self, request):
        try:
            return self.get_response(request)
        finally:
            if getattr(request, "has_turn", False):
                self.turns.release()

    def process_view(self, request, view, args, kwargs):
        """Wait for a turn; after the check against forgery, without which nothing could be sent once more."""
        if request.method != "POST" and not request.path.startswith(FORMS):
            return
        if request.method == "POST":
            _receive(request)
        if not self.turns.acquire(timeout=LONGEST_WAIT):
            raise OperationalError("too many are sending in")  # the page for that keeps what was typed
        request.has_turn = True


def _receive(request):
    """Read what was posted before the turn, so that nobody waits for somebody else's slow connection."""
    with suppress(UnreadablePostError):  # as Django does: the check against forgery refuses what couldn't be read
        request.POST  # noqa: B018
