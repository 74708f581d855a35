"""What a document says about each proposal, as far as it can be understood without the database."""

import re
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from proposals import sections
from proposals.booklet.content import NO_SENDER, BookletProposal, Person
from proposals.importing.headings import CONTACT
from proposals.importing.lines import Unreadable
from proposals.importing.links import place_links
from proposals.importing.markup import typed
from proposals.importing.outline import outline
from proposals.importing.paragraphs import blocks_of
from proposals.importing.people import people_of
from proposals.importing.senders import Senders, Sent
from proposals.richtext import plain
from proposals.search.text import words

MOST_PROPOSALS = 500
_MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
_DATE = re.compile(rf"\b([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}})\b")
# What stands between persons and before their numbers
_FILLERS = {
    *("och", "samt", "tel", "telefon", "mobil", "tfn", "vaxel", "e", "post", "epost"),
    *("mail", "mejl", "mailto", "namn", "titel", "roll", "funktion"),
}
USUAL = {section.name: section.heading for section in sections.SECTIONS} | {CONTACT: "Kontaktperson"}


@dataclass
class Entry:
    """One proposal as it was understood."""

    item: BookletProposal
    warnings: list[str] = field(default_factory=list)  # sentences: what isn't sure
    unplaced: list[str] = field(default_factory=list)  # what of the document found no place in the proposal
    headings: list[str] = field(default_factory=list)  # the document's own, where we write another

    @classmethod
    def from_json(cls, said):
        item = dict(said["item"])
        item["target_groups"] = tuple(item["target_groups"])
        item["contacts"] = tuple(Person(**person) for person in item["contacts"])
        return cls(**said | {"item": BookletProposal(**item)})


@dataclass
class Reading:
    """What a document says, and what of it isn't read."""

    name: str
    entries: list[Entry]
    unread: list[str]
    skipped: list[str]
    notes: list[str] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)  # that the document names before its first proposal

    def as_json(self):
        """What can be written as JSON and read back by `from_json`."""
        return asdict(self) | {"dates": [day.isoformat() for day in self.dates]}

    @classmethod
    def from_json(cls, said):
        entries = [Entry.from_json(entry) for entry in said["entries"]]
        return cls(**said | {"entries": entries, "dates": [date.fromisoformat(day) for day in said["dates"]]})


def read(document, register):
    """The Reading of a Document, its names matched against a Register; Unreadable when it holds too much."""
    senders = Senders(register.senders)
    lines, links = place_links(document.lines)
    found = outline(lines, senders)
    if len(found.parts) > MOST_PROPOSALS:
        raise Unreadable(f"Dokumentet har fler än {MOST_PROPOSALS} förslag. Dela upp det i flera.")
    reader = _Reader(register, senders, found.margin)
    entries = [reader.entry(part) for part in found.parts]
    before = [line.text for line in found.before if line.text]
    reading = Reading(document.name, entries, [*document.unread, *before], document.skipped, dates=list(_dates(before)))
    links.report(reading)
    reading.notes += list(_notes(entries))
    return reading


@dataclass(frozen=True)
class Register:
    """The names that a document may use: {name: slug} of senders, and the target groups."""

    senders: dict[str, str]
    groups: tuple[str, ...]


