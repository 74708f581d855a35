"""Text files: one paragraph per line, or text extracted from a PDF with wrapped lines."""

import re
from itertools import pairwise

from proposals.importing.lines import Document, UnreadableDocument, plain_line
from proposals.text_input.characters import visible

MAX_FILE_SIZE = 5_000_000  # bytes
MAX_LINES = 50_000
_PAGE_NUMBER = re.compile(r"(?:sida\s*)?[0-9]{1,3}(?:\s*(?:av|/)\s*[0-9]{1,3})?", re.IGNORECASE)
_SWEDISH = re.compile("[åäöÅÄÖé]")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
MIN_CONTINUED = 0.1  # share of lines that continue on the next one, in wrapped text
MAX_WRAPPED_LENGTH = 130  # characters


def read_text(content, name):
    if len(content) > MAX_FILE_SIZE:
        raise UnreadableDocument("Textfilen är större än 5 MB. Dela upp den i flera.")
    # A soft hyphen at the end of a line divides a word, elsewhere it is invisible
    text = re.sub(r"\u00ad(?=[ \t]*\r?\n)", "-", _decoded(content))
    rows = visible(text.replace("\f", "\n\n ")).split("\n")
    if len(rows) > MAX_LINES:
        raise UnreadableDocument("Textfilen har fler än 50 000 rader. Dela upp den i flera.")
    is_wrapped = _is_wrapped([row.strip() for row in rows if row.strip()])
    lines, skipped, page = [], [], 0
    for index, row in enumerate(rows):
        # Extracted text begins each page with a space
        page += is_wrapped and row.startswith(" ") and bool(row.strip())
        if _PAGE_NUMBER.fullmatch(row.strip()) and _is_alone(rows, index):
            skipped.append(row.strip())
        else:
            lines.append(plain_line(row.strip(), is_whole=not is_wrapped, page=page, is_ended=row.endswith("  ")))
    return Document(name, lines, skipped=skipped)


def _decoded(content):
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content[:10_000]:
        raise UnreadableDocument("Filen är varken ett Word-dokument eller en textfil. Spara den som .docx eller .txt.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # As older programs on a Mac or in Windows wrote it, by which makes more Swedish letters
        texts = [content.decode(encoding, "replace") for encoding in ("cp1252", "mac_roman")]
        return max(texts, key=lambda text: len(_SWEDISH.findall(text)))


def _is_wrapped(rows):
    """Whether many lines continue in the middle of a sentence and none is long."""
    continued = sum((one[-1:].isalnum() or one.endswith("-")) and other[:1].islower() for one, other in pairwise(rows))
    return continued > MIN_CONTINUED * len(rows) and max(map(len, rows), default=0) <= MAX_WRAPPED_LENGTH


def _is_alone(rows, index):
    neighbours = rows[max(index - 1, 0) : index] + rows[index + 1 : index + 2]
    return not any(row.strip() for row in neighbours)


def is_address(line):
    return bool(_ADDRESS.fullmatch(line.text))
