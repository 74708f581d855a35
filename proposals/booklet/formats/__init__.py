"""The booklet as a file. Each module here is named after its file's ending and has `render(booklet) -> bytes`."""

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Format:
    """A kind of file. One that isn't quick is made in a process of its own."""

    ending: str
    name: str
    content_type: str
    is_quick: bool = False
    is_shown: bool = False  # in the browser, rather than saved


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
    """The Booklet as the bytes of a file of the kind that `ending`, a key of FORMATS, names."""
    return import_module(f"proposals.booklet.formats.{ending}").render(booklet)
