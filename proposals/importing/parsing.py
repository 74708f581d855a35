"""Parse the proposals of a document, without access to the database."""

import re
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from proposals import sections
from proposals.booklet.content import NO_SENDER, BookletProposal, Person, Sender
from proposals.enumeration import enumerate_names
from proposals.importing.contacts import parse_contacts
from proposals.importing.headings import CONTACT
from proposals.importing.lines import UnreadableDocument
from proposals.importing.links import place_links
from proposals.importing.markdown import to_markdown
from proposals.importing.outline import outline
from proposals.importing.paragraphs import to_blocks
from proposals.importing.senders import Senders, TitleAndSender
from proposals.richtext import plain
from proposals.search.text import words

MAX_PROPOSALS = 500
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
# Words of contact sections that aren't kept
_FILLERS = {
    *("och", "samt", "tel", "telefon", "mobil", "tfn", "vaxel", "e", "post", "epost"),
    *("mail", "mejl", "mailto", "namn", "titel", "roll", "funktion"),
}
USUAL_HEADINGS = {section.name: section.heading for section in sections.SECTIONS} | {CONTACT: "Kontaktperson"}


@dataclass
class Entry:
    content: BookletProposal
    warnings: list[str] = field(default_factory=list)  # sentences about what is uncertain
    unplaced: list[str] = field(default_factory=list)  # text that isn't in the content
    headings: list[str] = field(default_factory=list)  # those of the document that differ from ours
    is_corrected: bool = False  # by a person, in the preview

    def as_json(self):
        data = asdict(self)
        return {"item": data.pop("content"), **data}

    @classmethod
    def from_json(cls, data):
        data = dict(data)
        content = dict(data.pop("item"))
        content["target_groups"] = tuple(content["target_groups"])
        content["senders"] = tuple(Sender(**sender) for sender in content["senders"])
        content["contacts"] = tuple(Person(**person) for person in content["contacts"])
        return cls(BookletProposal(**content), **data)


@dataclass
class ParsedDocument:
    """The parsed proposals of a document, and the text that belongs to none."""

    name: str
    entries: list[Entry]
    unread: list[str]
    skipped: list[str]
    notes: list[str] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)  # mentioned before the first proposal

    def as_json(self):
        entries = [entry.as_json() for entry in self.entries]
        return asdict(self) | {"entries": entries, "dates": [day.isoformat() for day in self.dates]}

    @classmethod
    def from_json(cls, data):
        entries = [Entry.from_json(entry) for entry in data["entries"]]
        return cls(**data | {"entries": entries, "dates": [date.fromisoformat(day) for day in data["dates"]]})


def parse(document, known):
    """Return the ParsedDocument of a Document, given the KnownNames. Raise UnreadableDocument if it is too large."""
    senders = Senders(known.senders)
    lines, links = place_links(document.lines)
    found = outline(lines, senders)
    if len(found.proposals) > MAX_PROPOSALS:
        raise UnreadableDocument(f"Dokumentet har fler än {MAX_PROPOSALS} förslag. Dela upp det i flera.")
    parser = _ProposalParser(known, senders, found.margin)
    entries = [parser.entry(source) for source in found.proposals]
    preamble = [line.text for line in found.preamble if line.text]
    return ParsedDocument(
        document.name,
        entries,
        [*document.unread, *preamble, *links.unplaced],
        [*document.skipped, *found.contents],
        [*links.notes, *_numbering_notes(entries)],
        list(_dates(preamble)),
    )


@dataclass(frozen=True)
class KnownNames:
    """The names in the database: {name: slug} of senders, and target groups."""

    senders: dict[str, str]
    groups: tuple[str, ...]


