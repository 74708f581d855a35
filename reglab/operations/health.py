"""Whether this machine can serve, in one word for each thing that it needs: for load balancers and monitors.

The database is asked in a thread, because no timeout of a connection or statement ends the wait for a server that is
frozen, or for a disk that hangs under SQLite.
"""

import shutil
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from proposals.models import Mail

TIMEOUT = 2  # seconds
LEAST_FREE = 500_000_000  # bytes
# Without these nothing can be served. With a full disk or mails that wait, people can still read: to send them to
# another machine, which has the same mails, or to none would only make that worse.
NEEDED = {"database": "ok", "migrations": "ok"}


def health_report():
    """One word by name, `status` first: ok, warning, or failing when this machine can't serve."""
    words = {**_query_database(), "disk": "low" if is_disk_low() else "ok"}
    can_serve = NEEDED.items() <= words.items()
    is_well = set(words.values()) == {"ok"}
    return {"status": "ok" if is_well else "warning" if can_serve else "failing", **words}


def missing_migrations():
    return sorted(_known_migrations() - MigrationRecorder(connection).applied_migrations().keys())


def newer_migrations():
    """Sorted (app, name) of the migrations that a newer version has applied."""
    known = _known_migrations()
    apps = {app for app, _ in known}
    applied = MigrationRecorder(connection).applied_migrations().keys()
    return sorted(one for one in applied - known if one[0] in apps)


@cache
def _known_migrations():
    """Cached, because a balancer asks each second."""
    return frozenset(MigrationLoader(None).graph.nodes)


def is_disk_low():
    return shutil.disk_usage(data_folder()).free < LEAST_FREE


def data_folder():
    folder = Path(settings.DATABASES["default"]["NAME"]).parent if connection.vendor == "sqlite" else settings.VAR_DIR
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())


def unpooled_connection():
    """A new connection: the pool may be exhausted while the database is well, and hides why it can't connect."""
    own = connections.create_connection(DEFAULT_DB_ALIAS)
    options = {name: value for name, value in own.settings_dict["OPTIONS"].items() if name != "pool"}
    own.settings_dict = {**own.settings_dict, "OPTIONS": options}
    return own


class _DatabaseQuery(Thread):
    """Sets `words`; until the database has answered they say that it hangs."""

    def __init__(self):
        super().__init__(daemon=True)
        self.words = {"database": "hangs", "migrations": "unknown", "mail": "unknown"}
        self.deadline = monotonic() + TIMEOUT

    def run(self):
        connections[DEFAULT_DB_ALIAS] = unpooled_connection()
        try:
            self.words = self._read()
        except Error:
            self.words = {**self.words, "database": "unreachable"}
        finally:
            connection.close()

    def _read(self):
        if missing_migrations():
            return {**self.words, "database": "ok", "migrations": "missing"}
        return {"database": "ok", "migrations": "ok", "mail": "waiting" if Mail.objects.overdue().exists() else "ok"}


_lock = Lock()
_query = None


def _query_database():
    """One query at a time: while the database hangs, all requests share the one that hasn't been answered."""
    global _query
    with _lock:
        if _query is None or not _query.is_alive():
            _query = _DatabaseQuery()
            _query.start()
        query = _query
    query.join(max(0, query.deadline - monotonic()))
    return query.words
