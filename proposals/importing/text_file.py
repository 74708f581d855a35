"""Text files: plain paragraphs, or text taken out of a PDF, where a page's width has cut the lines."""

import re
from itertools import pairwise

from proposals.importing.lines import Document, Unreadable, line_of
from proposals.richtext import UNPRINTABLE

LARGEST = 5_000_000  # bytes
MOST_LINES = 50_000
_PAGE_NUMBER = re.compile(r"(?:sida\s*)?[0-9]{1,3}(?:\s*(?:av|/)\s*[0-9]{1,3})?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
CUT = 0.1  # of all lines
_WRAPPED_AT_MOST = 130  # characters; longer lines are whole paragraphs


def read_text(content, name):
    """The Document in the bytes of a text file; Unreadable when it isn't one."""
    if len(content) > LARGEST:
        raise Unreadable("Textfilen är större än 5 MB. Dela upp den i flera.")
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n ")
    rows = UNPRINTABLE.sub("", text).split("\n")
    if len(rows) > MOST_LINES:
        raise Unreadable("Textfilen har fler än 50 000 rader. Dela upp den i flera.")
    is_wrapped = _is_wrapped([row.strip() for row in rows if row.strip()])
    lines, skipped, page = [], [], 0
    for place, row in enumerate(rows):
        # Text from a PDF begins each page with a space
        page += is_wrapped and row.startswith(" ") and bool(row.strip())
        if _PAGE_NUMBER.fullmatch(row.strip()) and _is_alone(rows, place):
            skipped.append(row.strip())
        else:
            lines.append(line_of(row.strip(), is_whole=not is_wrapped, page=page, is_ended=row.endswith("  ")))
    return Document(name, lines, skipped=skipped)


def _decoded(content):
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content[:10_000]:
        raise Unreadable("Filen är varken ett Word-dokument eller en textfil. Spara den som .docx eller .txt.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # how old Windows programs write


def _is_wrapped(rows):
    """Whether a page's width has cut the lines: many go on, in the middle of a sentence, on the next one."""
    going_on = sum(one[-1:].isalnum() and other[:1].islower() for one, other in pairwise(rows))
    return going_on > CUT * len(rows) and max(map(len, rows), default=0) <= _WRAPPED_AT_MOST


def _is_alone(rows, place):
    """Whether nothing stands right before and after a row."""
    around = [rows[beside].strip() for beside in (place - 1, place + 1) if 0 <= beside < len(rows)]
    return not any(around)


def is_address(line):
    """Whether the line is nothing but the address of a link, as a PDF's text has them at a page's foot."""
    return bool(_ADDRESS.fullmatch(line.text))
