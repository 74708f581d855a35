"""Recognise section headings in their various spellings."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from proposals.sections import SECTIONS

CONTACT, SENDER = "contacts", "sender"
CONTACT_QUESTIONS = ("vem kan man kontakta", "vem kontaktar man", "vem svarar på frågor", "vem är kontaktperson")
MAX_WORDS = 7
MIN_SIMILARITY = 87  # per cent, for misspelt headings

# Each heading contains a keyword and otherwise only neutral words
_KEYWORDS = {section.name: section.heading_words for section in SECTIONS} | {
    CONTACT: "kontakt kontaktperson kontaktpersoner kontakter kontaktuppgifter kontaktinformation"
}
_NEUTRAL = """
    och & med av för till i på vid idé övergripande projektets projektet lärprojektets lärprojektet förslagets förslaget
    huvudsakligt huvudsakliga delmål förväntat förväntade förväntad önskat önskade önskad tänkt tänkta tilltänkt
    tilltänkta möjliga nytta primär primära sekundär deltagande prioriterad prioriterade mer information frågor ansvarig
    hos uppgifter kort problem utmaning behov behovet
"""
_SECTION_OF = {word: section for section, words in _KEYWORDS.items() for word in words.split()}
_KNOWN = {*_SECTION_OF, *_NEUTRAL.split()}
_SENDER = re.compile(r"(?:avsändare|region|förslagsställare|organisation|medlem)\s*:\s*(?P<rest>\S.*)", re.IGNORECASE)
_SENDER_ALONE = re.compile(r"(?:avsändare|förslagsställare|avsändande organisation|inskickat av)\s*:?", re.IGNORECASE)
_QUESTION = re.compile(r"(?P<label>[^?.!]{3,60})\?\s*(?P<rest>.*)", re.DOTALL)
_QUESTIONS = {question: section.name for section in SECTIONS for question in section.questions}
_QUESTIONS |= dict.fromkeys(CONTACT_QUESTIONS, CONTACT)
_LABEL = re.compile(r"(?P<label>[^:.?!]{3,70}?)\s*(?::\s*(?P<rest>.*)|\.?)", re.DOTALL)
# Candidates for misspelt headings
_USUAL = [
    *(heading for section in SECTIONS for heading in section.usual_headings),
    *("kontaktperson", "kontaktpersoner"),
]
_BARE = sorted({*_USUAL, "resultat", "kontakt"}, key=len, reverse=True)
# "Syfte Att lära": without a colon, but the text after it begins anew
_BARE_LABEL = re.compile(
    rf"(?P<label>{'|'.join(name.capitalize() for name in _BARE)})[ \t]+(?P<rest>[A-ZÅÄÖ0-9][^:]*)", re.DOTALL
)


@dataclass(frozen=True)
class Heading:
    """A section heading: its wording in the document and the rest of the same line."""

    section: str
    wording: str
    rest: str = ""
    is_sure: bool = True


def parse_heading(text, is_marked=False):
    """Return the Heading in a line of text, or None. `is_marked` means that it is bold or has a heading style."""
    if sender := _SENDER.fullmatch(text):
        return Heading(SENDER, text[: sender.start("rest")].rstrip(": "), sender["rest"])
    if _SENDER_ALONE.fullmatch(text):
        return Heading(SENDER, text.rstrip(": "))
    if question := _parse_question(text):
        return question
    if bare := _BARE_LABEL.fullmatch(text):
        return Heading(_section_of(bare["label"]), bare["label"], bare["rest"])
    match = _LABEL.fullmatch(text)
    if not match:
        return None
    label, rest = match["label"].strip(" *_"), (match["rest"] or "").strip()
    words = re.findall(r"[\w&]+", label.lower())
    if not words or len(words) > MAX_WORDS or not (label[0].isupper() or is_marked):
        return None
    sections = list(dict.fromkeys(_SECTION_OF[word] for word in words if word in _SECTION_OF))
    if sections and _KNOWN.issuperset(words):
        return Heading(sections[0], label, rest, is_sure=len(sections) == 1)
    return None if rest else _misspelt(label)


def _parse_question(text):
    match = _QUESTION.fullmatch(text)
    section = match and _QUESTIONS.get(" ".join(re.findall(r"\w+", match["label"].lower())))
    return Heading(section, f"{match['label'].strip(' *_')}?", match["rest"].strip(" *")) if section else None


def _misspelt(label):
    nearest = max(_USUAL, key=lambda usual: fuzz.ratio(usual, label.lower()))
    if fuzz.ratio(nearest, label.lower()) < MIN_SIMILARITY:
        return None
    return Heading(_section_of(nearest), label, is_sure=False)


def _section_of(label):
    return next(_SECTION_OF[word] for word in re.findall(r"\w+", label.lower()) if word in _SECTION_OF)
