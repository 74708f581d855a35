"""Parse contact persons from free text."""

import re
from dataclasses import dataclass, field, replace

from proposals.booklet.content import Person
from proposals.importing.lines import Role
from proposals.importing.names import is_name, is_occupation, name_at_start, titled_name
from proposals.importing.paragraphs import has_no_room
from proposals.search.text import fold

EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?:(?:tel(?:efon)?|mobil|tfn|växel)[.:]*\s*)?(?P<number>(?:\+\d{1,3}|0)[\d\s()/.–-]{5,}\d)", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:namn|titel|roll|funktion|e-?post(?:adress)?|e-?mail|mejl|mail|tel(?:efon)?(?:nummer)?|mobil|tfn|organisation)\s*:\s*",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s*(?:[0-9]{1,2}[.)]|[•–*-])\s+")
_AT = re.compile(r"\s*[\[(]\s*(?:at|snabel-?a|a|@)\s*[\])]\s*", re.IGNORECASE)
_INVITATION = re.compile(r"\A(?:kontakta(?: gärna)?|hör av (?:dig|er) till|ring(?: gärna)?|mejla)\s+", re.IGNORECASE)
_GREETING = re.compile(r"(?:med )?(?:vänliga?|bästa|många)?\s*hälsning(?:ar)?[,.!]*|mvh[,.]*", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:vakant|meddelas senare|kommer senare|ej klart?|inte klart?|tbd|n\.?\s?n\.?|okänd|saknas|ingen|"
    r"välkommen .*|hör (?:gärna )?av .*|tack.*)[.!]*",
    re.IGNORECASE,
)
MAX_LOOKAHEAD = 500  # characters
MAX_PERSONS = 100
MAX_NAME, MAX_PHONE, MIN_DIGITS = 80, 50, 7
_SEPARATOR = re.compile(r"\s+(?:och|samt|&)\s+|\s*/\s*|\s*;\s*|\s*\|\s*")


@dataclass
class ParsedContacts:
    persons: list[Person] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def parse_contacts(lines, margin=0):
    """Return the ParsedContacts in the lines of a contact section."""
    found = ParsedContacts()
    if any(line.role in (Role.NAME, Role.JOB, Role.EMAIL, Role.PHONE) for line in lines):
        lines = _add_styled(lines, found)
    is_signed = False
    for text in _rows(lines, margin):
        is_signed = is_signed or bool(_GREETING.fullmatch(text))
        for piece in _split_persons(text):
            if len(found.persons) < MAX_PERSONS and not is_signed:
                _add(piece, found)
            else:
                found.unplaced.append(piece)
    found.persons = list(dict.fromkeys(found.persons))
    return found


def _add_styled(lines, found):
    """Add the lines that a Word file of ours marks by style; return the others."""
    others = []
    fields = {Role.JOB: "title", Role.EMAIL: "email", Role.PHONE: "phone"}
    for line in lines:
        if line.role is Role.NAME:
            found.persons.append(Person(line.text))
        elif line.role in fields and found.persons:
            found.persons[-1] = replace(found.persons[-1], **{fields[line.role]: line.text})
        else:
            others.append(line)
    return others


def _rows(lines, margin):
    rows, before = [], None
    for line in lines:
        for text in filter(None, (_AT.sub("@", part).replace(" | ", ", ").strip() for part in line.text.split("\n"))):
            if before is not None and not line.is_whole and _is_wrapped(before, text, margin):
                rows[-1] = f"{rows[-1]} {text}"
            else:
                rows.append(text)
            before = text
    return rows


def _is_wrapped(before, text, margin):
    return bool(margin) and has_no_room(before, text, margin) and not EMAIL.search(text)


def _split_persons(text):
    """Split a row such as "Anna Ek och Bo Al" or "Anna Ek chef/Bo Al strateg"."""
    text = _MARKER.sub("", text, count=1).strip(" •–-\t") if _MARKER.match(text) else text.strip(" •–-\t")
    begin = 0
    for separator in _SEPARATOR.finditer(text):
        following = text[separator.end() : separator.end() + MAX_LOOKAHEAD]
        if begins_person(following) and text[begin : separator.start()].strip():
            yield from _split_names(text[begin : separator.start()])
            begin = separator.end()
    yield from _split_names(text[begin:])


