"""The booklet as CSV the way Swedish Excel reads it: UTF-8 with a byte order mark, semicolons between."""

import csv
import io
import re

from proposals.booklet.formats.table import columns, rows

# What a spreadsheet takes for a formula (OWASP, "CSV injection"); an apostrophe before makes it text
FORMULA = re.compile(r"[=+\-@\t\r]")


def render(booklet):
    """The Booklet as the bytes of a CSV file."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns(booklet))
    writer.writerows([_cell(value) for value in row] for row in rows(booklet))
    return file.getvalue().encode("utf-8-sig", "replace")


def _cell(value):
    text = str(value).replace("\0", "")
    return f"'{text}" if FORMULA.match(text) else text
