"""The lines of a document, whatever kind of file they stood in."""

import re
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from proposals.richtext import Span


class Role(Enum):
    """What a paragraph of our own Word file is, by its style."""

    SENDER = "sender"
    GROUPS = "groups"
    STATUS = "status"
    SUB_HEADING = "sub-heading"
    NAME = "name"
    JOB = "job"
    EMAIL = "email"
    PHONE = "phone"
    BODY = "body"


@dataclass(frozen=True)
class Line:
    """A paragraph of a Word file, or a line of a text file.

    `level` is that of a heading style, 0 for none. `list_kind` ("bullets", "numbers" or "") and `depth` are those of
    Word's own lists. `page` counts the pages of a text file, and `is_ended` says that spaces after the last word show
    where a paragraph ended.
    """

    spans: tuple[Span, ...]
    role: Role | None = None
    level: int = 0
    list_kind: str = ""
    depth: int = 0
    start: int = 1
    continues_item: bool = False
    is_whole: bool = True  # a paragraph; else it may go on in the next line
    page: int = 0
    is_ended: bool = False

    @cached_property
    def text(self):
        return re.sub(r"[^\S\n]+", " ", "".join(span.text for span in self.spans)).strip()

    @property
    def is_bold(self):
        said = [span for span in self.spans if span.text.strip()]
        return bool(said) and all(span.is_bold for span in said)


@dataclass
class Document:
    """All that stands in a file: its `lines`, and in words what could not be read as lines (`unread`)."""

    name: str
    lines: list[Line]
    unread: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)  # page numbers, contents and the like


class Unreadable(Exception):
    """The file can't be read; the message says to a person why, and what to do."""


def line_of(text, **about):
    """A Line of unmarked text."""
    return Line((Span(text),), **about)
