"""How people mark the titles of proposals: "1.", "a)", "IV.", "Förslag nr 3:", "Idé #4", by style or bold type."""

import re
from collections import Counter
from dataclasses import dataclass

from proposals.importing.headings import CONTACT, SENDER, parse_heading
from proposals.importing.lines import Role
from proposals.search.text import words

MAX_NUMBER = 999
MAX_TITLE_LENGTH = 300  # characters
MAX_TITLE_WORDS = 25
MOST_SEARCHED = 2_000  # lines, for how titles look
LEAST_LISTED = 3  # titles in a row without text make a list of contents
_WORD = r"(?:lärprojekts?förslag|förslag|idé|lärprojekt|projekt(?:förslag|idé)?)"
_SIGN = r"(?:nr|nummer|no|#)"
_END = r"\s*[.):–-]"
_DIGITS = r"(?P<digits>[0-9]{1,3})"
_TITLE = r"(?P<title>\S.*)"
_FLAGS = re.IGNORECASE | re.DOTALL
_NUMBERED = [
    re.compile(rf"{_WORD}?\s*{_SIGN}?\.?\s*{_DIGITS}{_END}\s*{_TITLE}", _FLAGS),
    re.compile(rf"(?:{_WORD}\s*{_SIGN}?\.?|{_SIGN}\.?)\s*{_DIGITS}\s+{_TITLE}", _FLAGS),
]
# Only of what is marked as a heading, or else a text would have titles everywhere
_NUMBERED_HEADING = [
    re.compile(rf"[0-9]{{1,2}}\.[0-9]{{1,2}}\.?\s+{_TITLE}", re.DOTALL),
    re.compile(rf"{_DIGITS}\s+(?P<title>[^\W\d].*)", re.DOTALL),
    re.compile(rf"(?:{_WORD}\s+)?(?P<roman>[IVX]{{1,6}})[.):]\s*{_TITLE}", re.DOTALL),
    re.compile(rf"(?:{_WORD}\s+)?(?P<letter>[A-ZÅÄÖa-zåäö])[.):]\s+{_TITLE}", re.DOTALL),
]
_NUMBER_ALONE = re.compile(rf"(?P<word>{_WORD}\s*)?(?:{_SIGN}\.?\s*)?{_DIGITS}\s*[.:)]?", re.IGNORECASE)
SENDER_LABEL = re.compile(r"\A(?:avsändare|förslagsställare)\s*:?\s+", re.IGNORECASE)
_TITLE_LABEL = re.compile(
    r"(?:rubrik|titel|(?:förslagets|projektets) (?:rubrik|titel|namn)|projekttitel|arbetsnamn)\s*:\s*(?P<title>\S.*)",
    re.IGNORECASE,
)
_ROMAN = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True)
class NumberedTitle:
    number: int | None
    title: str
    is_sure: bool = True  # False for what only a heading's look tells


def parse_title(text, is_marked=False):
    """Return the NumberedTitle that a line is, or None. `is_marked` means that it is bold or has a heading style."""
    for pattern in _NUMBERED:
        if (match := pattern.fullmatch(text)) and not re.match(r"[0-9]+\.[0-9]", text):
            return NumberedTitle(int(match["digits"]), match["title"])
    for pattern in _NUMBERED_HEADING if is_marked else ():
        if match := pattern.fullmatch(text):
            return NumberedTitle(_number(match), match["title"], is_sure=False)
    return None


def labelled_title(text):
    """The title in a line such as "Rubrik: Vatten", or ""."""
    match = _TITLE_LABEL.fullmatch(text)
    return match["title"] if match else ""


def names_sender(text, senders):
    """Whether a line names nothing but a sender, after a label or without one."""
    heading = parse_heading(text, is_marked=True) if text else None
    is_label = heading is not None and heading.section == SENDER
    return is_label or senders.is_sender(SENDER_LABEL.sub("", text))


def parse_number(text, is_marked=False):
    """Return the number that stands alone in a line, above its title, or None."""
    match = _NUMBER_ALONE.fullmatch(text)
    return int(match["digits"]) if match and (match["word"] or is_marked) else None


def _number(match):
    found = match.groupdict()
    if found.get("digits"):
        return int(found["digits"])
    if found.get("roman"):
        values = [_ROMAN[sign] for sign in found["roman"]]
        following = [*values[1:], 0]
        return sum(-one if one < after else one for one, after in zip(values, following, strict=True))
    return "abcdefghijklmnopqrstuvwxyzåäö".index(found["letter"].lower()) + 1 if found.get("letter") else None


