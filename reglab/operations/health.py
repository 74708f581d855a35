"""Whether this machine can serve, in one word for each thing that it needs: for load balancers and monitors.

The database is asked in a thread of its own, so that one that hangs costs the answer PATIENCE seconds and no more.
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

PATIENCE = 2  # seconds
LEAST_FREE = 500_000_000  # bytes
# Without these nothing can be served. With a full disk or mails that wait, people can still read: to send them to
# another machine, which has the same mails, or to none would only make that worse.
NEEDED = {"database": "ok", "migrations": "ok"}


def examine():
    """The words, with `status` first: ok, warning, or failing when this machine can't serve."""
    words = {**_ask_database(), "disk": "low" if is_disk_low() else "ok"}
    can_serve = NEEDED.items() <= words.items()
    is_well = set(words.values()) == {"ok"}
    return {"status": "ok" if is_well else "warning" if can_serve else "failing", **words}


def missing_migrations():
    """(app, name) of the migrations that the code has and the database hasn't, in order."""
    return sorted(_known_migrations() - MigrationRecorder(connection).applied_migrations().keys())


def newer_migrations():
    """(app, name) of those that a newer version of the same apps has left in the database, in order."""
    known = _known_migrations()
    apps = {app for app, _ in known}
    applied = MigrationRecorder(connection).applied_migrations().keys()
    return sorted(one for one in applied - known if one[0] in apps)


@cache
def _known_migrations():
    """Those of the code that runs; read once, for a balancer asks each second."""
    return frozenset(MigrationLoader(None).graph.nodes)


def is_disk_low():
    return shutil.disk_usage(data_folder()).free < LEAST_FREE


def data_folder():
    """Where data grow on this machine: where the SQLite file is, else var/ with the backups."""
    folder = Path(settings.DATABASES["default"]["NAME"]).parent if connection.vendor == "sqlite" else settings.VAR_DIR
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def connection_past_the_pool():
    """A new one: the pool's may all be at work while the database is well, and the pool never says why it has none."""
    own = connections.create_connection(DEFAULT_DB_ALIAS)
    options = {name: value for name, value in own.settings_dict["OPTIONS"].items() if name != "pool"}
    own.settings_dict = {**own.settings_dict, "OPTIONS": options}
    return own


class _Inquiry(Thread):
    """What the database says, over a connection of its own; as long as it hasn't answered, that it hangs."""

    def __init__(self):
        super().__init__(daemon=True)
        self.words = {"database": "hangs", "migrations": "unknown", "mail": "unknown"}
        self.deadline = monotonic() + PATIENCE

    def run(self):
        connections[DEFAULT_DB_ALIAS] = connection_past_the_pool()
        try:
            self.words = self._look()
        except Error:
            self.words = {**self.words, "database": "unreachable"}
        finally:
            connection.close()

    def _look(self):
        if missing_migrations():
            return {**self.words, "database": "ok", "migrations": "missing"}
        return {"database": "ok", "migrations": "ok", "mail": "waiting" if Mail.objects.overdue().exists() else "ok"}


_lock = Lock()
_inquiry = None


def _ask_database():
    """Never two questions at once: while the database hangs, all that ask share the one that isn't answered."""
    global _inquiry
    with _lock:
        if _inquiry is None or not _inquiry.is_alive():
            _inquiry = _Inquiry()
            _inquiry.start()
        inquiry = _inquiry
    inquiry.join(max(0, inquiry.deadline - monotonic()))
    return inquiry.words
