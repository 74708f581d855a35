"""The booklet: the proposals to a meeting, all or a selection, as plain data in order.

Every file is drawn from this alone, also in a process of its own, so nothing here knows Django's models.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

NO_SENDER = "Avsändare ej angiven"
PURPOSE, RESULT, TARGET_GROUP = "Syfte och mål", "Förväntat resultat", "Målgrupp"
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
    background: str = ""
    purpose: str = ""
    expected_result: str = ""
    target_groups: tuple[str, ...] = ()
    target_group_text: str = ""
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
        """(heading, text) for the texts there are, in the order of the page; the first has no heading on paper."""
        texts = [
            ("", self.background),
            (PURPOSE, self.purpose),
            (RESULT, self.expected_result),
            (TARGET_GROUP, self.target_group_text),
        ]
        return [(heading, text) for heading, text in texts if text]


@dataclass(frozen=True)
class Booklet:
    """What a file says. `chosen` are the filters of a selection, in words."""

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
