"""The booklet as PDF/UA-1 and PDF/A-2a: tagged, in Swedish, the same bytes for the same booklet. Drawn by Typst."""

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

TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "booklet"
FONTS = TEMPLATE / "fonts"
COLORS = {"ink": palette.INK, "quiet": palette.QUIET, "accent": palette.ACCENT, "rule": palette.RULE}
STANDARDS = ["ua-1", "a-2a"]
SHORT = 70  # characters of a title in the running head
SHORT_SECTION = 500  # characters that are kept on one page
UNKNOWN = "□"
# Longer than any word that people write; the line breaks within it
LONG_WORD = re.compile(r"\S{60,}")
# What is composed at once: that takes long for many accents in a row
_COMPOSED = re.compile(r"\S{1,100}")
WORD_BREAK = "\N{ZERO WIDTH SPACE}"
LONGEST_HEADING = 1000  # characters
LONGEST_LINK = 2000  # characters; longer ones no reader of PDF files follows


def render(booklet):
    """The Booklet as the bytes of a PDF."""
    return _compiled(_data(booklet), booklet.changed_at.replace(microsecond=0))


def _compiled(data, moment):
    return typst.compile(
        str(TEMPLATE / "booklet.typ"),
        root=str(TEMPLATE),
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]),
        sys_inputs={"data": json.dumps(_printable(data))},
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=moment,
    )


def _data(booklet):
    """What the template places, as strings and lists."""
    mark = "ARBETSEXEMPLAR" if booklet.is_working_copy else ""
    return {
        "colors": COLORS,
        "organisation": booklet.organisation,
        "title": booklet.title,
        "running": f"{booklet.meeting} {booklet.day}",
        "heading": booklet.meeting,
        "day": booklet.day,
        "mark": mark,
        "count": str(len(booklet.proposals) or ""),
        "summary": booklet.summary,
        "chosen": booklet.chosen,
        "changed": booklet.changed,
        "address": booklet.address,
        "address-shown": booklet.address.partition("://")[2].partition("?")[0].rstrip("/"),
        "proposals": [_proposal(item) for item in booklet.proposals],
    }


def _proposal(item):
    return {
        "number": str(item.number or "–"),
        "label": str(item.number or item.reference),
        "heading": item.heading,
        "title": item.title,
        "short": _short(item.title),
        "sender": item.sender or NO_SENDER,
        "groups": ", ".join(item.target_groups),
        "status": item.status,
        "sections": [_section(heading, text, text is item.sections[-1][1]) for heading, text in item.sections],
        "contacts": [list(_contact(person)) for person in item.contacts],
    }


def _section(heading, text, is_last):
    blocks = [_block(block) for block in richtext.blocks(text)]
    return {"heading": heading, "blocks": blocks, "is-short": is_last and len(text) < SHORT_SECTION}


def _block(block):
    spans = [_span(span) for span in block.spans]
    kind = block.kind
    said = "".join(_shown(span["text"]) for span in spans).strip()
    if kind == "heading" and not 0 < len(said) <= LONGEST_HEADING:
        kind = "paragraph"  # the standards allow no empty heading, nor one that is a whole text
    items = [[_block(inner) for inner in item] for item in block.items]
    return {"kind": kind, "spans": spans, "items": items, "start": block.start}


def _span(span):
    link, text = span.link, span.text
    if len(link) > LONGEST_LINK:
        link, text = "", f"{text} ({link})"
    elif not _shown(text).strip():
        link = ""
    return {"text": text, "is-bold": span.is_bold, "is-italic": span.is_italic, "link": link}


def _contact(person):
    for text, link in (
        (person.name, ""),
        (person.title, ""),
        (person.email, f"mailto:{person.email}"),
        (person.phone, person.phone_link and f"tel:{person.phone_link}"),
    ):
        if text:
            yield {"text": text, "link": link}


def _short(title):
    if len(title) <= SHORT:
        return title
    return title[:SHORT].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"


def _printable(value):
    """All strings of `value` with only what the typeface can show; addresses of links as they are."""
    if isinstance(value, dict):
        return {name: one if name in ("link", "address") else _printable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return _shown(value) if isinstance(value, str) else value


def _shown(text):
    """`text` where each character that the typeface lacks is a box, and no word is wider than the page."""
    composed = _COMPOSED.sub(lambda word: unicodedata.normalize("NFC", word[0]), text)
    known = "".join(one if one == "\n" or ord(one) in _letters() else _instead(one) for one in composed)
    return LONG_WORD.sub(lambda word: WORD_BREAK.join(re.findall(".{1,20}", word[0])), known)


def _instead(character):
    """What stands for a character without a shape: a space, nothing for marks and signs nobody sees, else a box."""
    if character.isspace():
        return " "
    return "" if unicodedata.category(character)[0] in "CM" else UNKNOWN


@cache
def _letters():
    """The code points that every cut of the typeface has a shape for."""
    shared = set.intersection(*[set(TTFont(path, lazy=True).getBestCmap()) for path in FONTS.glob("*.ttf")])
    return {point for point in shared if unicodedata.category(chr(point))[0] != "C"}
