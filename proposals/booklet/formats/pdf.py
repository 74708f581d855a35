"""PDF/UA-1 and PDF/A-2a by Typst: tagged, in Swedish, and byte-identical for the same booklet."""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from proposals import richtext
from proposals.booklet import palette
from proposals.booklet.content import NO_SENDER
from proposals.text_input.phone_numbers import split_phone_numbers

TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "booklet"
FONTS = TEMPLATE / "fonts"
COLORS = {"ink": palette.INK, "quiet": palette.QUIET, "accent": palette.ACCENT, "rule": palette.RULE}
STANDARDS = ["ua-1", "a-2a"]
SHORT_TITLE = 70  # characters, for the running head
BRIEF = 600  # letters of a paragraph that may be moved to the next page with what follows
LONG = 3_000  # letters of a paragraph whose lines aren't weighed against each other: that would take seconds
SHORT_SECTION = 500  # characters, kept on one page
UNKNOWN = "□"
LONG_WORD = re.compile(r"\S{60,}")  # gets line breaks
# Normalisation is slow for long runs of combining characters
_WORD = re.compile(r"\S{1,100}")
WORD_BREAK = "\N{ZERO WIDTH SPACE}"
MAX_HEADING = 1000  # characters
MAX_LINK = 2000  # characters that PDF readers accept


def render(booklet):
    return typst.compile(
        str(TEMPLATE / "booklet.typ"),
        root=str(TEMPLATE),
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]),
        sys_inputs={"data": json.dumps(_printable(_data(booklet)))},
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=booklet.changed_at.replace(microsecond=0),
    )


def _data(booklet):
    mark = "ARBETSEXEMPLAR" if booklet.is_working_copy else ""
    return {
        "colors": COLORS,
        "organisation": booklet.organisation,
        "title": booklet.title,
        "running": f"{booklet.meeting} {booklet.day}",
        "heading": booklet.meeting,
        "day": booklet.day,
        "mark": mark,
        "count": str(len(booklet.proposals)) if len(booklet.proposals) > 1 else "",
        "summary": booklet.summary,
        "chosen": booklet.chosen,
        "changed": booklet.changed,
        "address": booklet.address,
        "address-shown": booklet.address.partition("://")[2].partition("?")[0].rstrip("/"),
        "proposals": [_proposal(proposal) for proposal in booklet.proposals],
    }


def _proposal(proposal):
    return {
        "number": str(proposal.number or "–"),
        "label": str(proposal.number or proposal.reference),
        "heading": proposal.heading,
        "title": proposal.title,
        "short": _short(proposal.title),
        "sender": proposal.sender or NO_SENDER,
        "groups": ", ".join(proposal.target_groups),
        "groups-label": "Målgrupper" if len(proposal.target_groups) > 1 else "Målgrupp",
        "status": proposal.status,
        "sections": _sections(proposal.sections),
        "contacts": [list(_contact(person)) for person in proposal.contacts],
    }


def _sections(sections):
    """With what is kept together with what follows: a short last section, and the last block before it."""
    found = [
        {"heading": heading, "blocks": [_block(block) for block in richtext.blocks(text)]} for heading, text in sections
    ]
    is_short = bool(sections) and len(sections[-1][1]) < SHORT_SECTION
    for place, section in enumerate(found, start=1):
        for number, block in enumerate(section["blocks"], start=1):
            is_before = place == len(found) - 1 and number == len(section["blocks"]) and block["is-brief"]
            block["is-kept"] = is_short and (place == len(found) or is_before)
    return found


def _block(block):
    spans = [_span(span) for span in block.spans]
    kind = block.kind
    text = "".join(_printable_text(span["text"]) for span in spans).strip()
    if kind == "heading" and not 0 < len(text) <= MAX_HEADING:
        kind = "paragraph"  # PDF/UA forbids empty headings
    items = [[_block(inner) for inner in item] for item in block.items]
    lengths = {"is-brief": kind == "paragraph" and len(text) < BRIEF, "is-long": len(text) > LONG}
    return {"kind": kind, "spans": spans, "items": items, "start": block.start, **lengths}


def _span(span):
    link, text = span.link, span.text
    if len(link) > MAX_LINK:
        link, text = "", f"{text} ({link})"
    elif not _printable_text(text).strip():
        link = ""
    return {"text": text, "is-bold": span.is_bold, "is-italic": span.is_italic, "link": link}


def _contact(person):
    """The lines about `person`, each in pieces."""
    lines = [[(person.name, "")], [(person.title, "")], [(person.email, f"mailto:{person.email}")]]
    for line in [*lines, split_phone_numbers(person.phone)]:
        if pieces := [{"text": text, "link": link} for text, link in line if text]:
            yield pieces


def _short(title):
    if len(title) <= SHORT_TITLE:
        return title
    return title[:SHORT_TITLE].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"


def _printable(value):
    """Apply _printable_text() to all strings in nested dicts and lists, except URLs."""
    if isinstance(value, dict):
        return {key: inner if key in ("link", "address") else _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return _printable_text(value) if isinstance(value, str) else value


def _printable_text(text):
    """Replace characters that the font lacks and break words that are wider than the page."""
    composed = _WORD.sub(lambda word: unicodedata.normalize("NFC", word[0]), text)
    printable = "".join(
        char if char == "\n" or ord(char) in _code_points() else _replacement(char) for char in composed
    )
    return LONG_WORD.sub(lambda word: WORD_BREAK.join(re.findall(".{1,20}", word[0])), printable)


def _replacement(character):
    """Return a space for whitespace, nothing for combining and control characters, else a box."""
    if character.isspace():
        return " "
    return "" if unicodedata.category(character)[0] in "CM" else UNKNOWN


@cache
def _code_points():
    """Return the code points that all font files have a glyph for."""
    shared = set.intersection(*[set(TTFont(path, lazy=True).getBestCmap()) for path in FONTS.glob("*.ttf")])
    return {point for point in shared if unicodedata.category(chr(point))[0] != "C"}
