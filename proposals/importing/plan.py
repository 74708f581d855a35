"""Compare a parsed document with the database: new and existing proposals, and errors that prevent the import."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property

from proposals import sections, workflow
from proposals.booklet.build import booklet_proposal
from proposals.importing.forms import ImportedProposalForm, contact_forms, error_messages
from proposals.importing.parsing import Entry, KnownNames, ParsedDocument
from proposals.models import Meeting, Proposal, Region, TargetGroup
from proposals.search.text import words

# {attribute of BookletProposal or section name: label}
COMPARED = {
    "title": "rubrik",
    "sender": "avsändare",
    **{section.name: section.heading.lower() for section in sections.SECTIONS if section.part == sections.CONTENT},
    "target_groups": "målgrupper",
    **{section.name: section.heading.lower() for section in sections.SECTIONS if section.part == sections.TARGET_GROUP},
    "contacts": "kontaktpersoner",
}


def known_names():
    return KnownNames(
        dict(Region.objects.values_list("name", "slug")), tuple(TargetGroup.objects.values_list("name", flat=True))
    )


@dataclass
class ImportRow:
    """One parsed proposal, matched with the database. Passed to workflow.import_proposals."""

    entry: Entry
    form: ImportedProposalForm
    contact_forms: list
    fingerprint: str
    existing: Proposal | None = None
    differences: list[str] = field(default_factory=list)  # labels of fields that differ from the existing proposal
    elsewhere: Proposal | None = None  # proposal with the same title at another meeting
    note: str = ""

    @property
    def content(self):
        return self.entry.content

    @property
    def is_new(self):
        return self.existing is None

    @property
    def needs_check(self):
        return bool(self.entry.warnings or self.entry.unplaced or self.differences)

    @cached_property
    def errors(self):
        errors = error_messages(self.form)
        for person, form in zip(self.content.contacts, self.contact_forms, strict=True):
            errors += error_messages(form, f"Kontaktperson {person.name}: ")
        return errors

    @property
    def number(self):
        return self.content.number

    @property
    def proposal(self):
        self.form.instance.fingerprint = self.fingerprint
        return self.form.instance

    @property
    def co_senders(self):
        return list(Region.objects.filter(name__in=[sender.name for sender in self.content.senders[1:]]))

    @property
    def target_groups(self):
        return self.form.cleaned_data["target_groups"]

    @property
    def contacts(self):
        return [form.cleaned_data for form in self.contact_forms]


class ImportPlan:
    """What importing a document to the meeting of `date` would do."""

    def __init__(self, document: ParsedDocument, date):
        self.document = document
        self.date = date
        self.meeting = Meeting.objects.filter(date=date).first() or Meeting(date=date)
        self._regions = dict(Region.objects.values_list("name", "pk"))
        self._groups = dict(TargetGroup.objects.values_list("name", "pk"))
        self.rows = [self._row(entry) for entry in document.entries]
        self._find_existing()
        self._find_elsewhere()

    @property
    def to_check(self):
        return [row for row in self.rows if row.needs_check]

    @property
    def other_date(self):
        """The first date in the document's preamble if the meeting's isn't mentioned there, or None."""
        dates = self.document.dates
        return dates[0] if dates and self.date not in dates else None

    @property
    def to_save(self):
        return [row for row in self.rows if row.is_new]

    @property
    def errors(self):
        return [f"{row.content.heading}: {error}" for row in self.to_save for error in row.errors]

    @property
    def number_errors(self):
        """Messages that prevent publication with the document's numbers."""
        numbers = [row.number for row in self.to_save]
        assigned = set(self.meeting.proposals.values_list("number", flat=True)) if self.meeting.pk else set()
        errors = [f"”{row.content.title}” har inget nummer i dokumentet." for row in self.to_save if not row.number]
        errors += [
            f"Nummer {number} står vid flera förslag i dokumentet."
            for number in sorted({number for number in numbers if number and numbers.count(number) > 1})
        ]
        errors += [
            f"Nummer {number} har redan getts till ett annat förslag."
            for number in numbers
            if number in assigned - {None}
        ]
        return errors

    @property
    def suggests_publishing(self):
        """Whether to publish by default: for a past meeting, with the document's numbers."""
        return self.meeting.is_over and not self.number_errors

    @property
    def signature(self):
        """Hash of the plan, to detect changes of the database since it was displayed."""
        shown = [(asdict(row.content), row.existing and row.existing.pk, row.errors) for row in self.rows]
        return hashlib.sha256(json.dumps([str(self.date), shown]).encode()).hexdigest()

    def save(self, as_published):
        """Save and return the new proposals in one transaction. Requires that there are no `errors`."""
        for row in self.to_save:
            row.note = _note(self.document.name, row.entry)
        return workflow.import_proposals(self.date, self.to_save, as_published)

    def _row(self, entry):
        content = entry.content
        form = ImportedProposalForm(
            {
                "title": content.title,
                "region": self._regions.get(content.senders[0].name) if content.senders else None,
                **content.texts,
                "target_groups": [self._groups[name] for name in content.target_groups if name in self._groups],
            }
        )
        return ImportRow(entry, form, contact_forms(content.contacts), _fingerprint(content))

    def _find_existing(self):
        if not self.meeting.pk:
            return
        remaining = list(Proposal.objects.filter(meeting=self.meeting).in_full().order_by("number", "pk"))
        for matches in (_has_fingerprint, _has_number_and_title, _has_title_and_sender, _has_title):
            for row in self.rows:
                if row.existing is None and (
                    found := next((proposal for proposal in remaining if matches(proposal, row)), None)
                ):
                    remaining.remove(found)
                    row.existing = found
                    row.differences = _differences(booklet_proposal(found), row.content)

    def _find_elsewhere(self):
        titles = {row.content.title for row in self.to_save}
        others = Proposal.objects.filter(title__in=titles).exclude(meeting__date=self.date).with_sender_and_meeting()
        by_title = {proposal.title: proposal for proposal in others.order_by("meeting__date")}
        for row in self.to_save:
            row.elsewhere = by_title.get(row.content.title)


