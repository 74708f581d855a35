"""Split the lines of a document into proposals and sections."""

from dataclasses import replace

from proposals import sections
from proposals.importing.contacts import begins_person
from proposals.importing.headings import CONTACT, SENDER, parse_heading
from proposals.importing.lines import Line, Role
from proposals.importing.paragraphs import estimate_margin, is_full
from proposals.importing.proposal_lines import Outline, ProposalLines
from proposals.importing.titles import (
    MAX_NUMBER,
    MAX_TITLE_LENGTH,
    SENDER_LABEL,
    TitleStyle,
    contents_of,
    is_listed_title,
    labelled_title,
    names_sender,
    parse_number,
    parse_title,
)

MAX_TITLE_LINES = 3
MAX_SENDER_LENGTH = 120  # characters


class _Outliner:
    def __init__(self, lines, senders):
        self.contents = contents_of(lines)
        lines = [line for line in lines if id(line) not in self.contents]
        self.lines = lines
        self.senders = senders
        self.margin = estimate_margin([line for line in lines if not line.is_whole])
        self.style = TitleStyle(lines, senders)
        self.proposals = []
        self.preamble = []
        self.section = ""
        self.list_number = 0  # of the last numbered list item in a text
        self.awaits_sender = False  # after a label alone

    def outline(self):
        index = 0
        while index < len(self.lines):
            consumed = self._begin_at(index)
            if not consumed:
                consumed = 1
                self._add_line(self.lines[index], self.lines[index - 1] if index else None)
            index += consumed
        return Outline(self.proposals, self.preamble, self.margin, list(self.contents.values()))

    def _begin_at(self, index):
        """Begin a proposal at the line if it is a title; return how many lines the title has, else 0."""
        line = self.lines[index]
        if line.role is Role.TITLE:
            return self._begin_told(line)
        if line.role or line.is_answer or line.list_kind == "bullets":
            return 0
        if not line.text or len(line.text) > MAX_TITLE_LENGTH:
            return 0
        if self.style.is_listed:
            return self._begin_listed(line)
        labelled = labelled_title(line.text)
        if labelled and not (self.section == CONTACT and line.text.lower().startswith("titel")):  # somebody's job
            self._begin(None, labelled)
            return 1
        numbered = self.style.parse(line)
        is_styled = self.style.level and line.level == self.style.level
        if self.style.level and not is_styled and not (line.is_bold and numbered):
            return 0
        if below := self._begin_below_number(index):
            return below
        is_title = (is_styled and not parse_heading(line.text, is_marked=True)) or index in self.style.unnumbered
        if not numbered and not is_title:
            return 0
        count, head = self._complete_title(index, numbered.title if numbered else line.text)
        number = numbered.number if numbered else self._listed_number(line)
        if not is_title and not self._is_title(number, head, line, index):
            return 0
        self._begin(number, head)
        return count

    def _begin_told(self, line):
        """Begin at what a table says is a title."""
        numbered = parse_title(line.text)
        self._begin(*((numbered.number, numbered.title) if numbered else (None, line.text)))
        return 1

    def _begin_below_number(self, index):
        """Begin at a number that stands alone, above its title."""
        line = self.lines[index]
        number = parse_number(line.text, line.is_bold or line.level > 0)
        below = next((place for place in (index + 1, index + 2) if self._text_at(place)), None)
        if number is None or below is None or (self.proposals and number <= (self.proposals[-1].number or 0)):
            return 0
        title = self.lines[below]
        if title.list_kind or title.is_answer or parse_heading(title.text, True) or self.senders.is_sender(title.text):
            return 0
        count, head = self._complete_title(below, title.text)
        self._begin(number, labelled_title(head) or head)
        return below - index + count

    def _text_at(self, index):
        return self.lines[index].text if index < len(self.lines) else ""

    def _begin(self, number, head):
        self.proposals.append(ProposalLines(number, head))
        self.section = ""
        self.list_number = 0

    def _begin_listed(self, line):
        if not is_listed_title(line):
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
        if number is None:
            return bool(line.is_bold or line.level)
        if self.style.is_bold:
            return line.is_bold and number > previous
        below = next(filter(None, map(self._text_at, (index + 1, index + 2))), "")
        is_above_sender = not self.proposals and names_sender(below, self.senders)
        has_sender = is_above_sender or bool(self.senders.split(head).sender)
        is_person = self.section == CONTACT and begins_person(head)
        if number == self.list_number + 1 and not has_sender and (self.section != CONTACT or is_person):
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
            proposal.is_generated = True
            return
        if self.awaits_sender and line.text:
            self.awaits_sender = False
            if len(line.text) <= MAX_SENDER_LENGTH and not self._heading(line, previous):
                proposal.sender = line.text
                return
        heading = self._heading(line, previous)
        if heading is None:
            if self._is_sender(proposal, line):
                proposal.sender = SENDER_LABEL.sub("", line.text)
                return
            rows = proposal.sections.setdefault(self.section, [])
            if line.text or rows:
                rows.append(line)
        elif heading.section == SENDER:
            proposal.sender = heading.rest
            self.awaits_sender = not heading.rest
            self.section = ""
        else:
            self._begin_section(proposal, heading, line)

    def _heading(self, line, previous):
        if line.role or line.list_kind or line.is_answer or len(line.text) > 2000:
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
        if _asks_why(heading) and not any(row.text for rows in proposal.sections.values() for row in rows):
            heading = replace(heading, section=sections.NAMES[0])  # above any text it asks for the background
        rest = [line.ending(heading.rest)] if heading.rest else []
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
        named = SENDER_LABEL.sub("", line.text)
        return (is_first or named != line.text) and named and not proposal.sender and self.senders.is_sender(named)


def _asks_why(heading):
    return heading.wording.lower().strip(" ?") == "varför"


def outline(lines, senders):
    return _Outliner(lines, senders).outline()


def _label(line, heading):
    [first, *_] = line.spans
    return (type(first)(heading.wording),)
