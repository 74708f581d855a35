"""The lines of a document by proposal and section."""

from dataclasses import dataclass, field

from proposals.importing.headings import Heading
from proposals.importing.lines import Line


@dataclass
class ProposalLines:
    """The lines of one proposal by section; `head` is the title, often with the sender."""

    number: int | None
    head: str
    sections: dict[str, list[Line]] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    sender: str = ""  # if on a line of its own
    groups: str = ""
    status: str = ""
    is_generated: bool = False  # by our own export, which says all that there is


@dataclass
class Outline:
    proposals: list[ProposalLines]
    preamble: list[Line]
    margin: float
    contents: list[str]  # a list of the proposals, which aren't there twice