class _ProposalParser:
    def __init__(self, known, senders, margin):
        self.known = known
        self.senders = senders
        self.margin = margin
        self.groups = {name.lower(): name for name in known.groups}

    def entry(self, source):
        found, warnings = self._title_and_sender(source)
        people = parse_contacts(source.sections.get(CONTACT, []), self.margin)
        texts = self._texts(source)
        groups, unknown = self._groups(
            source, " ".join(texts[name] for name in sections.names_in(sections.TARGET_GROUP))
        )
        content = BookletProposal(
            source.number,
            found.title,
            enumerate_names(found.names),
            tuple(Sender(name, self.known.senders.get(name, "")) for name in found.names),
            texts=texts,
            target_groups=tuple(groups),
            contacts=tuple(people.persons),
        )
        entry = Entry(content, [*warnings, *people.warnings], people.unplaced, list(_different_headings(source)))
        entry.warnings += [f"Målgruppen ”{name}” finns inte i registret och lämnas utanför." for name in unknown]
        if missing := _missing_words(source, entry):
            entry.unplaced.append(missing)
        entry.warnings += [
            f"Rubriken ”{heading.wording}” togs som {USUAL_HEADINGS[heading.section]}."
            for heading in source.headings
            if not heading.is_sure
        ]
        return entry

    def _texts(self, source):
        texts = {
            name: to_markdown(to_blocks(source.sections.get(name, []), self.margin)) for name in ("", *sections.NAMES)
        }
        opening, first = texts.pop(""), sections.NAMES[0]
        texts[first] = "\n\n".join(filter(None, [opening, texts[first]]))
        return texts

    def _title_and_sender(self, source):
        """Return (TitleAndSender, warnings)."""
        found = self.senders.split(source.head)
        if source.sender == NO_SENDER:
            found = TitleAndSender(source.head)
        elif source.sender:
            found = replace(self.senders.parse(source.sender), title=source.head.rstrip("."))
        warnings = []
        if found.unknown:
            warnings.append(f"Avsändaren ”{found.unknown}” finns inte i registret, så avsändaren lämnas tom.")
        elif not found.sender and source.sender != NO_SENDER:
            warnings.append("Ingen avsändare hittades, så avsändaren lämnas tom.")
        elif not found.is_sure:
            written = f" ”{found.written}”" if found.written else ""
            warnings.append(f"Avsändaren{written} togs som {found.sender}.")
        return found, warnings

    def _groups(self, source, text):
        """Return (target groups, unknown names), either listed or mentioned in the text."""
        if source.groups:
            listed = [name.strip() for name in re.sub(r"^målgrupper:\s*", "", source.groups, flags=re.I).split(",")]
            known = [self.groups[name.lower()] for name in listed if name.lower() in self.groups]
            return known, [name for name in listed if name and name.lower() not in self.groups]
        if source.is_generated:
            return [], []  # it would list them
        text_words = words(text)
        return [name for name in self.known.groups if _mentions(text_words, name)], []


def _missing_words(source, entry):
    content = entry.content
    kept = [source.head, source.sender, source.groups, source.status, *(heading.wording for heading in source.headings)]
    kept += [*entry.unplaced, *map(plain, content.texts.values())]
    kept += [f"{person.name} {person.title} {person.email} {person.phone}" for person in content.contacts]
    lines = [line.text for lines in source.sections.values() for line in lines]
    missing = Counter(words(" ".join(lines))) - Counter(words(" ".join(kept)))
    list_numbers = {word for word in missing if word.isdigit() and len(word) < 3}
    return " ".join(word for word in missing.elements() if word not in _FILLERS | list_numbers)


def _mentions(text_words, group):
    """Whether the group is mentioned, as Chefer in "tillväxtchefer", but not Regioner in "regionerna"."""
    return all(any(text_word.endswith(word) for text_word in text_words) for word in words(group) if word != "och")


def _different_headings(source):
    for heading in source.headings:
        usual = USUAL_HEADINGS[heading.section]
        if heading.wording not in (usual, f"{usual}er"):
            yield f"”{heading.wording}” ({usual.lower()})"


def _dates(texts):
    for day, month, year in _DATE.findall(" ".join(texts).lower()):
        with suppress(ValueError):
            yield date(int(year), _MONTHS.index(month) + 1, int(day))


def _numbering_notes(entries):
    numbers = [entry.content.number for entry in entries if entry.content.number]
    duplicates = sorted({number for number in numbers if numbers.count(number) > 1})
    if duplicates:
        yield f"Numren {', '.join(map(str, duplicates))} förekommer flera gånger."
    if numbers:
        missing = sorted(set(range(min(numbers), max(numbers))) - set(numbers))
        if missing:
            yield f"I nummerföljden saknas {', '.join(map(str, missing))}."
