"""Backups of the whole database as one file each, and restoring them; SQLite and PostgreSQL by their own means."""

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
from reglab.operations.backup.folder import keep_newest, new_file, timestamped_path

__all__ = [
    "BackupFailed",
    "bring_up_to_date",
    "check",
    "copy_current",
    "keep_newest",
    "location",
    "new_path",
    "restore",
    "write",
]

BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}


def location():
    return _backend().location()


def new_path(folder):
    with _errors_as_backup_failed():
        return timestamped_path(folder, _backend().SUFFIX)


def write(path):
    """Write a backup to the new file `path` and verify it. Returns its Contents; raises BackupFailed."""
    with _errors_as_backup_failed(), new_file(path) as part:
        contents = _dump(part)
        if not contents.is_ours:
            raise BackupFailed(f"There are no proposals in {location()}, so there is nothing to back up.")
        return contents


def copy_current(folder):
    """Copy what a restore will replace. Returns the path, None when there is nothing; raises BackupFailed.

    A SQLite file that can't be read any more is copied byte for byte.
    """
    with _errors_as_backup_failed():
        if _backend().is_empty():
            return None
        try:
            path = timestamped_path(folder, _backend().SUFFIX)
            with new_file(path) as part:
                _dump(part)
        except (BackupFailed, sqlite3.DatabaseError):
            if _backend() is not sqlite:
                raise
            path = timestamped_path(folder, f".damaged{sqlite.SUFFIX}")
            sqlite.copy_damaged(path)
        return path


def check(path):
    """The Contents of a backup that can be restored here; raises BackupFailed with the reason when it can't."""
    with _errors_as_backup_failed():
        with path.open("rb") as file:
            beginning = file.read(16)
        backend = next((one for one in BACKENDS.values() if beginning.startswith(one.MAGIC)), None)
        if backend is None:
            raise BackupFailed(f"{path} isn't a backup of Reglab.")
        if backend is not _backend():
            raise BackupFailed(f"{path} is of {backend.NAME}, but DATABASE_URL names {location()}.")
        contents = backend.contents(path)
        contents.check(path)
        return contents


def restore(path):
    """Replace the database with a checked backup, all of it or nothing; bring_up_to_date() is the next step.

    Returns whether running processes may still have the old file open; raises BackupFailed.
    """
    with _errors_as_backup_failed():
        connections.close_all()
        return _backend().load(path)


def bring_up_to_date():
    """Migrate a restored database, end all sessions and flag unsent mail as possibly sent. Raises BackupFailed."""
    with _errors_as_backup_failed():
        remove_triggers()  # before anything is written: only their names are known to be ours
        call_command("migrate", verbosity=0, interactive=False)
        install_triggers()
        ContentVersion.objects.bump()
        Mail.objects.flag_as_possibly_sent()
        for model in LEFT_OUT:
            model.objects.all().delete()
        refresh_statistics()


def _backend():
    return BACKENDS[connection.vendor]


def _dump(target):
    _backend().dump(target)
    return _backend().contents(target)


@contextmanager
def _errors_as_backup_failed():
    try:
        yield
    except OSError as error:
        raise BackupFailed(f"{error.filename or 'The file'}: {error.strerror}.") from error
    except (sqlite3.Error, DatabaseError) as error:
        raise BackupFailed(f"The database says: {str(error).splitlines()[0]}.") from error
