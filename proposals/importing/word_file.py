"""Read Word files, both generated and written by hand."""

import re
from collections import Counter
from dataclasses import replace

from lxml import etree

from proposals.booklet.formats import word_styles as style
from proposals.booklet.formats.word_lists import MAX_LEVEL
from proposals.importing.lines import Document, Line, Role, UnreadableDocument
from proposals.importing.tables import read_table
from proposals.importing.word_package import WordPackage
from proposals.importing.word_parts import Numbering, Styles, W, attribute, parse_number
from proposals.importing.word_runs import parse_runs
from proposals.search.text import words
from proposals.text_input.characters import visible

MAX_PARAGRAPHS = 20_000
MAX_LINES = 50_000
MAX_TOLD = 5_000  # characters of what stands nowhere
ROLES = {
    style.SENDER: Role.SENDER,
    style.GROUPS: Role.GROUPS,
    style.STATUS: Role.STATUS,
    style.SUB_HEADING: Role.SUB_HEADING,
    style.NAME: Role.NAME,
    style.JOB: Role.JOB,
    style.EMAIL: Role.EMAIL,
    style.PHONE: Role.PHONE,
}
# Kinds of parts beside the text → what they are called
BESIDE = {
    **{"header": "Sidhuvud", "footer": "Sidfot"},
    **{"footnotes": "Fotnot", "endnotes": "Slutnot", "comments": "Kommentar"},
}
_HEADING = re.compile(r"(?:heading|rubrik) ([1-9])", re.IGNORECASE)


def read_word(content, name):
    package = WordPackage(content)
    reader = _Reader(Styles(package.part("styles")), Numbering(package.part("numbering")), package.links())
    document = reader.document(package.main(), name)
    for kind, label in BESIDE.items():
        told = dict.fromkeys(text for tree in package.parts(kind) for text in _texts(tree))
        document.unread += [f"{label}: {text}" for text in told]
    if count := package.count_pictures():
        document.unread.append(f"{count} bilder")
    return document


class _Reader:
    def __init__(self, styles, numbering, links):
        self.styles = styles
        self.numbering = numbering
        self.links = links

    def document(self, body, name):
        is_generated = {style.SENDER, style.NAME} & self.styles.used_in(body)
        self.tables_of_contents = set(_tables_of_contents(body))
        document = Document(name, [])
        count = 0
        for element in body.iter(f"{W}p", f"{W}tbl"):
            count += element.tag == f"{W}p"
            if count > MAX_PARAGRAPHS:
                raise UnreadableDocument("Dokumentet har fler än 20 000 stycken. Dela upp det i flera.")
            if len(document.lines) > MAX_LINES:
                raise UnreadableDocument("Dokumentet har fler än 50 000 rader. Dela upp det i flera.")
            if _is_in_text_box(element):
                self._tell_of_text_box(element, document)
            elif element.tag == f"{W}tbl" and not is_generated:
                self._read_table(element, document)
            elif element.tag == f"{W}p" and (is_generated or not _is_in_table(element)):
                document.lines += self._lines(element, document, is_generated)
        deleted = ["".join(element.itertext(f"{W}delText")).strip() for element in body.iter(f"{W}del")]
        document.skipped += [f"Struken text: {text}" for text in deleted if text]
        _tell_of_the_rest(body, document)
        return document

    def _tell_of_text_box(self, element, document):
        text = "".join(element.itertext(f"{W}t")).strip() if element.tag == f"{W}p" else ""
        if text and not _is_fallback(element):
            document.unread.append(f"Textruta: {text}")

    def _read_table(self, table, document):
        if _is_in_table(table):  # read with the cell that it stands in
            return
        rows = [
            [
                [line for one in cell.iter(f"{W}p") if not _is_in_text_box(one) for line in self._lines(one, document)]
                for cell in _cells(row)
            ]
            for row in table.iter(f"{W}tr")
            if next(row.iterancestors(f"{W}tbl")) is table
        ]
        lines, headers = read_table(rows)
        document.lines += lines
        document.skipped += [header for header in headers if header]

    def _lines(self, paragraph, document, is_generated=False):
        """The lines of a paragraph; what isn't to be read as ordinary text is told of in the document."""
        name = self.styles.name_of(paragraph)
        line, aside = self._line(paragraph, name)
        document.unread += aside
        if name.lower().startswith(("toc", "innehåll")) or self._is_in_table_of_contents(paragraph):
            document.skipped += [line.text] if line.text else []
            return []
        if is_generated and line.role is None and not line.level and not line.list_kind:
            line = replace(line, role=Role.BODY)
        return [line] if is_generated else _split_at_breaks(line)

    def _line(self, paragraph, name):
        """(the Line of a paragraph, texts told beside it)"""
        level = _HEADING.fullmatch(name)
        runs, aside = parse_runs(paragraph, self.links, self.styles.is_bold(paragraph))
        spans = tuple(replace(span, text=visible(span.text)) for span in runs)
        role = ROLES.get(name)
        line = Line(spans, role=role, level=int(level[1]) if level and not role else 0)
        if role is None:
            kind, depth, start = self.numbering.of(paragraph, self.styles)
            if kind:
                line = replace(line, list_kind=kind, depth=depth, start=start)
            elif name == style.LIST_ITEM and not line.level:
                line = replace(line, continues_item=True, depth=_depth(paragraph))
        return line, aside

    def _is_in_table_of_contents(self, paragraph):
        return next(paragraph.iterancestors(f"{W}sdt"), None) in self.tables_of_contents


