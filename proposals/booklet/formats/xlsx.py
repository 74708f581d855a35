"""Excel files with text cells: one row per proposal, or whatever a sheet lists."""

import io
import re
from math import ceil

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from proposals.booklet.formats.table import columns, rows
from proposals.booklet.palette import ACCENT
from proposals.text_input.characters import printable

WIDTHS = {"Nr": 6, "Rubrik": 36, "Avsändare": 24, "Målgrupper": 24, "Kontaktperson": 24, "Titel": 28, "E-post": 36}
WIDTHS |= {"Telefon": 18, "Länk": 44, "Status": 14, "Namn": 28, "Som": 18, "Förslag": 48}
TEXT_WIDTH = 60  # characters
LINE_HEIGHT, MAX_ROW_HEIGHT = 15, 409  # points; Excel allows no more
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read "_x0041_" as the letter with that code
LINK = "Länk"


def render(booklet):
    book = Workbook()
    book.properties.title = printable(booklet.title)
    book.properties.creator = printable(booklet.organisation)
    book.properties.created = booklet.changed_at.replace(tzinfo=None)
    sheet = book.active
    sheet.title = "Förslag"
    headings = list(columns(booklet))
    fill(sheet, headings, rows(booklet))
    _format_links(sheet, headings)
    sheet.freeze_panes = "C2"  # headings, number and title
    return as_bytes(book)


def as_bytes(book):
    """Return the file of an openpyxl Workbook."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def fill(sheet, headings, rows):
    """Write rows of text or whole numbers under their headings, to be filtered and printed."""
    for row, cells in enumerate([headings, *rows], start=1):
        for column, value in enumerate(cells, start=1):
            _write(sheet.cell(row, column), value)
    for number, heading in enumerate(headings, start=1):
        sheet.cell(1, number).font = Font(bold=True, color=ACCENT)
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(heading, TEXT_WIDTH)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    widths = [WIDTHS.get(heading, TEXT_WIDTH) for heading in headings]
    for row in sheet.iter_rows(min_row=2):
        # LibreOffice doesn't make rows as high as their text by itself
        lines = max((_count_lines(cell.value, width) for cell, width in zip(row, widths, strict=True)), default=1)
        sheet.row_dimensions[row[0].row].height = min(lines * LINE_HEIGHT, MAX_ROW_HEIGHT)


def _count_lines(value, width):
    return sum(max(ceil(len(line) / width), 1) for line in str(value or "").split("\n"))


def _write(cell, value):
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = _CODE.sub("_x005F_", printable(value))
    if value:
        cell.data_type = "s"  # never a formula
        cell.quotePrefix = True


def _format_links(sheet, headings):
    for cell in sheet[get_column_letter(headings.index(LINK) + 1)][1:]:
        if cell.value:
            cell.hyperlink = cell.value
            cell.font = Font(color=ACCENT, underline="single")
