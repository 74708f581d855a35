"""The outline of a document: where each proposal begins, and which lines each of its sections has."""

import re
from collections import Counter
from dataclasses import dataclass, field

from proposals.importing.headings import CONTACT, SENDER, Heading, heading_of
from proposals.importing.lines import Line, Role
from proposals.importing.paragraphs import is_full, margin_of

_NUMBERED = re.compile(r"(?:förslag\s+)?(?P<number>[0-9]{1,3})\s*[.):–-]\s*(?P<title>\S.*)", re.IGNORECASE | re.DOTALL)
LONGEST_HEAD = 3  # lines
LONGEST_TITLE = 300  # characters
LAST_NUMBER = 999


@dataclass
class Part:
    """One proposal's lines: its `head` as one text, and {section: lines}."""

    number: int | None
    head: str
    sections: dict[str, list[Line]] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    sender: str = ""  # as the document writes it, when it has a line of its own
    groups: str = ""
    status: str = ""


@dataclass
class Outline:
    """The Parts of a document, and the lines before the first one."""

    parts: list[Part]
    before: list[Line]
    margin: float


class _Outliner:
    """Goes through the lines once, from the first to the last."""

    def __init__(self, lines, senders):
        self.lines = lines
        self.senders = senders
        self.margin = margin_of([line for line in lines if not line.is_whole])
        self.level = _level_of_titles(lines)
        self.has_listed_titles = not self.level and sum(map(_is_listed_title, lines)) > 1
        self.has_bold_titles = sum(line.is_bold and bool(_NUMBERED.fullmatch(line.text)) for line in lines) > 1
        self.parts = []
        self.before = []
        self.section = ""
        self.listed = 0  # the last number of a list in the text

    def outline(self):
        place = 0
        while place < len(self.lines):
            taken = self._take_head(place)
            if not taken:
                taken = 1
                self._take_line(self.lines[place], self.lines[place - 1] if place else None)
            place += taken
        return Outline(self.parts, self.before, self.margin)

    # A proposal's first lines

    def _take_head(self, place):
        """Begin a proposal at the line; returns how many lines its head has, 0 when none begins there."""
        line = self.lines[place]
        if line.role or line.list_kind == "bullets" or not line.text or len(line.text) > LONGEST_TITLE:
            return 0
        if self.has_listed_titles:
            return self._take_listed(line)
        numbered = _NUMBERED.fullmatch(line.text)
        is_styled = self.level and line.level == self.level
        if self.level and not is_styled and not (line.is_bold and numbered):
            return 0
        if not numbered and not (is_styled and not heading_of(line.text, is_marked=True)):
            return 0
        count, head = self._whole_head(place, numbered["title"] if numbered else line.text)
        number = int(numbered["number"]) if numbered else self._listed_number(line)
        if not is_styled and not self._may_begin(number, head, line, place):
            return 0
        self._begin(number, head)
        return count

    def _begin(self, number, head):
        self.parts.append(Part(number, head))
        self.section = ""
        self.listed = 0

    def _take_listed(self, line):
        if not _is_listed_title(line):
            return 0
        self._begin(self._listed_number(line), line.text)
        return 1

    def _listed_number(self, line):
        """The number that Word itself counts for a title; None when it counts none."""
        if line.list_kind != "numbers":
            return None
        number = (self.parts[-1].number or 0) + 1 if self.parts else line.start
        return number if number <= LAST_NUMBER else None

    def _whole_head(self, place, title):
        """(how many lines, their text): a long title goes on in the next lines."""
        first = self.lines[place]
        if first.is_whole or self.senders.split(title).sender:
            return 1, title
        head, rows = title, [first]
        for line in self.lines[place + 1 : place + LONGEST_HEAD]:
            if not line.text or len(line.text) > LONGEST_TITLE or heading_of(line.text):
                break
            goes_on = is_full(rows[-1], line, self.margin)
            head, rows = f"{head} {line.text}", [*rows, line]
            sent = self.senders.split(head)
            if sent.sender and (
                goes_on or self.senders.is_one(line.text) or not head[: -len(line.text)].endswith(sent.title)
            ):
                return len(rows), head
            if not goes_on:
                break
        if len(rows) > 1 and is_full(first, rows[1], self.margin) and rows[1].text[:1].islower():
            return 2, f"{title} {rows[1].text}"
        return 1, title

    def _may_begin(self, number, head, line, place):
        """Whether a numbered line that no style marks is a proposal's rather than one of a list in the text."""
        previous = self.parts[-1].number or len(self.parts) if self.parts else 0
        if self.has_bold_titles:
            return line.is_bold and number > previous
        has_sender = bool(self.senders.split(head).sender)
        if number == self.listed + 1 and not has_sender and self.section != CONTACT:
            self.listed = number
            return False
        if number <= previous:
            self.listed = number
            return False
        is_next = number == previous + 1
        is_due = not self.parts or self.section == CONTACT or not self.lines[place - 1].text
        return has_sender or (is_next and is_due)

    # What follows

    def _take_line(self, line, previous):
        if not self.parts:
            self.before.append(line)
            return
        part = self.parts[-1]
        if line.role in (Role.SENDER, Role.GROUPS, Role.STATUS):
            setattr(part, line.role.value, line.text)
            return
        heading = self._heading(line, previous)
        if heading is None:
            if self._is_sender(part, line):
                part.sender = line.text
                return
            rows = part.sections.setdefault(self.section, [])
            if line.text or rows:
                rows.append(line)
        elif heading.section == SENDER:
            part.sender = heading.rest
        else:
            self._begin_section(part, heading, line)

    def _heading(self, line, previous):
        """The Heading that the line is, unless it belongs to the text."""
        if line.role or line.list_kind or len(line.text) > 2000:
            return None
        is_marked = line.level > 0 or line.is_bold
        heading = heading_of(line.text, is_marked)
        if heading and not line.is_whole and not heading.rest and not is_marked:
            # A word that the page's width has put on a line of its own isn't a heading
            goes_on = previous is not None and previous.text and is_full(previous, line, self.margin)
            if goes_on and line.text[:1].islower():
                return None
        return heading

    def _begin_section(self, part, heading, line):
        rest = [Line(_after_label(line, heading), is_whole=line.is_whole, page=line.page)] if heading.rest else []
        known = {one.section for one in part.headings}
        if heading.section in known and heading.section != CONTACT:
            # A second heading of the same kind stands in the text, below the first
            marked = Line(_label(line, heading), role=Role.SUB_HEADING, page=line.page)
            part.sections.setdefault(heading.section, []).append(marked)
        part.headings.append(heading)
        self.section = heading.section
        part.sections.setdefault(heading.section, []).extend(rest)

    def _is_sender(self, part, line):
        """Whether a line right below the title is nothing but a sender."""
        is_first = not self.section and not any(row.text for row in part.sections.get("", []))
        return is_first and line.text and not part.sender and self.senders.is_one(line.text)


