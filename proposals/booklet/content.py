"""The booklet: the proposals to a meeting, all or a selection, as plain data in order.

Every file is drawn from this alone, also in a process of its own, so nothing here knows Django's models.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from proposals.sections import SECTIONS

NO_SENDER = "Avsändare ej angiven"
CONTACT, CONTACTS = "Kontaktperson", "Kontaktpersoner"


@dataclass(frozen=True)
class Person:
    """A contact person; what isn't known is empty."""

    name: str
    title: str = ""
    email: str = ""
    phone: str = ""
    phone_link: str = ""


@dataclass(frozen=True)
class BookletProposal:
    """One proposal; texts are light Markdown as typed. `number` is None before publication."""

    number: int | None
    title: str
    sender: str = ""
    sender_slug: str = ""
    texts: dict[str, str] = field(default_factory=dict)  # {name of a section: text}
    target_groups: tuple[str, ...] = ()
    contacts: tuple[Person, ...] = ()
    address: str = ""  # of its page, when it has one
    reference: str = ""  # in a working copy: what kansliet calls it, and its status
    status: str = ""

    @property
    def heading(self):
        """The title after the number, where there is one."""
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def sections(self):
        """(heading, text) for the texts there are, in the order of the page; "" for one without a heading on paper."""
        return [
            ("" if section.is_untitled_in_booklet else section.heading, self.texts[section.name])
            for section in SECTIONS
            if self.texts.get(section.name)
        ]


@dataclass(frozen=True)
class Booklet:
    """What a file says. `chosen` are the filters of a selection, in words."""

    organisation: str
    title: str
    meeting: str
    date: date
    day: str  # the date in words
    summary: str  # how many proposals, from how many senders
    changed_at: datetime
    changed: str  # the same in words
    address: str
    proposals: tuple[BookletProposal, ...] = ()
    chosen: tuple[str, ...] = ()
    is_working_copy: bool = False

    @property
    def version(self):
        """A name that two booklets share only when they say the same."""
        return hashlib.sha256(json.dumps(asdict(self), default=str).encode()).hexdigest()
