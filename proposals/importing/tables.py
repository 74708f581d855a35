"""What tables mean: forms with a label beside each answer, lists with a row a proposal, contacts, or just data."""

from dataclasses import replace

from proposals.importing.labels import CONTACT, NUMBER, SENDER, TITLE, contact_field, label_of
from proposals.importing.lines import Line, Role
from proposals.richtext import Span

LEAST_LABELS = 3  # that make a table of one column a form
SENDER_LABEL, CONTACT_LABEL = "Avsändare", "Kontaktperson"


def read_table(rows):
    """Return (lines, [header cells, which aren't text]) of a table, given as rows of cells of Lines."""
    rows = [row for row in rows if any(map(_text, row))]
    if not rows:
        return [], []
    if _is_contact_header(rows[0]) and len(rows) > 1:
        return _contacts(rows), [_text(cell) for cell in rows[0]]
    if _is_proposal_header(rows[0]) and len(rows) > 1:
        return _proposals(rows), [_text(cell) for cell in rows[0]]
    rows = _answers_beside(rows)
    if _is_form(rows):
        form = _Form()
        return form.lines(rows), form.labels
    if all(sum(bool(_text(cell)) for cell in row) <= 1 for row in rows):
        return [line for row in rows for cell in row for line in cell], []
    return [_data(rows)], []


def _text(cell):
    return " ".join(line.text for line in cell if line.text)


def _heading(text):
    return Line((Span(text, is_bold=True),))


def _is_contact_header(row):
    fields = [contact_field(_text(cell)) for cell in row if _text(cell)]
    return len(fields) > 1 and all(fields) and bool({Role.NAME, Role.EMAIL} & set(fields))


def _is_proposal_header(row):
    labels = [label_of(_text(cell)) for cell in row if _text(cell)]
    known = sum(label is not None for label in labels)
    return TITLE in labels and known > 1 and known * 3 >= len(labels) * 2


def _is_form(rows):
    """Whether the first of two cells is a label in most rows; a row of one cell may be the title."""
    pairs = [row for row in rows if sum(bool(_text(cell)) for cell in row[1:])]
    labelled = sum(bool(label_of(_text(row[0])) or contact_field(_text(row[0]))) for row in pairs)
    return bool(pairs) and max(map(len, rows)) <= 3 and labelled * 2 > len(pairs)


def _answers_beside(rows):
    """A column of labels with their answers below, as labels with answers beside; other rows as they are."""
    if any(len(row) > 1 for row in rows) or sum(bool(label_of(_text(row[0]))) for row in rows) < LEAST_LABELS:
        return rows
    found = []
    for [cell] in rows:
        if not found or label_of(_text(cell)) or contact_field(_text(cell)):
            found.append([cell, []])
        else:
            found[-1][1].extend(cell)
    return found


def _contacts(rows):
    fields = [contact_field(_text(cell)) for cell in rows[0]]
    lines = [_heading(CONTACT_LABEL)]
    for row in rows[1:]:
        lines += _person({field: _text(cell) for field, cell in zip(fields, row, strict=False) if field})
    return lines


def _person(values):
    """Lines that say by their role what they are; of somebody without a name, the address stands for it."""
    if not any(values.values()):
        return
    name = values.get(Role.NAME) or values.get(Role.EMAIL) or ""
    yield Line((Span(name),), role=Role.NAME)
    for role in (Role.JOB, Role.EMAIL, Role.PHONE):
        if values.get(role):
            yield Line((Span(values[role]),), role=role)


def _proposals(rows):
    labels = [label_of(_text(cell)) for cell in rows[0]]
    lines = []
    for row in rows[1:]:
        cells = list(zip(labels, row, strict=False))
        number = next((_text(cell) for label, cell in cells if label == NUMBER), "").strip(" .)")
        title = next((_text(cell) for label, cell in cells if label == TITLE), "")
        if title:
            lines.append(Line((Span(f"{number}. {title}" if number.isdecimal() else title),), role=Role.TITLE))
        for (label, cell), header in zip(cells, rows[0], strict=False):
            if label not in (NUMBER, TITLE) or not title:
                lines += _answered(label, _text(header), cell)
    return lines


def _answered(label, wording, cell):
    """A label and its answer, as a heading with text under it."""
    if not _text(cell):
        return
    if label == SENDER:
        yield _heading(f"{SENDER_LABEL}: {_text(cell)}")
        return
    yield _heading(wording) if label else Line((Span(wording),), role=Role.SUB_HEADING)
    yield from (line if label == CONTACT else replace(line, is_answer=True) for line in cell)


class _Form:
    """Reads a label and its answer row by row; what asks for a person's name, address and so on becomes one person."""

    def __init__(self):
        self.found = []
        self.labels = []  # that aren't in the lines
        self.number = ""
        self.person = {}

    def lines(self, rows):
        for row in rows:
            first, *rest = row
            answer = [line for cell in rest for line in cell if line.text]
            self._add(first, answer)
        self._end_person()
        return self.found

    def _add(self, first, answer):
        text = _text(first)
        label, field = label_of(text), contact_field(text)
        if answer and (field or label in (TITLE, NUMBER, SENDER)):
            self.labels.append(text)
        if field and answer and (field is not Role.JOB or self.person):
            if field in self.person:
                self._end_person()
            self.person[field] = _text(answer)
            return
        if not answer:
            self._end_person()
            self.found += first
        elif label == NUMBER:
            self.number = _text(answer).strip(" .)")
        elif label == TITLE:
            numbered = f"{self.number}. {_text(answer)}" if self.number.isdecimal() else _text(answer)
            self.found.append(Line((Span(numbered),), role=Role.TITLE))
            self.number = ""
        else:
            self._end_person()
            self.found += _answered(label, text, answer)

    def _end_person(self):
        if self.person:
            self.found += [_heading(CONTACT_LABEL), *_person(self.person)]
        self.person = {}


def _data(rows):
    """A table of data as one paragraph, a line a row."""
    text = "\n".join(" | ".join(_text(cell) for cell in row) for row in rows)
    return Line((Span(text),), is_answer=True)