class TitleStyle:
    """How the titles of a document look.

    `level` is that of their heading style, or 0; `is_listed` whether Word numbers them in a list, `is_bold` whether
    numbered ones are bold; `unnumbered` holds the indexes of bold lines that are titles without a number.
    """

    def __init__(self, lines, senders):
        marked = [line for line in lines if (line.is_bold or line.level) and line.text and not line.role]
        sure = sum(bool(parse_title(line.text)) for line in marked)
        odd = sum(bool(parse_title(line.text, is_marked=True)) for line in marked) - sure
        self.has_odd_numbers = sure < 2 <= odd
        self.senders = senders
        self.has_plain_letters = self._count_letters(lines[:MOST_SEARCHED]) > 1
        self.level = self._level(lines)
        self.is_listed = not self.level and sum(map(is_listed_title, lines)) > 1
        self.is_bold = sum(line.is_bold and bool(self.parse(line)) for line in lines if not line.is_answer) > 1
        numbered = [line for line in lines[:MOST_SEARCHED] if line.text and parse_title(line.text) and not line.role]
        is_plain = sum(bool(senders.split(line.text).sender) for line in numbered) > 1
        is_told = any(line.role is Role.TITLE or labelled_title(line.text) for line in lines)
        is_other = self.level or self.is_listed or self.is_bold or is_plain or self.has_plain_letters or is_told
        self.unnumbered = set() if is_other else _unnumbered_titles(lines, senders)

    def parse(self, line):
        """Return the NumberedTitle of a line, or None."""
        is_marked = self.has_odd_numbers and (line.is_bold or line.level > 0)
        return parse_title(line.text, is_marked or (self.has_plain_letters and self._has_sender(line)))

    def _has_sender(self, line):
        return len(line.text) < MAX_TITLE_LENGTH and bool(self.senders.split(line.text).sender)

    def _count_letters(self, lines):
        """How many plain lines have a letter or a Roman number before, and a sender behind, their title."""
        lettered = (line for line in lines if line.text and len(line.text) < MAX_TITLE_LENGTH and not line.role)
        found = [line for line in lettered if not parse_title(line.text) and parse_title(line.text, is_marked=True)]
        return sum(map(self._has_sender, found))

    def _level(self, lines):
        """The heading level with most numbered headings, else the highest with several."""
        headings = [line for line in lines if line.level and line.text]
        numbered = Counter(line.level for line in headings if self.parse(line) or parse_number(line.text, True))
        if numbered:
            return numbered.most_common(1)[0][0]
        titles = Counter(line.level for line in headings if not parse_heading(line.text, is_marked=True))
        several = [level for level in sorted(titles) if titles[level] > 1]
        sections = [line.level for line in headings if parse_heading(line.text, is_marked=True)]
        return several[0] if several and (not sections or several[0] < min(sections)) else 0


def is_listed_title(line):
    return (
        line.list_kind == "numbers" and not line.depth and line.is_bold and not parse_heading(line.text, is_marked=True)
    )


def _unnumbered_titles(lines, senders):
    """Indexes of bold lines that begin a proposal: a sender follows, or sections do once the last ones are over."""
    found, plain, is_over = set(), set(), True
    for index, line in enumerate(lines):
        heading = parse_heading(line.text, is_marked=True) if line.text and len(line.text) < MAX_TITLE_LENGTH else None
        if heading:
            is_over = is_over or heading.section == CONTACT
        elif _may_be_title(line) and (_has_sender(index, lines, senders) or (is_over and _has_sections(index, lines))):
            found.add(index)
            is_over = False
        elif is_over and _is_plain_title(index, lines, senders):
            plain.add(index)
            is_over = False
    return found if len(found) > 1 else plain


def _may_be_title(line):
    is_text = line.is_bold and not (line.role or line.list_kind or line.is_answer)
    return is_text and len(line.text.split()) <= MAX_TITLE_WORDS


def _is_plain_title(index, lines, senders):
    """Whether a line that nothing marks is a title: it begins the text or stands alone, and its sender is below it."""
    line = lines[index]
    if line.role or line.list_kind or line.is_answer or not 0 < len(line.text.split()) <= MAX_TITLE_WORDS:
        return False
    below = next((one for one in lines[index + 1 : index + 3] if one.text), None)
    is_apart = not index or not lines[index - 1].text
    is_sentence = line.text.endswith((".", ":", ",")) or names_sender(line.text, senders)
    return is_apart and not is_sentence and below is not None and names_sender(below.text, senders)


def _has_sender(index, lines, senders):
    """Whether the title holds its sender, or the next line is one."""
    below = next((line for line in lines[index + 1 : index + 3] if line.text), None)
    if below is None:
        return False
    if names_sender(below.text, senders):
        return True
    title = lines[index].text
    return bool(senders.split(title).sender) and not senders.is_sender(title)


def _has_sections(index, lines):
    """Whether headings of sections follow before the next bold line that is none."""
    for line in lines[index + 1 : index + 60]:
        if line.text and len(line.text) < MAX_TITLE_LENGTH:
            if parse_heading(line.text, line.is_bold):
                return True
            if _may_be_title(line):
                return False
    return False


def contents_of(lines):
    """{id of a line: its text} of lists of titles that all come once more, with text under them."""
    found, row = {}, []
    later = [_key(line.text) for line in lines]
    for index, line in enumerate([*lines, None]):
        if line is not None and not line.text:
            continue
        number = _listed_number(line) if line is not None else None
        if number is not None and (not row or number > _listed_number(lines[row[-1]])):
            row.append(index)
            continue
        if len(row) >= LEAST_LISTED and all(_comes_again(later[place], later[index:]) for place in row):
            found |= {id(lines[place]): lines[place].text for place in row}
        row = [index] if number is not None else []
    return found


def _listed_number(line):
    """The number of a line that may be one of a list of contents, or None."""
    if line.level or line.role or len(line.text) >= MAX_TITLE_LENGTH:
        return None
    numbered = parse_title(line.text)
    return numbered and numbered.number


def _key(text):
    """The words of a title without its number, the dots and the page."""
    numbered = parse_title(text) if len(text) < MAX_TITLE_LENGTH else None
    return " ".join(words(re.sub(r"[\s.…]*[0-9]*$", "", numbered.title if numbered else text[:MAX_TITLE_LENGTH])))


def _comes_again(key, others):
    return bool(key) and any(other.startswith(key) for other in others)
