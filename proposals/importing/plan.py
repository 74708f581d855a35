"""What reading a document in would do: which proposals are new, which are there already, what stands in the way."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property

from proposals import sections, workflow
from proposals.booklet.build import booklet_proposal
from proposals.importing.forms import ImportedForm, contact_forms, faults_of
from proposals.importing.reading import Entry, Reading, Register
from proposals.models import Meeting, Proposal, Region, TargetGroup
from proposals.search.text import words

# {what a BookletProposal says: what people call it}
COMPARED = {
    "title": "rubrik",
    "sender": "avsändare",
    **{section.name: section.heading.lower() for section in sections.SECTIONS if section.part == sections.CONTENT},
    "target_groups": "målgrupper",
    **{section.name: section.heading.lower() for section in sections.SECTIONS if section.part == sections.TARGET_GROUP},
    "contacts": "kontaktpersoner",
}


def register():
    """The Register of the names in the database."""
    return Register(
        dict(Region.objects.values_list("name", "slug")), tuple(TargetGroup.objects.values_list("name", flat=True))
    )


@dataclass
class Row:
    """One proposal of the document, beside what the database has."""

    entry: Entry
    form: ImportedForm
    contact_forms: list
    fingerprint: str
    existing: Proposal | None = None
    differences: list[str] = field(default_factory=list)  # names of the fields in which the existing one differs
    elsewhere: Proposal | None = None  # one of the same title at another meeting

    @property
    def item(self):
        return self.entry.item

    @property
    def is_new(self):
        return self.existing is None

    @property
    def needs_check(self):
        """Whether something of it isn't sure."""
        return bool(self.entry.warnings or self.entry.unplaced or self.differences)

    @cached_property
    def faults(self):
        """Why it can't be saved, as sentences."""
        faults = faults_of(self.form)
        for person, form in zip(self.item.contacts, self.contact_forms, strict=True):
            faults += faults_of(form, f"Kontaktperson {person.name}: ")
        return faults

    # What workflow.import_proposals asks for

    @property
    def number(self):
        return self.item.number

    @property
    def proposal(self):
        self.form.instance.fingerprint = self.fingerprint
        return self.form.instance

    @property
    def target_groups(self):
        return self.form.cleaned_data["target_groups"]

    @property
    def contacts(self):
        return [form.cleaned_data for form in self.contact_forms]

    note = ""


class Plan:
    """What reading in would do at the meeting of `date`."""

    def __init__(self, reading: Reading, date):
        self.reading = reading
        self.date = date
        self.meeting = Meeting.objects.filter(date=date).first() or Meeting(date=date)
        self._regions = dict(Region.objects.values_list("name", "pk"))
        self._groups = dict(TargetGroup.objects.values_list("name", "pk"))
        self.rows = [self._row(entry) for entry in reading.entries]
        self._find_existing()
        self._find_elsewhere()

    @property
    def to_check(self):
        """The rows of which something isn't sure."""
        return [row for row in self.rows if row.needs_check]

    @property
    def other_date(self):
        """A date that the document begins with and that isn't the meeting's; None when there is none."""
        dates = self.reading.dates
        return dates[0] if dates and self.date not in dates else None

    @property
    def to_save(self):
        return [row for row in self.rows if row.is_new]

    @property
    def faults(self):
        """Why nothing can be saved, as sentences; empty when all is well."""
        return [f"{row.item.heading}: {fault}" for row in self.to_save for fault in row.faults]

    @property
    def number_faults(self):
        """Why what is new can't be published with the document's numbers."""
        numbers = [row.number for row in self.to_save]
        taken = set(self.meeting.proposals.values_list("number", flat=True)) if self.meeting.pk else set()
        faults = [f"”{row.item.title}” har inget nummer i dokumentet." for row in self.to_save if not row.number]
        faults += [
            f"Nummer {number} står vid flera förslag i dokumentet."
            for number in sorted({one for one in numbers if one and numbers.count(one) > 1})
        ]
        faults += [f"Nummer {one} har redan getts till ett annat förslag." for one in numbers if one and one in taken]
        return faults

    @property
    def publishes(self):
        """Whether what is new is best published at once: for a meeting that has been, with the numbers it had then."""
        return self.meeting.is_over and not self.number_faults

    @property
    def signature(self):
        """One string for what a page has shown: it changes when the database does so that the plan is another."""
        shown = [(asdict(row.item), row.existing and row.existing.pk, row.faults) for row in self.rows]
        return hashlib.sha256(json.dumps([str(self.date), shown]).encode()).hexdigest()

    def carry_out(self, as_published):
        """Save what is new, all of it or nothing, and return the proposals; there must be no `faults`."""
        for row in self.to_save:
            row.note = _note(self.reading, row.entry)
        return workflow.import_proposals(self.date, self.to_save, as_published)

    def _row(self, entry):
        item = entry.item
        form = ImportedForm(
            {
                "title": item.title,
                "region": self._regions.get(item.sender),
                **item.texts,
                "target_groups": [self._groups[name] for name in item.target_groups if name in self._groups],
            }
        )
        return Row(entry, form, contact_forms(item.contacts), _fingerprint(item))

    def _find_existing(self):
        """Match the rows with what the meeting has: what was read in before, or has the same title."""
        if not self.meeting.pk:
            return
        proposals = Proposal.objects.filter(meeting=self.meeting).in_full().order_by("number", "pk")
        left = list(proposals)
        for same in (_was_read_from, _has_number_and_title, _has_title_and_sender, _has_title):
            for row in self.rows:
                if row.existing is None and (found := next((one for one in left if same(one, row)), None)):
                    left.remove(found)
                    row.existing = found
                    row.differences = _differences(booklet_proposal(found), row.item)

    def _find_elsewhere(self):
        titles = {row.item.title for row in self.to_save}
        others = Proposal.objects.filter(title__in=titles).exclude(meeting__date=self.date).with_sender_and_meeting()
        by_title = {one.title: one for one in others.order_by("meeting__date")}
        for row in self.to_save:
            row.elsewhere = by_title.get(row.item.title)


def _was_read_from(proposal, row):
    return proposal.fingerprint == row.fingerprint


def _has_number_and_title(proposal, row):
    return bool(row.number) and proposal.number == row.number and _has_title(proposal, row)


def _has_title_and_sender(proposal, row):
    return _has_title(proposal, row) and (proposal.region.name if proposal.region else "") == row.item.sender


def _has_title(proposal, row):
    return words(proposal.title) == words(row.item.title)


def _differences(existing, item):
    return [name for field_name, name in COMPARED.items() if _said(existing, field_name) != _said(item, field_name)]


def _said(item, name):
    """What an item says in a field, without what only its place in the database tells."""
    if name in sections.NAMES:
        return item.texts.get(name, "")
    value = getattr(item, name)
    if name == "contacts":
        return [replace(person, phone_link="") for person in value]
    return sorted(value) if name == "target_groups" else value


def _fingerprint(item):
    said = asdict(replace(item, address="", reference="", status=""))
    said |= said.pop("texts")
    return hashlib.sha256(json.dumps(["document", said], sort_keys=True).encode()).hexdigest()


def _note(reading, entry):
    """What the history keeps of how the document had it."""
    lines = [f"Ur {reading.name}"]
    if entry.item.number:
        lines.append(f"Nummer i dokumentet: {entry.item.number}")
    if entry.headings:
        lines.append(f"Rubriker i dokumentet: {', '.join(entry.headings)}")
    lines += [*entry.warnings, *(f"Fick ingen plats: {text}" for text in entry.unplaced)]
    return "\n".join(lines)