def _split_names(text):
    """Split "Anna Ek, Bo Al, Cia By" and "Anna Ek, chef, Bo Al, strateg", but not "Anna Ek, chef, anna@…"."""
    parts = [part.strip() for part in text.split(",")]
    is_only_names = all(map(is_name, parts))
    person = parts[:1]
    for part in parts[1:]:
        if is_name(part) and begins_person(person[0]) and (is_only_names or len(person) > 1):
            yield ", ".join(person)
            person = []
        person.append(part)
    yield ", ".join(person)


def begins_person(text):
    """Whether a text begins with a name, a title before one, or an address."""
    return bool(EMAIL.match(text) or name_at_start(text)[0] or titled_name(text.partition(",")[0]))


def _add(text, found):
    text = _INVITATION.sub("", text.strip(" ()"))
    if _NOBODY.fullmatch(text):
        found.unplaced.append(text)
        return
    emails = EMAIL.findall(text)
    rest = EMAIL.sub(" ", text)
    phones = [phone for match in _PHONE.finditer(rest) for phone in _each_phone(match["number"])]
    rest = _LABEL.sub("", _PHONE.sub(" ", rest)).replace("mailto:", "").replace("<", " ").replace(">", " ")
    rest = re.sub(r"\s*,(?:\s*,)+\s*", ", ", re.sub(r"\(\s*\)", " ", " ".join(rest.split())))
    rest = " ".join(rest.split()).strip(" ,;:()")
    name, after = name_at_start(rest)
    title = after.strip(" ,;:–-(")
    title = title.strip(")") if "(" not in title else title
    if name:
        found.persons.append(Person(name.title() if name.isupper() else name, title))
    elif titled := rest and titled_name(rest.partition(",")[0]):
        title = ", ".join(filter(None, [titled[0], rest.partition(",")[2].strip()]))
        found.persons.append(Person(titled[1], title))
    elif rest and emails and len(rest) <= MAX_NAME and all(person.email for person in found.persons):
        found.persons.append(Person(rest))  # an office with an address
    elif rest:
        _add_title(rest, found)
    for email in emails:
        _add_email(email, found)
    _add_phones(phones, found)


def _each_phone(text):
    """The numbers of "070-123 45 67 / 070-765 43 21"."""
    parts = [part.strip() for part in text.split("/")]
    whole = all(sum(map(str.isdigit, part)) >= MIN_DIGITS for part in parts)
    return parts if whole else [text.strip()]


def _add_title(text, found):
    """Handle a row without a full name: a title of the previous person, a single name, or unplaced text."""
    last = found.persons[-1] if found.persons else None
    if last and not last.title and not last.email and len(text.split()) <= 15 and not text.endswith((".", "!", "?")):
        found.persons[-1] = replace(last, title=text)
    elif last and not last.email and last.title and text[:1].islower():
        found.persons[-1] = replace(last, title=f"{last.title} {text}")
    elif re.fullmatch(r"[A-ZÅÄÖ]\w+", text) and not is_occupation(text):
        found.persons.append(Person(text))
        found.warnings.append(f"”{text}” togs som en kontaktpersons namn.")
    else:
        found.unplaced.append(text)


def _add_email(email, found):
    """Assign the address by name, else to the only person without one, else to a new person named after it."""
    local = fold(email.partition("@")[0])
    without_email = [index for index, person in enumerate(found.persons) if not person.email]
    matching = [
        index for index in without_email if fold(found.persons[index].name).split()[-1] in local.replace("-", "")
    ]
    if matching or without_email == [len(found.persons) - 1]:
        index = (matching or without_email)[0]
        found.persons[index] = replace(found.persons[index], email=email)
    else:
        found.persons.append(Person(_name_from(email), email=email))
        found.warnings.append(f"Namnet {_name_from(email)} är läst ur adressen {email}.")


def _add_phones(phones, found):
    """One to each of the last persons if that fits, else all to the last one."""
    last = found.persons[-len(phones) :] if phones else []
    if len(phones) > 1 and len(last) == len(phones) and not any(person.phone for person in last):
        found.persons[-len(phones) :] = [
            replace(person, phone=phone) for person, phone in zip(last, phones, strict=True)
        ]
        return
    for phone in phones:
        both = ", ".join(filter(None, [found.persons[-1].phone, phone])) if found.persons else ""
        if found.persons and len(both) <= MAX_PHONE:
            found.persons[-1] = replace(found.persons[-1], phone=both)
        else:
            found.unplaced.append(phone)


def _name_from(email):
    parts = re.split(r"[._]+", re.sub(r"[0-9]+", "", email.partition("@")[0]))
    return " ".join(part[:1].upper() + part[1:] for part in parts if part) or email
