"""Word files as people type them, made out of a text file."""

import io
import re

import docx

from proposals.importing.headings import parse_heading

TITLE = re.compile(r"[0-9]+\. .*(?:Region |\(Region|Länsstyrelsen|Data som)")
LOOKS = ["plain", "bold", "styled", "listed"]


def word_by_hand(text, look):
    """The bytes of a Word file that says `text`, each line a paragraph, its titles and headings in one of LOOKS."""
    document = docx.Document()
    document.add_heading("Förslag till medlemsmöte", 1 if look == "styled" else 0)
    for row in text.splitlines()[1:]:
        heading = parse_heading(row)
        if TITLE.match(row):
            _title(document, row, look)
        elif heading and not heading.rest:
            _heading(document, row, look)
        elif heading and look == "bold":
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{heading.wording}:").bold = True
            paragraph.add_run(f" {heading.rest}")
        elif row or look != "styled":
            document.add_paragraph(row)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _title(document, row, look):
    if look == "styled":
        document.add_heading(row, 2)
    elif look == "listed":
        document.add_paragraph(style="List Number").add_run(row.split(". ", 1)[1]).bold = True
    else:
        document.add_paragraph().add_run(row).bold = look == "bold"


def _heading(document, row, look):
    if look == "styled":
        document.add_heading(row, 3)
    else:
        document.add_paragraph().add_run(row).bold = look != "plain"
