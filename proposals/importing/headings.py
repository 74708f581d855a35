"""The headings of a proposal's sections, in all the ways that people write them."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from proposals.sections import SECTIONS

CONTACT, SENDER = "contacts", "sender"
LONGEST = 7  # words of a heading
ALIKE = 87  # per cent, for a heading with a typing error

# The words that a heading is known by, and those that may stand beside them
_CORE = {section.name: section.heading_words for section in SECTIONS} | {
    CONTACT: "kontakt kontaktperson kontaktpersoner kontakter kontaktuppgifter kontaktinformation"
}
_BESIDE = """
    och & med av för till i på vid idé övergripande projektets projektet lärprojektets lärprojektet förslagets förslaget
    huvudsakligt huvudsakliga delmål förväntat förväntade förväntad önskat önskade önskad tänkt tänkta tilltänkt
    tilltänkta möjliga nytta primär primära sekundär deltagande prioriterad prioriterade mer information frågor ansvarig
    hos uppgifter kort problem utmaning behov behovet
"""
_SECTION_OF = {word: section for section, words in _CORE.items() for word in words.split()}
_KNOWN = {*_SECTION_OF, *_BESIDE.split()}
_SENDER = re.compile(r"(?:avsändare|region|förslagsställare|organisation|medlem)\s*:\s*(?P<rest>\S.*)", re.IGNORECASE)
_LABEL = re.compile(r"(?P<label>[^:.?!]{3,70}?)\s*(?::\s*(?P<rest>.*)|\.?)", re.DOTALL)
# What a misspelt heading may have been meant to be
_USUAL = [
    *(heading for section in SECTIONS for heading in section.usual_headings),
    *("kontaktperson", "kontaktpersoner"),
]


@dataclass(frozen=True)
class Heading:
    """A line that begins a section: which one, how the document writes it, and what follows on the same line."""

    section: str
    wording: str
    rest: str = ""
    is_sure: bool = True


def heading_of(text, is_marked=False):
    """The Heading that a line of text is, or None. `is_marked` when it looks like one in the document."""
    if sender := _SENDER.fullmatch(text):
        return Heading(SENDER, text[: sender.start("rest")].rstrip(": "), sender["rest"])
    found = _LABEL.fullmatch(text)
    if not found:
        return None
    label, rest = found["label"].strip(" *_"), (found["rest"] or "").strip()
    words = re.findall(r"[\w&]+", label.lower())
    if not words or len(words) > LONGEST or not (label[0].isupper() or is_marked):
        return None
    sections = list(dict.fromkeys(_SECTION_OF[word] for word in words if word in _SECTION_OF))
    if sections and _KNOWN.issuperset(words):
        return Heading(sections[0], label, rest, is_sure=len(sections) == 1)
    return None if rest else _misspelt(label)


def _misspelt(label):
    nearest = max(_USUAL, key=lambda usual: fuzz.ratio(usual, label.lower()))
    if fuzz.ratio(nearest, label.lower()) < ALIKE:
        return None
    section = next(_SECTION_OF[word] for word in re.findall(r"\w+", nearest) if word in _SECTION_OF)
    return Heading(section, label, is_sure=False)
