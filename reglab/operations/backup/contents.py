"""What a backup holds, and whether this site can use it."""

from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db.migrations.loader import MigrationLoader

from proposals.models import BookletFile, RateLimit
from reglab.operations.backup.failure import BackupFailed

# Their rows are in no backup, and gone after a restoration: they are made again, or end with it
LEFT_OUT = (BookletFile, RateLimit, Session)


@dataclass(frozen=True)
class Contents:
    """The migrations that had been run, as (app, name), and how many proposals; None where there is no such table.

    `foreign` are those parts, in words, that Reglab never makes and that would run by themselves.
    """

    migrations: frozenset = frozenset()
    proposals: int | None = None
    foreign: tuple = ()

    @property
    def is_ours(self):
        return self.proposals is not None and any(app == "proposals" for app, _ in self.migrations)

    def check(self, path):
        """Raise BackupFailed unless `path`, which holds this, can be restored here."""
        if not self.is_ours:
            raise BackupFailed(f"{path} isn't a backup of Reglab: it has no proposals.")
        if self.foreign:
            raise BackupFailed(f"{path} has what Reglab never makes and what would run by itself: {self.foreign[0]}.")
        unknown = sorted(self.migrations - set(MigrationLoader(None).disk_migrations))
        if unknown:
            name = ".".join(unknown[-1])
            raise BackupFailed(f"{path} comes from a newer version of Reglab: {name} is unknown here. Upgrade first.")
