"""What a backup holds, and whether this site can use it."""

from dataclasses import dataclass

from django.db.migrations.loader import MigrationLoader

from proposals.backup.failure import BackupFailed


@dataclass(frozen=True)
class Contents:
    """The migrations that had been run, as (app, name), and how many proposals; None where there is no such table."""

    migrations: frozenset = frozenset()
    proposals: int | None = None

    @property
    def is_ours(self):
        return self.proposals is not None and any(app == "proposals" for app, _ in self.migrations)

    def check(self, path):
        """Raise BackupFailed unless `path`, which holds this, can be restored here."""
        if not self.is_ours:
            raise BackupFailed(f"{path} isn't a backup of Reglab: it has no proposals.")
        unknown = sorted(self.migrations - set(MigrationLoader(None).disk_migrations))
        if unknown:
            name = ".".join(unknown[-1])
            raise BackupFailed(f"{path} comes from a newer version of Reglab: {name} is unknown here. Upgrade first.")
