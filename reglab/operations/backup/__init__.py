"""Copies of the whole database in files, and the way back; each kind of database by its own means."""

import sqlite3
from contextlib import contextmanager

from django.core.management import call_command
from django.db import DatabaseError, connection, connections

from proposals.models import ContentVersion, Mail
from proposals.models.content_version import install_triggers, remove_triggers
from proposals.models.indexed import refresh_statistics
from reglab.operations.backup import postgresql, sqlite
from reglab.operations.backup.contents import LEFT_OUT
from reglab.operations.backup.failure import BackupFailed
from reglab.operations.backup.folder import keep_newest, name_of_now, new_file

__all__ = [
    "BackupFailed",
    "bring_up_to_date",
    "check",
    "keep_newest",
    "new_name",
    "place",
    "restore",
    "save_what_is_there",
    "write",
]

KINDS = {"sqlite": sqlite, "postgresql": postgresql}


def place():
    """Where the database is, in words."""
    return _kind().place()


def new_name(folder):
    """A path in `folder`, which is made when there is none, for a backup of this moment."""
    with _explained():
        return name_of_now(folder, _kind().ENDING)


def write(path):
    """Write a backup to the new file `path`, and read it to be sure. Returns its Contents; raises BackupFailed."""
    with _explained(), new_file(path) as part:
        contents = _copy(part)
        if not contents.is_ours:
            raise BackupFailed(f"There are no proposals in {place()}, so there is nothing to back up.")
        return contents


def save_what_is_there(folder):
    """Copy what a restoration will replace: the files as they are where it can't be read as a database any more.

    Returns the path of the copy, None when there is nothing; raises BackupFailed.
    """
    with _explained():
        if _kind().is_empty():
            return None
        try:
            path = name_of_now(folder, _kind().ENDING)
            with new_file(path) as part:
                _copy(part)
        except (BackupFailed, sqlite3.DatabaseError):
            if _kind() is not sqlite:
                raise  # there is no file of ours to copy
            path = name_of_now(folder, f".damaged{sqlite.ENDING}")
            sqlite.set_aside(path)
        return path


def check(path):
    """The Contents of a backup that can be restored here; raises BackupFailed with the reason when it can't."""
    with _explained():
        with path.open("rb") as file:
            beginning = file.read(16)
        kind = next((kind for kind in KINDS.values() if beginning.startswith(kind.BEGINS)), None)
        if kind is None:
            raise BackupFailed(f"{path} isn't a backup of Reglab.")
        if kind is not _kind():
            raise BackupFailed(f"{path} is of {kind.NAME}, but DATABASE_URL names {place()}.")
        contents = kind.contents(path)
        contents.check(path)
        return contents


def restore(path):
    """Put a checked backup in the place of the database, all of it or nothing; bring_up_to_date() is the step after.

    Returns whether running processes may still have the old file open; raises BackupFailed.
    """
    with _explained():
        connections.close_all()
        return _kind().load(path)


def bring_up_to_date():
    """Let what is restored be of today: its tables, and the name that its pages are kept under.

    Nobody stays signed in, and no mail goes out by itself that may have gone since the backup. Raises BackupFailed.
    """
    with _explained():
        remove_triggers()  # before anything is written: only their names are known to be ours
        call_command("migrate", verbosity=0, interactive=False)
        install_triggers()
        ContentVersion.objects.bump()
        Mail.objects.flag_as_possibly_sent()
        for model in LEFT_OUT:
            model.objects.all().delete()
        refresh_statistics()


def _kind():
    return KINDS[connection.vendor]


def _copy(target):
    _kind().dump(target)
    return _kind().contents(target)


@contextmanager
def _explained():
    """Say in one sentence what stood in the way."""
    try:
        yield
    except OSError as error:
        raise BackupFailed(f"{error.filename or 'The file'}: {error.strerror}.") from error
    except (sqlite3.Error, DatabaseError) as error:
        raise BackupFailed(f"The database says: {str(error).splitlines()[0]}.") from error
