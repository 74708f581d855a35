"""What is in a backup, and whether this version of the site can use it."""

from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db.migrations.loader import MigrationLoader

from proposals.models import BookletFile, RateLimit
from reglab.operations.backup.failure import BackupFailed

# Their rows are in no backup and are deleted after a restore: caches, counts and sessions
LEFT_OUT = (BookletFile, RateLimit, Session)


@dataclass(frozen=True)
class Contents:
    migrations: frozenset = frozenset()  # applied, as (app, name)
    proposals: int | None = None  # None without such a table
    foreign: tuple = ()  # names of triggers, views and virtual tables that aren't ours

    @property
    def is_ours(self):
        return self.proposals is not None and any(app == "proposals" for app, _ in self.migrations)

    def check(self, path):
        if not self.is_ours:
            raise BackupFailed(f"{path} isn't a backup of Reglab: it has no proposals.")
        if self.foreign:
            raise BackupFailed(f"{path} has what Reglab never makes and what would run by itself: {self.foreign[0]}.")
        unknown = sorted(self.migrations - set(MigrationLoader(None).disk_migrations))
        if unknown:
            name = ".".join(unknown[-1])
            raise BackupFailed(f"{path} comes from a newer version of Reglab: {name} is unknown here. Upgrade first.")
