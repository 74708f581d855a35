"""CSV as Excel with Swedish settings reads it: UTF-8 with a byte order mark, separated by semicolons."""

import csv
import io
import re

from proposals.booklet.formats.table import columns, rows

# Spreadsheets run these as formulas (OWASP, "CSV injection"), and read a phone number as a number, unless an apostrophe
# precedes
FORMULA = re.compile(r"[=+\-@\t\r]|0[0-9\s]+$")


def render(booklet):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns(booklet))
    writer.writerows([_cell(value) for value in row] for row in rows(booklet))
    return file.getvalue().encode("utf-8-sig", "replace")


def _cell(value):
    text = str(value).replace("\0", "")
    return f"'{text}" if FORMULA.match(text) else text
