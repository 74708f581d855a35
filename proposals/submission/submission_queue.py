"""Limits how many submissions each process works on at once, first come, first served.

A process runs Python in one thread at a time, so validating many posts at once would starve the readers, and a large
post takes up to eighty times its bytes of memory while it is parsed. So each process validates one post at a time and
saves one at a time; pages that are only read don't queue. A queued request holds a thread: a few per address may wait,
and altogether fewer than there are threads.
"""

from collections import Counter, deque
from contextlib import contextmanager
from functools import wraps
from threading import Event, Lock

from django.db import OperationalError, connection

from proposals.throttle import TooManyRequests, client_address

MOST_PER_ADDRESS = 3  # in each process, the one that is being worked on included
MOST_PER_PROCESS = 56  # of the 64 threads that deploy/gunicorn.conf.py gives a process; the rest is for those who read
RETRY_AFTER = 10  # seconds, in which those of one address are probably done
LONGEST_WAIT = 25  # seconds; with a wait for the database still less than a proxy waits for us


class FairSemaphore:
    """A semaphore of the threads of a process that is first come, first served."""

    def __init__(self, at_once):
        self._free = at_once
        self._waiting = deque()
        self._lock = Lock()

    def acquire(self, timeout):
        """Whether it was acquired within `timeout` seconds."""
        with self._lock:
            if self._free and not self._waiting:
                self._free -= 1
                return True
            granted = Event()
            self._waiting.append(granted)
        if granted.wait(timeout):
            return True
        with self._lock:
            if not granted.is_set():
                self._waiting.remove(granted)
            return granted.is_set()

    def release(self):
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


VALIDATING = FairSemaphore(1)  # more would only share the same core
SAVING = FairSemaphore(1)
READING_DOCUMENTS = FairSemaphore(2)

queued = Counter()  # {address: how many of its requests wait or are worked on}
_lock = Lock()


@contextmanager
def validating(request, semaphore=VALIDATING):
    """Hold the semaphore while a post is parsed, validated and rendered; nothing for a request that has a slot."""
    if hasattr(request, "queue_slot"):
        yield
        return
    with _counted(client_address(request)):
        try:
            _acquire(request, semaphore)
            yield
        finally:
            _release(request)


@contextmanager
def saving(request):
    """Change to the slot for saving. Use it outside transactions, so that nobody waits inside one."""
    _release(request)
    _acquire(request, SAVING)
    try:
        yield
    finally:
        _release(request)


def queue_posts(view):
    """Decorate a view so that posts to it queue."""

    @wraps(view)
    def queued_view(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with validating(request):
            return view(request, *args, **kwargs)

    return queued_view


@contextmanager
def _counted(address):
    with _lock:
        if queued[address] >= MOST_PER_ADDRESS:
            raise TooManyRequests(RETRY_AFTER)
        if queued.total() >= MOST_PER_PROCESS:
            raise OperationalError("too many are sending in")  # the page for that keeps what was typed
        queued[address] += 1
    try:
        yield
    finally:
        with _lock:
            queued[address] -= 1
            if not queued[address]:
                del queued[address]


def _acquire(request, semaphore):
    request.queue_slot = None
    if not semaphore.acquire(timeout=0):
        if not connection.in_atomic_block:
            connection.close()  # the pool has fewer than there are threads
        if not semaphore.acquire(timeout=LONGEST_WAIT):
            raise OperationalError("too many are sending in")
    request.queue_slot = semaphore


def _release(request):
    if getattr(request, "queue_slot", None):
        request.queue_slot.release()
        request.queue_slot = None
