"""Render large booklets in a subprocess, once each, and store the result.

Rendering is CPU-bound for seconds and would block other requests, and a crash of the renderer must not end the server.
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
from django.db import connection, connections

from proposals import richtext, sections, throttle
from proposals.booklet.formats import render
from proposals.models import BookletFile

MAX_PROCESSES = 2  # over all workers
TIME_LIMIT = 90  # seconds per file
POLL_INTERVAL = 0.1  # seconds
LIBRARIES = ["typst", "python-docx", "openpyxl", "fonttools", "markdown-it-py"]

logger = logging.getLogger(__name__)


class RenderFailed(Exception):
    """The file couldn't be rendered; the reason is logged."""


class RenderJob:
    """Rendering of a Booklet in a Format. `name` identifies the result and serves as its ETag."""

    def __init__(self, booklet, kind):
        self.booklet = booklet
        self.kind = kind
        self.name = hashlib.sha256(f"{booklet.version} {kind.ending} {_code_version()}".encode()).hexdigest()
        self._started, self._failed = f"booklet:{self.name}:begun", f"booklet:{self.name}:failed"

    @property
    def file(self):
        """The rendered bytes, or None if they aren't available yet."""
        if self.kind.is_quick:
            return render(self.booklet, self.kind.ending)
        return BookletFile.objects.content(self.name)

    @property
    def is_started(self):
        """Whether the file is rendered or being rendered, so that requesting it adds no work."""
        if self.kind.is_quick or throttle.is_locked(self._started):
            return True
        return BookletFile.objects.filter(name=self.name).exists()

    def wait(self, timeout):
        """Return the bytes, or None after `timeout` seconds while rendering continues. Raise RenderFailed."""
        deadline = time.monotonic() + timeout
        while (file := self.file) is None:
            if throttle.is_locked(self._failed):
                raise RenderFailed
            if locks := self._take_locks():
                return self._render(locks, deadline - time.monotonic())
            if time.monotonic() >= deadline:
                return None
            if not connection.in_atomic_block:
                connection.close()  # the pool has fewer than there are threads
            time.sleep(POLL_INTERVAL)
        return file

    def _take_locks(self):
        """Lock this file and one of the processes; return None if either is taken."""
        started = throttle.take_lock(self._started, TIME_LIMIT)
        process = started and throttle.take_lock("booklet:processes", TIME_LIMIT, MAX_PROCESSES)
        if process:
            return [started, process]
        throttle.give_back([started])
        return None

    def _render(self, locks, timeout):
        if file := self.file:  # another worker finished before we got the locks
            throttle.give_back(locks)
            return file
        try:
            process = self._start()
        except OSError:
            throttle.give_back(locks)
            raise
        try:
            return self._finish(process, locks, max(timeout, 0))
        except subprocess.TimeoutExpired:
            Thread(target=self._finish_later, args=(process, locks), daemon=True).start()
            return None

    def _start(self):
        with TemporaryFile() as content:  # communicate() with a pipe can't be resumed after a timeout
            pickle.dump(self.booklet, content)
            content.seek(0)
            return subprocess.Popen(  # noqa: S603 (fixed command)
                [sys.executable, "-m", "proposals.booklet.formats", self.kind.ending],
                cwd=settings.BASE_DIR,
                stdin=content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )

    def _finish(self, process, locks, timeout):
        """Store and return the output of the process. Raise RenderFailed or TimeoutExpired."""
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
            pass  # already logged
        finally:
            connections.close_all()

    def _fail(self, reason, locks):
        logger.error("A booklet (%s) couldn't be rendered: %s", self.kind.ending, reason)
        throttle.take_lock(self._failed, TIME_LIMIT)
        throttle.give_back(locks)


@cache
def _code_version():
    """Hash of the rendering code, so that changes to it invalidate stored files."""
    sources = [
        *sorted(Path(__file__).parent.rglob("*.py")),
        *sorted((settings.BASE_DIR / "templates" / "booklet").rglob("*.t*")),  # the template and its fonts
        *(Path(module.__file__) for module in (richtext, sections)),
    ]
    code = [path.read_bytes() for path in sources]
    code += [version(name).encode() for name in LIBRARIES]
    return hashlib.sha256(b"".join(code)).hexdigest()
