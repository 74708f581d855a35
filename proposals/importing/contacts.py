"""Parse contact persons from free text."""

import re
from dataclasses import dataclass, field, replace

from proposals.booklet.content import Person
from proposals.importing.lines import Role
from proposals.importing.paragraphs import has_no_room
from proposals.search.text import fold

EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?:(?:tel(?:efon)?|mobil|tfn|växel)[.:]*\s*)?(?P<number>(?:\+\d{1,3}|0)[\d\s()/–-]{5,}\d)", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:namn|titel|roll|funktion|e-?post(?:adress)?|e-?mail|mejl|mail|tel(?:efon)?(?:nummer)?|mobil|tfn|organisation)\s*:\s*",
    re.IGNORECASE,
)
_WORD = "[A-ZÅÄÖÉÜØÆÁ][a-zåäöéèüøæáíóëï'’]+"
_NAME_PART = rf"(?:{_WORD}(?:-{_WORD})*|[A-ZÅÄÖ]\b\.?|von|van|af|de|la|al|el|da|di)"
_NAME = re.compile(rf"{_NAME_PART}(?:\s+{_NAME_PART}){{1,4}}")
# Endings of titles and organisations, which aren't surnames
_OCCUPATION = re.compile(
    r"(?:chef(?:en)?|strateg(?:en)?|ledare|ledaren|direktör|samordnare|utvecklare|handläggare|ansvarig|koordinator|analytiker"
    r"|expert|planerare|råd|rådgivare|sekreterare|controller|konsult|ombud|ingenjör|ekonom|utredare|forskare|lektor|professor"
    r"|utveckling(?:en)?|enhet(?:en)?|avdelning(?:en)?|region(?:en)?|kommun(?:en)?|verket|förvaltning(?:en)?|strategi|planering"
    r"|kontor(?:et)?|ledning|frågor|tillväxt|analys|kultur|hållbarhet|miljö|infrastruktur|näringsliv|myndigheten|styrelsen|län)",
    re.IGNORECASE,
)
MAX_LOOKAHEAD = 500  # characters
MAX_PERSONS = 100
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
    for text in _rows(lines, margin):
        for piece in _split_persons(text):
            if len(found.persons) < MAX_PERSONS:
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
        for text in filter(None, (part.strip() for part in line.text.split("\n"))):
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
    text = text.strip(" •–-\t")
    begin = 0
    for separator in _SEPARATOR.finditer(text):
        following = text[separator.end() : separator.end() + MAX_LOOKAHEAD]
        if _begins_person(following) and text[begin : separator.start()].strip():
            yield from _split_names(text[begin : separator.start()])
            begin = separator.end()
    yield from _split_names(text[begin:])


def _split_names(text):
    """Split "Anna Ek, Bo Al, Cia By", but not "Anna Ek, chef, anna@…"."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and all(_is_name(part) for part in parts):
        yield from parts
    else:
        yield text


def _begins_person(text):
    return bool(EMAIL.match(text) or _name_at_start(text)[0])


def _is_name(text):
    return bool(_NAME.fullmatch(text)) and not any(
        _OCCUPATION.fullmatch(_occupation_suffix(word)) for word in text.split()
    )


def _occupation_suffix(word):
    """Return the end of a word that names an occupation ("regionstrateg" → "strateg"), else the word."""
    match = re.search(rf"{_OCCUPATION.pattern}$", word, re.IGNORECASE)
    return match[0] if match and len(match[0]) >= 4 else word


def _name_at_start(text):
    """Return (name, rest), or ("", text) if the text doesn't begin with a name."""
    match = _NAME.match(text)
    if not match:
        return "", text
    words = match[0].split()
    while words and (
        _OCCUPATION.fullmatch(_occupation_suffix(words[-1])) or text[len(" ".join(words)) :][:1].isalnum()
    ):
        words.pop()
    for index, word in enumerate(words):
        if _OCCUPATION.fullmatch(_occupation_suffix(word)):
            words = words[:index]
            break
    name = " ".join(words)
    return (name, text[len(name) :]) if len(words) > 1 else ("", text)


def _add(text, found):
    text = text.strip(" ()")
    emails = EMAIL.findall(text)
    rest = EMAIL.sub(" ", text)
    phones = [match["number"].strip() for match in _PHONE.finditer(rest)]
    rest = _LABEL.sub("", _PHONE.sub(" ", rest)).replace("mailto:", "").replace("<", " ").replace(">", " ")
    rest = re.sub(r"\s*,(?:\s*,)+\s*", ", ", re.sub(r"\(\s*\)", " ", " ".join(rest.split())))
    rest = " ".join(rest.split()).strip(" ,;:()")
    name, after = _name_at_start(rest)
    title = after.strip(" ,;:–-(")
    title = title.strip(")") if "(" not in title else title
    if name:
        found.persons.append(Person(name, title))
    elif rest:
        _add_title(rest, found)
    for email in emails:
        _add_email(email, found)
    for phone in phones:
        _add_phone(phone, found)


def _add_title(text, found):
    """Handle a row without a full name: a title of the previous person, a single name, or unplaced text."""
    last = found.persons[-1] if found.persons else None
    if last and not last.title and not last.email and len(text.split()) <= 15 and not text.endswith((".", "!", "?")):
        found.persons[-1] = replace(last, title=text)
    elif last and not last.email and last.title and text[:1].islower():
        found.persons[-1] = replace(last, title=f"{last.title} {text}")
    elif re.fullmatch(r"[A-ZÅÄÖ]\w+", text) and not _OCCUPATION.fullmatch(_occupation_suffix(text)):
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


def _add_phone(phone, found):
    if found.persons and not found.persons[-1].phone:
        found.persons[-1] = replace(found.persons[-1], phone=phone)
    else:
        found.unplaced.append(phone)


def _name_from(email):
    parts = re.split(r"[._]+", re.sub(r"[0-9]+", "", email.partition("@")[0]))
    return " ".join(part[:1].upper() + part[1:] for part in parts if part) or email
