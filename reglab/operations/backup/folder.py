"""Where backups are kept: files named by their moment, none of which ever looks finished before it is."""

import os
import re
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import mkstemp

from django.utils import timezone

from reglab.operations.backup.failure import BackupFailed

BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database that is open
_NAME = re.compile(r"\.?reglab-([0-9-]{10}T[0-9]{6}Z)\.(.+)")
_FINISHED = {"sqlite3", "dump"}


def name_of_now(folder, ending):
    """The path of a new backup: sorted by name they stand in the order of time. The folder is made, for us alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = timezone.now().astimezone(UTC)
    while (path := folder / f"reglab-{moment:%Y-%m-%dT%H%M%SZ}{ending}").exists():
        moment += timedelta(seconds=1)
    return path


@contextmanager
def new_file(path, over_another=False):
    """Gives an empty file beside `path`, for us alone, that becomes `path` when all went well; else nothing is left."""
    if path.exists() and not over_another:
        raise BackupFailed(f"{path} exists already, and nothing is written over it.")
    if not path.parent.is_dir():
        raise BackupFailed(f"There is no folder {path.parent}.")
    handle, name = mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _settle(part)
        part.rename(path)
        _settle(path.parent)
    finally:
        for leftover in (part, *(beside(part, ending) for ending in BESIDE)):
            leftover.unlink(missing_ok=True)


def beside(path, ending):
    """The file that SQLite keeps beside the database at `path`."""
    return path.with_name(path.name + ending)


def keep_newest(folder, count):
    """Remove all of our files that are older than the newest `count` backups, half-made ones too; returns how many."""
    dated = [(match[1], match[2], path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    finished = sorted((moment for moment, ending, _ in dated if ending in _FINISHED), reverse=True)
    older = [path for moment, _, path in dated if finished[count:] and moment < finished[count - 1]]
    for path in older:
        path.unlink(missing_ok=True)
    return len(older)


def _settle(path):
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
