"""What a person corrects in a preview, before anything is saved. Each function changes the ParsedDocument."""

from dataclasses import replace

from proposals import sections
from proposals.booklet.content import BookletProposal
from proposals.importing.contacts import parse_contacts
from proposals.importing.headings import CONTACT
from proposals.importing.lines import plain_line
from proposals.importing.parsing import Entry
from proposals.models.proposal import TITLE_LENGTH
from proposals.richtext import plain

NEW, LEFT_OUT = "new", "left out"
PLACES = {
    **{section.name: section.column for section in sections.SECTIONS},
    CONTACT: "Kontaktperson",
    NEW: "Ett nytt förslag",
    LEFT_OUT: "Läs inte in",
}


def correct(document, place, content):
    """Let the entry say `content`; what was uncertain about it is settled."""
    entry = document.entries[place]
    document.entries[place] = Entry(content, [], entry.unplaced, entry.headings, is_corrected=True)


def place_unplaced(document, place, number, where):
    """Put a text that got no place in its entry in one of PLACES."""
    _put(document, document.entries[place].unplaced.pop(number), place, where)


def place_unread(document, number, place, where):
    """Put a text that belonged to no entry in one of PLACES of the entry at `place`."""
    _put(document, document.unread.pop(number), place, where)


def join_above(document, place):
    """Make the entry a part of the one above: it began nothing new."""
    below, above = document.entries.pop(place), document.entries[place - 1]
    content, texts = above.content, dict(above.content.texts)
    last = next((name for name in reversed(sections.NAMES) if texts.get(name)), sections.NAMES[0])
    texts[last] = _joined(texts.get(last), _heading(below.content), below.content.texts.get(sections.NAMES[0]))
    for name in sections.NAMES[1:]:
        texts[name] = _joined(texts.get(name), below.content.texts.get(name))
    contacts = tuple(dict.fromkeys([*content.contacts, *below.content.contacts]))
    above.content = replace(content, texts=texts, contacts=contacts)
    above.unplaced += below.unplaced
    above.is_corrected = True


def split(document, place, name, number):
    """Let paragraph `number` of a section, and all that follows it, be a proposal of its own."""
    entry = document.entries[place]
    texts = dict(entry.content.texts)
    paragraphs = texts.get(name, "").split("\n\n")
    if not 0 <= number < len(paragraphs):
        return
    later = sections.NAMES[sections.NAMES.index(name) + 1 :]
    title, *rest = paragraphs[number:]
    below = {sections.NAMES[0]: "\n\n".join(rest)} | {section: texts.get(section, "") for section in later}
    texts |= {name: "\n\n".join(paragraphs[:number])} | dict.fromkeys(later, "")
    new = BookletProposal(None, plain(title)[:TITLE_LENGTH], texts=below, contacts=entry.content.contacts)
    entry.content = replace(entry.content, texts=texts, contacts=())
    entry.is_corrected = True
    document.entries.insert(place + 1, Entry(new, is_corrected=True))


def leave_out(document, place):
    """Read the entry in no more."""
    document.skipped.append(document.entries.pop(place).content.title)


def _put(document, text, place, where):
    if where == LEFT_OUT:
        document.skipped.append(text)
    elif where == NEW:
        title, _, rest = text.partition("\n")
        new = BookletProposal(None, plain(title)[:TITLE_LENGTH], texts={sections.NAMES[0]: rest.strip()})
        document.entries.insert(place + 1, Entry(new, is_corrected=True))
    elif where == CONTACT:
        entry = document.entries[place]
        found = parse_contacts([plain_line(row) for row in text.split("\n")])
        entry.content = replace(entry.content, contacts=(*entry.content.contacts, *found.persons))
        entry.unplaced += found.unplaced
    else:
        entry = document.entries[place]
        texts = entry.content.texts | {where: _joined(entry.content.texts.get(where), text)}
        entry.content = replace(entry.content, texts=texts)


def _heading(content):
    return f"{content.number}. {content.title}" if content.number else content.title


def _joined(*texts):
    return "\n\n".join(filter(None, texts))