def _has_fingerprint(proposal, row):
    return proposal.fingerprint == row.fingerprint


def _has_number_and_title(proposal, row):
    return bool(row.number) and proposal.number == row.number and _has_title(proposal, row)


def _has_title_and_sender(proposal, row):
    senders = {sender.name for sender in proposal.senders}
    return _has_title(proposal, row) and senders == {sender.name for sender in row.content.senders}


def _has_title(proposal, row):
    return words(proposal.title) == words(row.content.title)


def _differences(existing, content):
    return [label for name, label in COMPARED.items() if _comparable(existing, name) != _comparable(content, name)]


def _comparable(content, name):
    if name in sections.NAMES:
        return content.texts.get(name, "")
    if name == "sender":
        return sorted(sender.name for sender in content.senders)
    value = getattr(content, name)
    if name == "contacts":
        return list(value)
    return sorted(value) if name == "target_groups" else value


def _fingerprint(content):
    data = asdict(replace(content, address="", reference="", status=""))
    data |= data.pop("texts")
    return hashlib.sha256(json.dumps(["document", data], sort_keys=True).encode()).hexdigest()


def _note(document_name, entry):
    lines = [f"Ur {document_name}"]
    if entry.content.number:
        lines.append(f"Nummer i dokumentet: {entry.content.number}")
    if entry.headings:
        lines.append(f"Rubriker i dokumentet: {', '.join(entry.headings)}")
    if entry.is_corrected:
        lines.append("Rättat vid inläsningen.")
    lines += [*entry.warnings, *(f"Fick ingen plats: {text}" for text in entry.unplaced)]
    return "\n".join(lines)
