"""Split the lines of a document into proposals and sections."""

import re
from collections import Counter
from dataclasses import dataclass, field

from proposals.importing.headings import CONTACT, SENDER, Heading, parse_heading
from proposals.importing.lines import Line, Role
from proposals.importing.paragraphs import estimate_margin, is_full

_NUMBERED = re.compile(r"(?:förslag\s+)?(?P<number>[0-9]{1,3})\s*[.):–-]\s*(?P<title>\S.*)", re.IGNORECASE | re.DOTALL)
MAX_TITLE_LINES = 3
MAX_TITLE_LENGTH = 300  # characters
MAX_NUMBER = 999


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


@dataclass
class Outline:
    proposals: list[ProposalLines]
    preamble: list[Line]
    margin: float


class _Outliner:
    def __init__(self, lines, senders):
        self.lines = lines
        self.senders = senders
        self.margin = estimate_margin([line for line in lines if not line.is_whole])
        self.level = _title_level(lines)
        self.has_listed_titles = not self.level and sum(map(_is_listed_title, lines)) > 1
        self.has_bold_titles = sum(line.is_bold and bool(_NUMBERED.fullmatch(line.text)) for line in lines) > 1
        self.proposals = []
        self.preamble = []
        self.section = ""
        self.list_number = 0  # of the last numbered list item in a text

    def outline(self):
        index = 0
        while index < len(self.lines):
            consumed = self._begin_at(index)
            if not consumed:
                consumed = 1
                self._add_line(self.lines[index], self.lines[index - 1] if index else None)
            index += consumed
        return Outline(self.proposals, self.preamble, self.margin)

    def _begin_at(self, index):
        """Begin a proposal at the line if it is a title; return how many lines the title has, else 0."""
        line = self.lines[index]
        if line.role or line.list_kind == "bullets" or not line.text or len(line.text) > MAX_TITLE_LENGTH:
            return 0
        if self.has_listed_titles:
            return self._begin_listed(line)
        numbered = _NUMBERED.fullmatch(line.text)
        is_styled = self.level and line.level == self.level
        if self.level and not is_styled and not (line.is_bold and numbered):
            return 0
        if not numbered and not (is_styled and not parse_heading(line.text, is_marked=True)):
            return 0
        count, head = self._complete_title(index, numbered["title"] if numbered else line.text)
        number = int(numbered["number"]) if numbered else self._listed_number(line)
        if not is_styled and not self._is_title(number, head, line, index):
            return 0
        self._begin(number, head)
        return count

    def _begin(self, number, head):
        self.proposals.append(ProposalLines(number, head))
        self.section = ""
        self.list_number = 0

    def _begin_listed(self, line):
        if not _is_listed_title(line):
            return 0
        self._begin(self._listed_number(line), line.text)
        return 1

    def _listed_number(self, line):
        """Return the number that Word generates for a title, or None."""
        if line.list_kind != "numbers":
            return None
        number = (self.proposals[-1].number or 0) + 1 if self.proposals else line.start
        return number if number <= MAX_NUMBER else None

    def _complete_title(self, index, title):
        """Return (number of lines, their text) of a title that may be wrapped."""
        first = self.lines[index]
        if first.is_whole or self.senders.split(title).sender:
            return 1, title
        head, rows = title, [first]
        for line in self.lines[index + 1 : index + MAX_TITLE_LINES]:
            if not line.text or len(line.text) > MAX_TITLE_LENGTH or parse_heading(line.text):
                break
            is_wrapped = is_full(rows[-1], line, self.margin)
            head, rows = f"{head} {line.text}", [*rows, line]
            found = self.senders.split(head)
            if found.sender and (
                is_wrapped or self.senders.is_sender(line.text) or not head[: -len(line.text)].endswith(found.title)
            ):
                return len(rows), head
            if not is_wrapped:
                break
        if len(rows) > 1 and is_full(first, rows[1], self.margin) and rows[1].text[:1].islower():
            return 2, f"{title} {rows[1].text}"
        return 1, title

    def _is_title(self, number, head, line, index):
        """Whether a numbered line without heading style is a title rather than a list item."""
        previous = self.proposals[-1].number or len(self.proposals) if self.proposals else 0
        if self.has_bold_titles:
            return line.is_bold and number > previous
        has_sender = bool(self.senders.split(head).sender)
        if number == self.list_number + 1 and not has_sender and self.section != CONTACT:
            self.list_number = number
            return False
        if number <= previous:
            self.list_number = number
            return False
        is_next = number == previous + 1
        is_due = not self.proposals or self.section == CONTACT or not self.lines[index - 1].text
        return has_sender or (is_next and is_due)

    def _add_line(self, line, previous):
        if not self.proposals:
            self.preamble.append(line)
            return
        proposal = self.proposals[-1]
        if line.role in (Role.SENDER, Role.GROUPS, Role.STATUS):
            setattr(proposal, line.role.value, line.text)
            return
        heading = self._heading(line, previous)
        if heading is None:
            if self._is_sender(proposal, line):
                proposal.sender = line.text
                return
            rows = proposal.sections.setdefault(self.section, [])
            if line.text or rows:
                rows.append(line)
        elif heading.section == SENDER:
            proposal.sender = heading.rest
        else:
            self._begin_section(proposal, heading, line)

    def _heading(self, line, previous):
        if line.role or line.list_kind or len(line.text) > 2000:
            return None
        is_marked = line.level > 0 or line.is_bold
        heading = parse_heading(line.text, is_marked)
        if heading and not line.is_whole and not heading.rest and not is_marked:
            # The last word of a wrapped paragraph isn't a heading
            is_wrapped = previous is not None and previous.text and is_full(previous, line, self.margin)
            if is_wrapped and line.text[:1].islower():
                return None
        return heading

    def _begin_section(self, proposal, heading, line):
        rest = [Line(_after_label(line, heading), is_whole=line.is_whole, page=line.page)] if heading.rest else []
        known = {earlier.section for earlier in proposal.headings}
        if heading.section in known and heading.section != CONTACT:
            # Keep a second heading of the same section as a sub-heading
            sub_heading = Line(_label(line, heading), role=Role.SUB_HEADING, page=line.page)
            proposal.sections.setdefault(heading.section, []).append(sub_heading)
        proposal.headings.append(heading)
        self.section = heading.section
        proposal.sections.setdefault(heading.section, []).extend(rest)

    def _is_sender(self, proposal, line):
        is_first = not self.section and not any(row.text for row in proposal.sections.get("", []))
        return is_first and line.text and not proposal.sender and self.senders.is_sender(line.text)


