"""File formats of the booklet. Each module is named after the file extension and has `render(booklet) -> bytes`."""

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Format:
    """A file format. Formats that aren't quick are rendered in a subprocess."""

    ending: str
    name: str
    content_type: str
    is_quick: bool = False
    is_shown: bool = False  # inline rather than as an attachment


OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    kind.ending: kind
    for kind in [
        Format("pdf", "PDF", "application/pdf", is_shown=True),
        Format("docx", "Word", f"{OFFICE}.wordprocessingml.document"),
        Format("xlsx", "Excel", f"{OFFICE}.spreadsheetml.sheet"),
        Format("csv", "CSV", "text/csv; charset=utf-8", is_quick=True),
        Format("json", "JSON", "application/json", is_quick=True),
    ]
}


def render(booklet, ending):
    """Return the Booklet as the bytes of a file; `ending` is a key of FORMATS."""
    return import_module(f"proposals.booklet.formats.{ending}").render(booklet)
