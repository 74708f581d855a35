"""A document as lines, independent of the file format."""

import re
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from proposals.richtext import Span


class Role(Enum):
    TITLE = "title"
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

    `level` is the level of a heading style or 0. `list_kind` ("bullets", "numbers" or "") and `depth` describe Word
    lists. `page` is a counter for text files, and `is_ended` means that trailing spaces mark the end of a paragraph.
    `is_answer` means that it stands in a table, beside what asks for it: it begins nothing new.
    """

    spans: tuple[Span, ...]
    role: Role | None = None
    level: int = 0
    list_kind: str = ""
    depth: int = 0
    start: int = 1
    continues_item: bool = False
    is_whole: bool = True  # False if the paragraph may continue on the next line
    page: int = 0
    is_ended: bool = False
    is_answer: bool = False

    @cached_property
    def text(self):
        return re.sub(r"[^\S\n]+", " ", "".join(span.text for span in self.spans)).strip()

    def ending(self, rest):
        """A plain Line of what the line ends with, a part of its text."""
        spans, to_skip = [], "".join(span.text for span in self.spans).index(rest)
        for span in self.spans:
            kept = span.text[to_skip:]
            to_skip = max(to_skip - len(span.text), 0)
            if kept:
                spans.append(replace(span, text=kept))
        return Line(tuple(spans), is_whole=self.is_whole, page=self.page)

    @property
    def is_bold(self):
        spans = [span for span in self.spans if span.text.strip()]
        return bool(spans) and all(span.is_bold for span in spans)


@dataclass
class Document:
    """The content of a file; `unread` describes what couldn't be converted to lines."""

    name: str
    lines: list[Line]
    unread: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)  # page numbers, table of contents


class UnreadableDocument(Exception):
    """The file can't be read. The message tells the user why and what to do."""


def plain_line(text, **attributes):
    return Line((Span(text),), **attributes)