def _texts(tree):
    for note in tree.iterchildren("*"):
        text = " ".join("".join(note.itertext(f"{W}t")).split())
        if text:
            yield text


def _tables_of_contents(body):
    for gallery in body.iter(f"{W}docPartGallery"):
        if attribute(gallery, "val") == "Table of Contents":
            yield from gallery.iterancestors(f"{W}sdt")


def _tell_of_the_rest(body, document):
    """List the words of the file that stand nowhere in what was read of it."""
    rest = Counter(words(" ".join(_all_texts(body))))
    rest -= Counter(words(" ".join([*(line.text for line in document.lines), *document.unread, *document.skipped])))
    if rest:
        document.unread.append(f"Annan text i filen: {' '.join(rest.elements())[:MAX_TOLD]}")


def _all_texts(body):
    """The texts of each paragraph, formula and drawing, but not what was deleted or a copy for older versions."""
    for element in body.iter("{*}p"):
        pieces = element.iter("{*}t", f"{W}tab", f"{W}br", f"{W}cr")
        own = (one for one in pieces if next(one.iterancestors("{*}p")) is element and not _is_left_out(one))
        texts = [one.text or " " for one in own]
        yield "".join(texts) if element.tag == f"{W}p" else " ".join(texts)


def _is_left_out(element):
    names = {etree.QName(parent).localname for parent in element.iterancestors()}
    return bool(names & {"Fallback", "del", "moveFrom"}) or any(
        parent.find(f"{W}sdtPr/{W}showingPlcHdr") is not None for parent in element.iterancestors(f"{W}sdt")
    )


def _cells(row):
    return [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]


def _is_in_table(element):
    return next(element.iterancestors(f"{W}tbl"), None) is not None


def _is_in_text_box(paragraph):
    return next(paragraph.iterancestors(f"{W}txbxContent"), None) is not None


def _is_fallback(paragraph):
    """Whether the paragraph belongs to the copy of a text box for older versions of Word."""
    return any(etree.QName(parent).localname == "Fallback" for parent in paragraph.iterancestors())


def _split_at_breaks(line):
    rows, row = [], []
    for span in line.spans:
        first, *more = span.text.split("\n")
        row.append(replace(span, text=first))
        for text in more:
            rows.append(row)
            row = [replace(span, text=text)]
    rows.append(row)
    return [replace(line, spans=tuple(span for span in row if span.text)) for row in rows]


def _depth(paragraph):
    """Return the list depth from the indent that `word_lists` sets."""
    indent = paragraph.find(f"{W}pPr/{W}ind")
    left = attribute(indent, "left") if indent is not None else ""
    return min(max(round(parse_number(left) / 340) - 1, 0), MAX_LEVEL)
