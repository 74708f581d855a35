"""The content of a booklet as plain dataclasses.

These are pickled for the rendering subprocess, which runs without Django, so they must not refer to models.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from proposals.sections import SECTIONS

NO_SENDER = "Avsändare ej angiven"
CONTACT, CONTACTS = "Kontaktperson", "Kontaktpersoner"


@dataclass(frozen=True)
class Person:
    """A contact person; unknown values are empty strings."""

    name: str
    title: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Sender:
    name: str
    slug: str = ""


@dataclass(frozen=True)
class BookletProposal:
    """One proposal, with texts as Markdown source. `number` is None before publication."""

    number: int | None
    title: str
    sender: str = ""  # the names of all senders
    senders: tuple[Sender, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)  # by section name
    target_groups: tuple[str, ...] = ()
    contacts: tuple[Person, ...] = ()
    address: str = ""  # absolute URL, empty before publication
    reference: str = ""  # this and status only in a working copy
    status: str = ""

    @property
    def heading(self):
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def sections(self):
        """Non-empty texts as (heading, text) in page order; the heading is "" for sections printed without one."""
        return [
            ("" if section.is_untitled_in_booklet else section.heading, self.texts[section.name])
            for section in SECTIONS
            if self.texts.get(section.name)
        ]


@dataclass(frozen=True)
class Booklet:
    """Everything that a booklet file contains. `chosen` holds the applied filters as labels."""

    organisation: str
    title: str
    meeting: str
    date: date
    day: str  # formatted date
    summary: str  # number of proposals and senders
    changed_at: datetime
    changed: str  # formatted changed_at
    address: str
    proposals: tuple[BookletProposal, ...] = ()
    chosen: tuple[str, ...] = ()
    is_working_copy: bool = False

    def without_addresses(self):
        """Return a copy in which contacts have no address or phone number."""
        proposals = tuple(
            replace(one, contacts=tuple(replace(person, email="", phone="") for person in one.contacts))
            for one in self.proposals
        )
        return replace(self, proposals=proposals)

    @property
    def version(self):
        return hashlib.sha256(json.dumps(asdict(self), default=str).encode()).hexdigest()
