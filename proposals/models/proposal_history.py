from django.db import models
from simple_history.models import HistoricalRecords


class Change(models.TextChoices):
    """Why a row of history was written."""

    DRAFTED = "drafted", "utkast sparat av förslagsställaren"
    SUBMITTED = "submitted", "inskickat av förslagsställaren"
    REVISED = "revised", "ändrat av förslagsställaren"
    REGISTERED = "registered", "inlagt av kansliet"
    EDITED = "edited", "redigerat"
    RETURNED = "returned", "skickat tillbaka för komplettering"
    TAKEN_BACK = "taken back", "komplettering avslutad av kansliet"
    PUBLISHED = "published", "publicerat"
    WITHDRAWN = "withdrawn", "återtaget"
    RESTORED = "restored", "återtagandet ångrat"
    MOVED = "moved", "flyttat till ett annat möte"
    RENUMBERED = "renumbered", "omnumrerat"
    REVERTED = "reverted", "återställt till en tidigare version"
    IMPORTED = "imported", "inläst ur ett dokument"


class NotedRow(models.Model):
    """A row of history with what else is worth knowing about the change."""

    note = models.TextField("anteckning", blank=True)

    class Meta:
        abstract = True


BY_SUBMITTER = (Change.DRAFTED, Change.SUBMITTED, Change.REVISED)


class ProposalHistory(HistoricalRecords):
    """History with one row for each change as people see it; see `Proposal.one_snapshot`."""

    def contribute_to_class(self, cls, name):
        super().contribute_to_class(cls, name)
        cls._write_history_row = self.create_historical_record

    def m2m_changed(self, *args, **kwargs):
        """No row of its own for the target groups: they are in the row of the proposal."""
