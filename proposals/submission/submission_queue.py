"""Those who send in take turns, so that they keep neither the readers nor one another waiting.

A process runs Python in one thread at a time, so checking many posts at once would slow down all of them and the
readers, and a large post takes up to eighty times its bytes of memory while it is read. So in each process one post at
a time is read, checked and shown again, and one at a time is saved. Looking at a page takes no turn. Whoever waits
holds a thread: so few of one address may wait, and all together fewer than there are threads.
"""

from collections import Counter, deque
from contextlib import contextmanager
from functools import wraps
from threading import Event, Lock

from django.db import OperationalError, connection

from proposals.throttle import TooManyRequests, client_address

OF_ONE_ADDRESS = 3  # at once in each process, the one whose turn it is among them
OF_ALL = 56  # of the 64 threads that deploy/gunicorn.conf.py gives a process; the rest is for those who read
A_MOMENT = 10  # seconds, in which those of one address have probably had their turn
LONGEST_WAIT = 25  # seconds; with a wait for the database still less than a proxy waits for us


class Turns:
    """A semaphore of the threads of a process that is first come, first served."""

    def __init__(self, at_once):
        self._free = at_once
        self._waiting = deque()
        self._lock = Lock()

    def acquire(self, timeout):
        """Whether it was our turn within `timeout` seconds."""
        with self._lock:
            if self._free and not self._waiting:
                self._free -= 1
                return True
            called = Event()
            self._waiting.append(called)
        if called.wait(timeout):
            return True
        with self._lock:
            if not called.is_set():
                self._waiting.remove(called)
            return called.is_set()

    def release(self):
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


CHECKING = Turns(1)  # more at once would only share the same core
SAVING = Turns(1)
UPLOADING = Turns(2)  # documents: a thread reads them as they come

present = Counter()  # how many of each address are waiting or have their turn
_lock = Lock()


@contextmanager
def checking(request, turn=CHECKING):
    """Have a turn to read, check and show again what was posted; unless the request has one."""
    if hasattr(request, "turn"):
        yield
        return
    with _place(client_address(request)):
        try:
            _take(request, turn)
            yield
        finally:
            _give_back(request)


@contextmanager
def saving(request):
    """Have a turn to save, in the place of the one to check. To be begun before a transaction: nobody waits in one."""
    _give_back(request)
    _take(request, SAVING)
    try:
        yield
    finally:
        _give_back(request)


def for_posts(view):
    """Let the posts to a view take turns."""

    @wraps(view)
    def in_turn(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with checking(request):
            return view(request, *args, **kwargs)

    return in_turn


@contextmanager
def _place(address):
    with _lock:
        if present[address] >= OF_ONE_ADDRESS:
            raise TooManyRequests(A_MOMENT)
        if present.total() >= OF_ALL:
            raise OperationalError("too many are sending in")  # the page for that keeps what was typed
        present[address] += 1
    try:
        yield
    finally:
        with _lock:
            present[address] -= 1
            if not present[address]:
                del present[address]


def _take(request, turn):
    request.turn = None
    if not turn.acquire(timeout=0):
        if not connection.in_atomic_block:
            connection.close()  # there are fewer than there are threads
        if not turn.acquire(timeout=LONGEST_WAIT):
            raise OperationalError("too many are sending in")
    request.turn = turn


def _give_back(request):
    if getattr(request, "turn", None):
        request.turn.release()
        request.turn = None
