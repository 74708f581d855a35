"""The folder of backups: files named by their time, each renamed to its final name when it is complete."""

import os
import re
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import mkstemp

from django.utils import timezone

from reglab.operations.backup.failure import BackupFailed

SIDE_SUFFIXES = ("-wal", "-shm", "-journal")  # of the files that SQLite keeps beside an open database
_NAME = re.compile(r"\.?reglab-([0-9-]{10}T[0-9]{6}Z)\.(.+)")
_COMPLETE = {"sqlite3", "dump"}


def timestamped_path(folder, suffix):
    """A path for a new backup; names sort by time. Creates the folder when there is none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = timezone.now().astimezone(UTC)
    while (path := folder / f"reglab-{moment:%Y-%m-%dT%H%M%SZ}{suffix}").exists():
        moment += timedelta(seconds=1)
    return path


@contextmanager
def new_file(path, overwrite=False):
    """Yield a private temporary file beside `path`, renamed to `path` on success and removed on failure."""
    if path.exists() and not overwrite:
        raise BackupFailed(f"{path} exists already, and nothing is written over it.")
    if not path.parent.is_dir():
        raise BackupFailed(f"There is no folder {path.parent}.")
    handle, name = mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _sync(part)
        part.rename(path)
        _sync(path.parent)
    finally:
        for leftover in (part, *side_files(part)):
            leftover.unlink(missing_ok=True)


def side_files(path):
    return [path.with_name(path.name + suffix) for suffix in SIDE_SUFFIXES]


def keep_newest(folder, count):
    """Remove backups and partial files that are older than the newest `count` backups; returns how many."""
    dated = [(match[1], match[2], path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    complete = sorted((moment for moment, suffix, _ in dated if suffix in _COMPLETE), reverse=True)
    older = [path for moment, _, path in dated if complete[count:] and moment < complete[count - 1]]
    for path in older:
        path.unlink(missing_ok=True)
    return len(older)


def _sync(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
