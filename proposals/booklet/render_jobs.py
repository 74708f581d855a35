"""Where booklets are made: each once, in a process of its own, and kept for as long as the data say the same.

In a process of its own, because drawing a large one takes seconds in which a thread would hold up everybody else's
pages, and because a text that the drawing chokes on must not take the server with it.
"""

import hashlib
import logging
import pickle
import subprocess
import sys
import time
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread

from django.conf import settings
from django.db import connections

from proposals import richtext, throttle
from proposals.booklet.formats import render
from proposals.models import BookletFile

AT_ONCE = 2  # processes, over all of the server's
TIME_LIMIT = 90  # seconds for one file
LOOK_AGAIN = 0.1  # seconds
DRAWN_BY = ["typst", "python-docx", "openpyxl", "fonttools", "markdown-it-py"]

logger = logging.getLogger(__name__)


class NotMade(Exception):
    """The file couldn't be made; the log says why."""


class Order:
    """One file that somebody wants: a Booklet in a Format."""

    def __init__(self, booklet, kind):
        self.booklet = booklet
        self.kind = kind
        self.name = hashlib.sha256(f"{booklet.version} {kind.ending} {_drawing_version()}".encode()).hexdigest()

    @property
    def file(self):
        """The bytes, when they are at hand, else None."""
        if self.kind.is_quick:
            return render(self.booklet, self.kind.ending)
        return BookletFile.objects.content(self.name)

    @property
    def is_begun(self):
        """Whether it is made, or being made: asking for it costs nobody anything."""
        if self.kind.is_quick or throttle.is_locked(self._begun):
            return True
        return BookletFile.objects.filter(name=self.name).exists()

    def make(self, patience):
        """Make the file if nobody is making it yet, and wait for it at most `patience` seconds.

        Returns its bytes, or None when it takes longer, somebody else is at it, or it has to wait for its turn: then
        ask again. Raises NotMade.
        """
        if throttle.is_locked(self._failed):
            raise NotMade
        begun = throttle.take_lock(self._begun, TIME_LIMIT)
        if begun is None:
            return None
        # Somebody may have finished it since we last looked
        finished, slot = self.file, _take_slot()
        if finished or slot is None:
            throttle.give_back([begun, slot])
            return finished
        work = Work(self, [begun, slot])
        try:
            return work.finish(patience)
        except subprocess.TimeoutExpired:
            Thread(target=work.finish_later, daemon=True).start()
            return None

    def wait(self, patience):
        """What `make` gives, but wait for somebody else's work as well."""
        last = time.monotonic() + patience
        file = self.make(patience)
        while file is None and time.monotonic() < last:
            time.sleep(LOOK_AGAIN)
            file = self.file or self.make(last - time.monotonic())
        return file

    @property
    def _begun(self):
        return f"booklet:{self.name}:begun"

    @property
    def _failed(self):
        return f"booklet:{self.name}:failed"


class Work:
    """One process that makes a file, and what is kept of it."""

    def __init__(self, order, slots):
        self.order = order
        self.slots = slots
        # A file, because waiting in two goes for a process that reads from a pipe hangs
        with TemporaryFile() as material:
            pickle.dump(order.booklet, material)
            material.seek(0)
            self.process = subprocess.Popen(  # noqa: S603 (our own command)
                [sys.executable, "-m", "proposals.booklet.formats", order.kind.ending],
                cwd=settings.BASE_DIR,
                stdin=material,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )

    def finish(self, patience):
        """Keep the file and return it; raises NotMade, or TimeoutExpired when it isn't finished in time."""
        file, _ = self.process.communicate(timeout=patience)
        if self.process.returncode:
            raise self._failure(f"{self.process.returncode} {file.decode(errors='replace')[-2000:]}")
        BookletFile.objects.keep(self.order.name, file)
        throttle.give_back(self.slots)
        return file

    def finish_later(self):
        """The same in a thread of its own, with nobody to tell."""
        try:
            self.finish(TIME_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            self._failure("it took too long")
        except NotMade:
            pass  # it is in the log
        finally:
            connections.close_all()

    def _failure(self, reason):
        logger.error("A booklet (%s) couldn't be made: %s", self.order.kind.ending, reason)
        throttle.take_lock(self.order._failed, TIME_LIMIT)
        throttle.give_back(self.slots)
        return NotMade(reason)


def _take_slot():
    slots = (throttle.take_lock(f"booklet:slot:{number}", TIME_LIMIT + 10) for number in range(AT_ONCE))
    return next(filter(None, slots), None)


@cache
def _drawing_version():
    """A name for the code that draws, so that no file outlives a change of it."""
    sources = [
        *sorted(Path(__file__).parent.rglob("*.py")),
        *sorted((settings.BASE_DIR / "templates" / "booklet").rglob("*.t*")),  # the template and its fonts
        Path(richtext.__file__),
    ]
    code = [path.read_bytes() for path in sources]
    code += [version(name).encode() for name in DRAWN_BY]
    return hashlib.sha256(b"".join(code)).hexdigest()