def outline(lines, senders):
    """The Outline of a document's lines; `senders` is the register, to know where a title ends."""
    return _Outliner(lines, senders).outline()


def _is_listed_title(line):
    """Whether Word numbers the line and it is in bold: a title without a style of its own."""
    return line.list_kind == "numbers" and not line.depth and line.is_bold and not heading_of(line.text, is_marked=True)


def _level_of_titles(lines):
    """The heading style that proposals have: the one with most numbered headings, else the highest with several."""
    headings = [line for line in lines if line.level and line.text]
    numbered = Counter(line.level for line in headings if _NUMBERED.fullmatch(line.text))
    if numbered:
        return numbered.most_common(1)[0][0]
    titles = Counter(line.level for line in headings if not heading_of(line.text, is_marked=True))
    several = [level for level in sorted(titles) if titles[level] > 1]
    sections = [line.level for line in headings if heading_of(line.text, is_marked=True)]
    return several[0] if several and (not sections or several[0] < min(sections)) else 0


def _label(line, heading):
    [first, *_] = line.spans
    return (type(first)(heading.wording),)


def _after_label(line, heading):
    """The spans of the line after "Syfte:"."""
    spans, to_pass = [], "".join(span.text for span in line.spans).index(heading.rest)
    for span in line.spans:
        kept = span.text[to_pass:] if to_pass < len(span.text) else ""
        to_pass = max(to_pass - len(span.text), 0)
        if kept:
            spans.append(type(span)(kept, span.is_bold, span.is_italic, span.link))
    return tuple(spans)
