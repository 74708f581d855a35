"""Excel file with one row per proposal and text cells."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from proposals.booklet.formats.table import columns, rows
from proposals.booklet.palette import ACCENT
from proposals.text_input.characters import printable

WIDTHS = {"Nr": 6, "Rubrik": 36, "Avsändare": 24, "Målgrupper": 24, "Kontaktperson": 24, "Titel": 28, "E-post": 36}
WIDTHS |= {"Telefon": 18, "Länk": 44, "Status": 14}
TEXT_WIDTH = 60  # characters
LINK = "Länk"


def render(booklet):
    book = Workbook()
    book.properties.title = printable(booklet.title)
    book.properties.creator = printable(booklet.organisation)
    book.properties.created = booklet.changed_at.replace(tzinfo=None)
    sheet = book.active
    sheet.title = "Förslag"
    headings = list(columns(booklet))
    for row, cells in enumerate([headings, *rows(booklet)], start=1):
        for column, value in enumerate(cells, start=1):
            _write(sheet.cell(row, column), value)
    _format_sheet(sheet, headings)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(cell, value):
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = printable(value)
    if value:
        cell.data_type = "s"  # never a formula
        cell.quotePrefix = True


def _format_sheet(sheet, headings):
    for number, heading in enumerate(headings, start=1):
        sheet.cell(1, number).font = Font(bold=True, color=ACCENT)
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(heading, TEXT_WIDTH)
    for cell in sheet[get_column_letter(headings.index(LINK) + 1)][1:]:
        if cell.value:
            cell.hyperlink = cell.value
            cell.font = Font(color=ACCENT, underline="single")
    sheet.freeze_panes = "C2"  # headings, number and title
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.print_title_rows = "1:1"
