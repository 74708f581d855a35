from django.apps import apps
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from proposals.models.history import HistoryQuerySet, SignedRow
from proposals.models.section_texts import SectionTexts


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
    OPENED = "opened", "utkastet öppnat av kansliet, för att hjälpa till"
    TAKEN_IN = "taken in", "inskickat av kansliet åt förslagsställaren"
    MERGED = "merged", "sammanslaget med ett annat förslag"
    UNMERGED = "unmerged", "sammanslagningen ångrad"


class ProposalRow(SectionTexts, SignedRow):
    """A row of history with what else is worth knowing, and with names as they were: what they name may be deleted."""

    note = models.TextField("anteckning", blank=True)
    meeting_name = models.CharField(max_length=250, blank=True)
    region_name = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self._state.adding:
            self.meeting_name = str(self.meeting)
            self.region_name = str(self.region or "")
        super().save(*args, **kwargs)


LINKED = ("contact", "targetgroup", "region")


class NamedLinkQuerySet(models.QuerySet):
    def bulk_create(self, links, *args, **kwargs):
        """Store the current names of what they link to with the rows."""
        for link in links:
            link.name = str(next(filter(None, (getattr(link, name, None) for name in LINKED))))
        return super().bulk_create(links, *args, **kwargs)


class NamedLink(models.Model):
    """A co-sender, target group or contact person of a version, with its name as it was."""

    name = models.TextField(blank=True)

    objects = NamedLinkQuerySet.as_manager()

    class Meta:
        abstract = True


BY_SUBMITTER = (Change.DRAFTED, Change.SUBMITTED, Change.REVISED)


class ProposalHistoryQuerySet(HistoryQuerySet):
    def of_meetings_before(self, day):
        """Rows of proposals of meetings before `day`, and of deleted proposals without a later row."""
        there = self.model.instance_type.objects.of_meetings_before(day)
        gone = self.of_deleted()
        later = gone.filter(Q(meeting__date__gte=day) | Q(meeting__date=None, history_date__date__gte=day))
        gone = gone.exclude(id__in=later.order_by().values("id"))
        return self.filter(Q(id__in=there.order_by().values("pk")) | Q(pk__in=gone.order_by().values("pk")))

    def contact_links(self):
        """Rows that say which contacts these versions had."""
        return apps.get_model("proposals", "HistoricalProposalContact").objects.filter(history__in=self.order_by())

    def forget_submitters(self):
        """Remove submitters and what was written to them. Returns the number of rows changed."""
        telling = self.exclude(submitter_name="", submitter_email="", return_message="")
        return telling.update(submitter_name="", submitter_email="", return_message="")

    def forget_contacts(self):
        """Remove contacts and the notes of importing. Returns the number of rows changed."""
        removed, _ = self.contact_links().delete()
        return removed + self.exclude(note="").update(note="")

    def erase(self):
        """Delete the rows and those that belong to them. Returns the number of versions."""
        for relation in self.model._meta.related_objects:
            relation.related_model.objects.filter(history__in=self.order_by()).delete()
        return self.delete()[0]


class ProposalHistory(HistoricalRecords):
    """History with one row for each change as people see it; see `workflow.recording`."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, historical_queryset=ProposalHistoryQuerySet, **kwargs)

    def contribute_to_class(self, cls, name):
        super().contribute_to_class(cls, name)
        cls._write_history_row = self.create_historical_record

    def m2m_changed(self, *args, **kwargs):
        """No row of its own for a change of target groups."""