def outline(lines, senders):
    return _Outliner(lines, senders).outline()


def _is_listed_title(line):
    return (
        line.list_kind == "numbers" and not line.depth and line.is_bold and not parse_heading(line.text, is_marked=True)
    )


def _title_level(lines):
    """Return the heading level of titles: the one with most numbered headings, else the highest with several."""
    headings = [line for line in lines if line.level and line.text]
    numbered = Counter(line.level for line in headings if _NUMBERED.fullmatch(line.text))
    if numbered:
        return numbered.most_common(1)[0][0]
    titles = Counter(line.level for line in headings if not parse_heading(line.text, is_marked=True))
    several = [level for level in sorted(titles) if titles[level] > 1]
    sections = [line.level for line in headings if parse_heading(line.text, is_marked=True)]
    return several[0] if several and (not sections or several[0] < min(sections)) else 0


def _label(line, heading):
    [first, *_] = line.spans
    return (type(first)(heading.wording),)


def _after_label(line, heading):
    spans, to_skip = [], "".join(span.text for span in line.spans).index(heading.rest)
    for span in line.spans:
        kept = span.text[to_skip:]
        to_skip = max(to_skip - len(span.text), 0)
        if kept:
            spans.append(type(span)(kept, span.is_bold, span.is_italic, span.link))
    return tuple(spans)
