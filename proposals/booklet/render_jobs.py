"""Rendering large booklets: once each, in a process of its own, kept for as long as the content stays the same.

In a process of its own, because rendering takes seconds in which a thread would hold up everybody else's pages, and
because a text that the renderer chokes on must not take the server with it.
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
POLL_INTERVAL = 0.1  # seconds
LIBRARIES = ["typst", "python-docx", "openpyxl", "fonttools", "markdown-it-py"]

logger = logging.getLogger(__name__)


class RenderFailed(Exception):
    """The file couldn't be rendered; the log says why."""


class RenderJob:
    """A Booklet to be rendered in a Format. `name` identifies the result and serves as its ETag."""

    def __init__(self, booklet, kind):
        self.booklet = booklet
        self.kind = kind
        self.name = hashlib.sha256(f"{booklet.version} {kind.ending} {_code_version()}".encode()).hexdigest()
        self._started, self._failed = f"booklet:{self.name}:begun", f"booklet:{self.name}:failed"

    @property
    def file(self):
        """The bytes, None when they aren't rendered yet."""
        if self.kind.is_quick:
            return render(self.booklet, self.kind.ending)
        return BookletFile.objects.content(self.name)

    @property
    def is_started(self):
        """Whether it is rendered or being rendered: asking for it costs nothing more."""
        if self.kind.is_quick or throttle.is_locked(self._started):
            return True
        return BookletFile.objects.filter(name=self.name).exists()

    def wait(self, timeout):
        """The bytes; None when that takes more than `timeout` seconds, and goes on meanwhile. Raises RenderFailed."""
        deadline = time.monotonic() + timeout
        while (file := self.file) is None:
            if throttle.is_locked(self._failed):
                raise RenderFailed
            if locks := self._take_locks():
                return self._render(locks, deadline - time.monotonic())
            if time.monotonic() >= deadline:
                return None
            time.sleep(POLL_INTERVAL)
        return file

    def _take_locks(self):
        """The right to render this file and one of the processes; None when either is taken."""
        started = throttle.take_lock(self._started, TIME_LIMIT)
        process = started and throttle.take_lock("booklet:processes", TIME_LIMIT, AT_ONCE)
        if process:
            return [started, process]
        throttle.give_back([started])
        return None

    def _render(self, locks, timeout):
        if file := self.file:  # somebody else finished between our two looks
            throttle.give_back(locks)
            return file
        with TemporaryFile() as content:  # a pipe would block when the process is waited for twice
            pickle.dump(self.booklet, content)
            content.seek(0)
            process = subprocess.Popen(  # noqa: S603 (our own command)
                [sys.executable, "-m", "proposals.booklet.formats", self.kind.ending],
                cwd=settings.BASE_DIR,
                stdin=content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        try:
            return self._finish(process, locks, max(timeout, 0))
        except subprocess.TimeoutExpired:
            Thread(target=self._finish_later, args=(process, locks), daemon=True).start()
            return None

    def _finish(self, process, locks, timeout):
        """Keep what the process renders and return it. Raises RenderFailed or TimeoutExpired."""
        output, _ = process.communicate(timeout=timeout)
        if process.returncode:
            self._fail(f"{process.returncode} {output.decode(errors='replace')[-2000:]}", locks)
            raise RenderFailed
        BookletFile.objects.keep(self.name, output)
        throttle.give_back(locks)
        return output

    def _finish_later(self, process, locks):
        try:
            self._finish(process, locks, TIME_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self._fail("it took too long", locks)
        except RenderFailed:
            pass  # it is in the log
        finally:
            connections.close_all()

    def _fail(self, reason, locks):
        logger.error("A booklet (%s) couldn't be rendered: %s", self.kind.ending, reason)
        throttle.take_lock(self._failed, TIME_LIMIT)
        throttle.give_back(locks)


@cache
def _code_version():
    """A hash of the code that renders, so that no file outlives a change of it."""
    sources = [
        *sorted(Path(__file__).parent.rglob("*.py")),
        *sorted((settings.BASE_DIR / "templates" / "booklet").rglob("*.t*")),  # the template and its fonts
        Path(richtext.__file__),
    ]
    code = [path.read_bytes() for path in sources]
    code += [version(name).encode() for name in LIBRARIES]
    return hashlib.sha256(b"".join(code)).hexdigest()
