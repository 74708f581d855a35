"""Contact persons: from how people write them to name, title, e-mail and phone."""

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
# How words about work and organisations end, to tell them from surnames
_WORK = re.compile(
    r"(?:chef(?:en)?|strateg(?:en)?|ledare|ledaren|direktör|samordnare|utvecklare|handläggare|ansvarig|koordinator|analytiker"
    r"|expert|planerare|råd|rådgivare|sekreterare|controller|konsult|ombud|ingenjör|ekonom|utredare|forskare|lektor|professor"
    r"|utveckling(?:en)?|enhet(?:en)?|avdelning(?:en)?|region(?:en)?|kommun(?:en)?|verket|förvaltning(?:en)?|strategi|planering"
    r"|kontor(?:et)?|ledning|frågor|tillväxt|analys|kultur|hållbarhet|miljö|infrastruktur|näringsliv|myndigheten|styrelsen|län)",
    re.IGNORECASE,
)
LONGEST_PERSON = 500  # characters in which a person begins
MOST_PERSONS = 100
_AND = re.compile(r"\s+(?:och|samt|&)\s+|\s*/\s*|\s*;\s*|\s*\|\s*")


@dataclass
class People:
    """Who the lines name, what in them found no place, and what isn't sure."""

    persons: list[Person] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def people_of(lines, margin=0):
    """The People in the lines of a contact section."""
    found = People()
    if any(line.role in (Role.NAME, Role.JOB, Role.EMAIL, Role.PHONE) for line in lines):
        lines = _take_styled(lines, found)
    for text in _rows(lines, margin):
        for piece in _pieces(text):
            if len(found.persons) < MOST_PERSONS:
                _take(piece, found)
            else:
                found.unplaced.append(piece)
    found.persons = list(dict.fromkeys(found.persons))
    return found


def _take_styled(lines, found):
    """Take what our own Word file marks by style; the other lines are returned."""
    others = []
    names = {Role.JOB: "title", Role.EMAIL: "email", Role.PHONE: "phone"}
    for line in lines:
        if line.role is Role.NAME:
            found.persons.append(Person(line.text))
        elif line.role in names and found.persons:
            found.persons[-1] = replace(found.persons[-1], **{names[line.role]: line.text})
        else:
            others.append(line)
    return others


def _rows(lines, margin):
    """The lines as texts, a long one with those that it goes on in."""
    rows, before = [], None
    for line in lines:
        for text in filter(None, (part.strip() for part in line.text.split("\n"))):
            goes_on = before is not None and not line.is_whole and _goes_on(before, text, margin)
            if goes_on:
                rows[-1] = f"{rows[-1]} {text}"
            else:
                rows.append(text)
            before = text
    return rows


def _goes_on(before, text, margin):
    """Whether the text is the end of a title that the page's width has cut."""
    return bool(margin) and has_no_room(before, text, margin) and not EMAIL.search(text)


def _pieces(text):
    """A row divided where another person begins: "Anna Ek och Bo Al", "Anna Ek chef/Bo Al strateg"."""
    text = text.strip(" •–-\t")
    begin = 0
    for mark in _AND.finditer(text):
        following = text[mark.end() : mark.end() + LONGEST_PERSON]
        if _begins_person(following) and text[begin : mark.start()].strip():
            yield from _by_comma(text[begin : mark.start()])
            begin = mark.end()
    yield from _by_comma(text[begin:])


def _by_comma(text):
    """ "Anna Ek, Bo Al, Cia By" is three people; "Anna Ek, chef, anna@…" is one."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and all(_is_name(part) for part in parts):
        yield from parts
    else:
        yield text


def _begins_person(text):
    found = _NAME.match(text)
    return bool(EMAIL.match(text)) or bool(found and _name_at_start(text)[0])


def _is_name(text):
    return bool(_NAME.fullmatch(text)) and not any(_WORK.fullmatch(_last_part(word)) for word in text.split())


def _last_part(word):
    """The word, or the end of it that says what somebody does: "regionstrateg" → "strateg"."""
    found = re.search(rf"{_WORK.pattern}$", word, re.IGNORECASE)
    return found[0] if found and (len(found[0]) >= 4) else word


def _name_at_start(text):
    """(name, what follows) where the text begins with a person's name, else ("", text)."""
    found = _NAME.match(text)
    if not found:
        return "", text
    words = found[0].split()
    while words and (_WORK.fullmatch(_last_part(words[-1])) or text[len(" ".join(words)) :][:1].isalnum()):
        words.pop()
    for place, word in enumerate(words):
        if _WORK.fullmatch(_last_part(word)):
            words = words[:place]
            break
    name = " ".join(words)
    return (name, text[len(name) :]) if len(words) > 1 else ("", text)


def _take(text, found):
    """Add what one piece says: a new person, or more about the last one."""
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
    """A row without a name is the title of the person above, a single name, or nothing that we understand."""
    last = found.persons[-1] if found.persons else None
    if last and not last.title and not last.email and len(text.split()) <= 15 and not text.endswith((".", "!", "?")):
        found.persons[-1] = replace(last, title=text)
    elif last and not last.email and last.title and text[:1].islower():
        found.persons[-1] = replace(last, title=f"{last.title} {text}")
    elif re.fullmatch(r"[A-ZÅÄÖ]\w+", text) and not _WORK.fullmatch(_last_part(text)):
        found.persons.append(Person(text))
        found.warnings.append(f"”{text}” togs som en kontaktpersons namn.")
    else:
        found.unplaced.append(text)


def _add_email(email, found):
    """Give the address to whom it names, else to the last person without one, else to somebody named after it."""
    local = fold(email.partition("@")[0])
    lacking = [place for place, person in enumerate(found.persons) if not person.email]
    named = [place for place in lacking if fold(found.persons[place].name).split()[-1] in local.replace("-", "")]
    if named or lacking == [len(found.persons) - 1]:
        place = named[0] if named else lacking[0]
        found.persons[place] = replace(found.persons[place], email=email)
    else:
        found.persons.append(Person(_name_of(email), email=email))
        found.warnings.append(f"Namnet {_name_of(email)} är läst ur adressen {email}.")


def _add_phone(phone, found):
    if found.persons and not found.persons[-1].phone:
        found.persons[-1] = replace(found.persons[-1], phone=phone)
    else:
        found.unplaced.append(phone)


def _name_of(email):
    """A name read off an address, with no letters that aren't in it."""
    parts = re.split(r"[._]+", re.sub(r"[0-9]+", "", email.partition("@")[0]))
    return " ".join(part[:1].upper() + part[1:] for part in parts if part) or email
