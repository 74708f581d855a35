"""Read Word files, both generated and written by hand."""

import io
import re
import zipfile
import zlib
from dataclasses import replace

from lxml import etree

from proposals.booklet.formats import word_styles as style
from proposals.booklet.formats.word_lists import MAX_LEVEL
from proposals.importing.lines import Document, Line, Role, UnreadableDocument
from proposals.importing.word_parts import Numbering, Styles, W, attribute, parse_links, parse_number, parse_runs
from proposals.text_input.characters import visible

MAX_PARAGRAPHS = 20_000
MAX_LINES = 50_000
MAX_PART_SIZE = 12_000_000  # bytes, unpacked
MAX_TOTAL_SIZE = 100_000_000  # bytes of all parts, unpacked
DOCUMENT = "word/document.xml"
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
NOTES = {"word/footnotes.xml": "Fotnot", "word/endnotes.xml": "Slutnot", "word/comments.xml": "Kommentar"}
_MARKUP = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|rubrik) ([1-9])", re.IGNORECASE)


def read_word(content, name):
    with _package(content) as package:
        parts = _Parts(package)
        body = parts.tree(DOCUMENT)
        styles = Styles(parts.tree("word/styles.xml"))
        numbering = Numbering(parts.tree("word/numbering.xml"))
        links = parse_links(parts.tree("word/_rels/document.xml.rels"))
        reader = _Reader(styles, numbering, links)
        document = reader.document(body, name)
        for part, label in NOTES.items():
            document.unread += [f"{label}: {text}" for text in _texts(parts.tree(part))]
        pictures = [name for name in package.namelist() if name.startswith("word/media/")]
        if pictures:
            document.unread.append(f"{len(pictures)} bilder")
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
        for count, paragraph in enumerate(body.iter(f"{W}p")):
            if count > MAX_PARAGRAPHS:
                raise UnreadableDocument("Dokumentet har fler än 20 000 stycken. Dela upp det i flera.")
            if len(document.lines) > MAX_LINES:
                raise UnreadableDocument("Dokumentet har fler än 50 000 rader. Dela upp det i flera.")
            if _is_in_text_box(paragraph):
                text = "".join(paragraph.itertext(f"{W}t")).strip()
                if text and not _is_fallback(paragraph):
                    document.unread.append(f"Textruta: {text}")
                continue
            self._read(paragraph, document, is_generated)
        deleted = ["".join(element.itertext(f"{W}delText")).strip() for element in body.iter(f"{W}del")]
        document.skipped += [f"Struken text: {text}" for text in deleted if text]
        return document

    def _read(self, paragraph, document, is_generated):
        name = self.styles.name_of(paragraph)
        line = self._line(paragraph, name)
        if name.lower().startswith(("toc", "innehåll")) or self._is_in_table_of_contents(paragraph):
            if line.text:
                document.skipped.append(line.text)
            return
        if is_generated and line.role is None and not line.level and not line.list_kind:
            line = replace(line, role=Role.BODY)
        document.lines += [line] if is_generated else _split_at_breaks(line)

    def _line(self, paragraph, name):
        level = _HEADING.fullmatch(name)
        spans = tuple(
            replace(span, text=visible(span.text))
            for span in parse_runs(paragraph, self.links, self.styles.is_bold(paragraph))
        )
        role = ROLES.get(name)
        line = Line(spans, role=role, level=int(level[1]) if level and not role else 0)
        if role is None:
            kind, depth, start = self.numbering.of(paragraph, self.styles)
            if kind:
                return replace(line, list_kind=kind, depth=depth, start=start)
            if name == style.LIST_ITEM and not line.level:
                return replace(line, continues_item=True, depth=_depth(paragraph))
        return line

    def _is_in_table_of_contents(self, paragraph):
        return next(paragraph.iterancestors(f"{W}sdt"), None) in self.tables_of_contents


class _Parts:
    def __init__(self, package):
        self.package = package

    def tree(self, name):
        """Parse a part; return an empty element if the file lacks it."""
        try:
            content = self.package.read(name)
        except KeyError:
            return etree.Element("empty")
        if _MARKUP.search(content) or _MARKUP.search(content.replace(b"\0", b"")):
            raise UnreadableDocument(
                "Filen innehåller något som inte hör hemma i ett Word-dokument, så vi öppnar den inte."
            )
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from error
            raise UnreadableDocument(DAMAGED) from error


DAMAGED = "Filen är skadad, eller inte hel. Öppna den i Word, spara den på nytt och försök igen."


def _package(content):
    """Open the Word file. Raise UnreadableDocument if it is unsafe or damaged."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise UnreadableDocument(DAMAGED) from error
    parts = {info.filename: info for info in package.infolist()}
    if any(info.flag_bits & 1 for info in parts.values()):
        raise UnreadableDocument("Filen är skyddad med lösenord. Ta bort skyddet och försök igen.")
    if any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise UnreadableDocument(
            "Filen innehåller makron. Spara den som ett vanligt Word-dokument (.docx) och försök igen."
        )
    if DOCUMENT not in parts:
        raise UnreadableDocument("Filen är inget Word-dokument (.docx).")
    if any(name.endswith((".xml", ".rels")) and info.file_size > MAX_PART_SIZE for name, info in parts.items()) or (
        sum(info.file_size for info in parts.values()) > MAX_TOTAL_SIZE
    ):
        raise UnreadableDocument(
            "Dokumentet är för stort när det packas upp. Dela upp det i flera, eller spara det som text."
        )
    try:
        package.read(DOCUMENT)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableDocument(DAMAGED) from error
    return package


def _texts(tree):
    for note in tree.iterchildren("*"):
        text = " ".join("".join(note.itertext(f"{W}t")).split())
        if text:
            yield text


def _tables_of_contents(body):
    for gallery in body.iter(f"{W}docPartGallery"):
        if attribute(gallery, "val") == "Table of Contents":
            yield from gallery.iterancestors(f"{W}sdt")


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
