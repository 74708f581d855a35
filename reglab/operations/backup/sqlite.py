"""Backups of SQLite with its online backup API, which blocks neither readers nor writers."""

import os
import shutil
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection
from django.db.backends.sqlite3._functions import register

from proposals.models.content_version import trigger_names
from reglab.operations.backup.contents import LEFT_OUT, Contents
from reglab.operations.backup.failure import BackupFailed
from reglab.operations.backup.folder import new_file, side_files

NAME = "SQLite"
SUFFIX = ".sqlite3"
MAGIC = b"SQLite format 3\0"
STEP = 500  # pages that are copied at a time
PAUSE = 0.002  # seconds between steps, so that requests get at the disk
TIMEOUT = 20  # seconds to wait for somebody else's write


def location():
    return str(_live())


def is_empty():
    if not _live().exists():
        return True
    try:
        with _opened(_live()) as live:
            return not live.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.Error:
        return False


def dump(target):
    if not _live().exists():
        raise BackupFailed(f"There is no database at {_live()}.")
    with _opened(_live()) as live, _opened(target) as copy:
        # Without an open transaction the copying starts again whenever somebody writes
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        live.backup(copy, pages=STEP, progress=lambda *_: time.sleep(PAUSE))
        copy.execute("PRAGMA journal_mode=DELETE")  # a single file
        _remove_left_out(copy)


def _remove_left_out(copy):
    """Delete the rows of LEFT_OUT, and triggers and views that contents().check() would refuse."""
    for kind, name in list(_foreign(copy)):
        if kind in ("trigger", "view"):
            copy.execute(f"DROP {kind} {_quoted(name)}")
    for table in {model._meta.db_table for model in LEFT_OUT} & _tables(copy):
        copy.execute(f"DELETE FROM {table}")  # noqa: S608 (our own names)
    copy.execute("VACUUM")  # else deleted rows stay in the file's free pages


def contents(path):
    try:
        with _opened(path, "ro") as file:
            faults = [row[0] for row in file.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
            faults += [f"{row[0]} refers to rows that aren't there" for row in file.execute("PRAGMA foreign_key_check")]
            if faults:
                raise BackupFailed(f"{path} is damaged: {faults[0]}.")
            return _contents(file)
    except sqlite3.DatabaseError as error:
        raise BackupFailed(f"{path} is damaged: {error}.") from error


def _contents(file):
    if not {"django_migrations", "proposals_proposal"} <= _tables(file):
        return Contents()
    [count] = file.execute("SELECT count(*) FROM proposals_proposal").fetchone()
    migrations = frozenset(file.execute("SELECT app, name FROM django_migrations"))
    return Contents(migrations, count, tuple(f"the {kind} {name}" for kind, name in _foreign(file)))


def _tables(file):
    return {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _foreign(file):
    """(kind, name) of all but plain tables, their indexes and our own triggers."""
    ours = trigger_names()
    for kind, name, sql in file.execute("SELECT type, name, sql FROM sqlite_master"):
        is_plain = kind == "index" or (kind == "table" and sql.startswith("CREATE TABLE "))
        if not is_plain and not (kind == "trigger" and name in ours):
            yield kind, name


def _quoted(name):
    return '"{}"'.format(name.replace('"', '""'))


def copy_damaged(target):
    for source, copy in zip([_live(), *side_files(_live())], [target, *side_files(target)], strict=True):
        if source.exists():
            with new_file(copy) as part:
                shutil.copyfile(source, part)


def load(path):
    """Replace the database. Returns whether running processes may still have the old file open."""
    existed = _live().exists()
    _live().parent.mkdir(parents=True, exist_ok=True)
    if _write_into(_live(), path):
        return not existed
    _replace(_live(), path)
    return True


def _write_into(live, path):
    """Overwrite the database in one transaction. False when the file isn't a database that can be written into."""
    try:
        with _opened(path, "ro") as backup, _opened(live, "rwc") as target:
            if _page_size(backup) != _page_size(target):
                return False
            target.execute("PRAGMA journal_mode=WAL")
            target.execute("PRAGMA synchronous=FULL")
            backup.backup(target, progress=_raise_when_busy)
        with _opened(live) as target:
            return target.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return False
        raise


def _page_size(file):
    return file.execute("PRAGMA page_size").fetchone()[0]


def _raise_when_busy(status, *_):
    if status == sqlite3.SQLITE_BUSY:
        raise BackupFailed(f"Somebody has been writing to the database for {TIMEOUT} seconds. Try again.")


def _replace(live, path):
    """Replace a damaged file with a new one of the same owner and mode."""
    before = live.stat()
    with new_file(live, overwrite=True) as part:
        with _opened(path, "ro") as backup, _opened(part) as copy:
            backup.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        part.chmod(before.st_mode)
        if os.geteuid() == 0:
            os.chown(part, before.st_uid, before.st_gid)
        # SQLite would read the old file's log into the new one
        for path in side_files(live):
            path.unlink(missing_ok=True)


def _live():
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name:
        raise BackupFailed("The database is in memory only.")
    return Path(name)


@contextmanager
def _opened(path, mode="rw"):
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=TIMEOUT)) as file:
        register(file)  # what Django's constraints call when they are checked
        yield file