class _Reader:
    def __init__(self, register, senders, margin):
        self.register = register
        self.senders = senders
        self.margin = margin
        self.groups = {name.lower(): name for name in register.groups}

    def entry(self, part):
        sent, warnings = self._sent(part)
        people = people_of(part.sections.get(CONTACT, []), self.margin)
        texts = {name: typed(blocks_of(part.sections.get(name, []), self.margin)) for name in sections.NAMES}
        opening = typed(blocks_of(part.sections.get("", []), self.margin))
        first = sections.NAMES[0]  # it has no heading in the booklet
        texts[first] = "\n\n".join(filter(None, [opening, texts[first]]))
        said = " ".join(texts[name] for name in sections.names_in(sections.TARGET_GROUP))
        groups, unknown = self._groups(part, said)
        item = BookletProposal(
            part.number,
            sent.title,
            sent.sender,
            self.register.senders.get(sent.sender, ""),
            texts=texts,
            target_groups=tuple(groups),
            contacts=tuple(people.persons),
        )
        entry = Entry(item, [*warnings, *people.warnings], people.unplaced, list(_reworded(part)))
        if part.status:
            entry.unplaced.append(part.status)
        entry.warnings += [f"Målgruppen ”{name}” finns inte i registret och lämnas utanför." for name in unknown]
        if lost := _lost(part, entry):
            entry.unplaced.append(lost)
        entry.warnings += [
            f"Rubriken ”{one.wording}” togs som {USUAL[one.section]}." for one in part.headings if not one.is_sure
        ]
        return entry

    def _sent(self, part):
        """(the Sent of a part, sentences about what isn't sure)"""
        sent = self.senders.split(part.head)
        if part.sender == NO_SENDER:
            sent = Sent(part.head)
        elif part.sender:
            below = self.senders.of(part.sender)
            sent = replace(below, title=part.head.rstrip("."))
        warnings = []
        if sent.unknown:
            warnings.append(f"Avsändaren ”{sent.unknown}” finns inte i registret, så avsändaren lämnas tom.")
        elif sent.others:
            warnings.append(
                f"Dokumentet nämner flera avsändare. {sent.sender} läses in, inte {', '.join(sent.others)}."
            )
        elif not sent.is_sure:
            written = f" ”{sent.written}”" if sent.written else ""
            warnings.append(f"Avsändaren{written} togs som {sent.sender}.")
        return sent, warnings

    def _groups(self, part, text):
        """(the target groups, names that the register lacks): those listed, else those that the text names."""
        if part.groups:
            listed = [name.strip() for name in re.sub(r"^målgrupper:\s*", "", part.groups, flags=re.I).split(",")]
            known = [self.groups[name.lower()] for name in listed if name.lower() in self.groups]
            return known, [name for name in listed if name and name.lower() not in self.groups]
        if self._is_own(part):
            return [], []
        said = words(text)
        return [name for name in self.register.groups if _names(said, name)], []

    def _is_own(self, part):
        """Whether the part is from a file of ours, which lists its groups when it has any."""
        return any(line.role for lines in part.sections.values() for line in lines)


def _lost(part, entry):
    """The words of the document that stand nowhere in what was understood: so that none is lost unseen."""
    item = entry.item
    told = [part.head, part.sender, part.groups, *(heading.wording for heading in part.headings), *entry.unplaced]
    told += [plain(text) for text in item.texts.values()]
    told += [f"{one.name} {one.title} {one.email} {one.phone}" for one in item.contacts]
    lines = [line.text for lines in part.sections.values() for line in lines]
    left = Counter(words(" ".join(lines))) - Counter(words(" ".join(told)))
    numbers_of_lists = {word for word in left if word.isdigit() and len(word) < 3}
    return " ".join(word for word in left.elements() if word not in _FILLERS | numbers_of_lists)


def _names(said, group):
    """Whether the words name the group; "tillväxtchefer" names Chefer, "regionerna" not Regioner."""
    return all(any(one.endswith(word) for one in said) for word in words(group) if word != "och")


def _reworded(part):
    for heading in part.headings:
        usual = USUAL[heading.section]
        if heading.wording not in (usual, f"{usual}er"):
            yield f"”{heading.wording}” ({usual.lower()})"


def _dates(texts):
    """Dates written as "18 september 2024"."""
    for day, month, year in _DATE.findall(" ".join(texts).lower()):
        with suppress(ValueError):
            yield date(int(year), _MONTHS.index(month) + 1, int(day))


def _notes(entries):
    """Sentences about the document as a whole."""
    numbers = [entry.item.number for entry in entries if entry.item.number]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        yield f"Numren {', '.join(map(str, twice))} förekommer flera gånger."
    if numbers:
        missing = sorted(set(range(min(numbers), max(numbers))) - set(numbers))
        if missing:
            yield f"I nummerföljden saknas {', '.join(map(str, missing))}."
