"""Word files: ours, and those that people have typed by hand."""

import io
import re
import zipfile
import zlib
from dataclasses import replace

from lxml import etree

from proposals.booklet.formats import word_styles as style
from proposals.booklet.formats.word_lists import MAX_LEVEL
from proposals.importing.lines import Document, Line, Role, Unreadable
from proposals.importing.word_parts import Numbering, Styles, W, attribute, links_of, number_in, runs_of
from proposals.richtext import UNPRINTABLE

MOST_PARAGRAPHS = 20_000
MOST_LINES = 50_000
LARGEST_PART = 12_000_000  # bytes of one part, unpacked
LARGEST_WHOLE = 100_000_000  # bytes of all parts, unpacked
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
# Text beside the running text, by the part that holds it
BESIDE = {"word/footnotes.xml": "Fotnot", "word/endnotes.xml": "Slutnot", "word/comments.xml": "Kommentar"}
_MARKUP = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|rubrik) ([1-9])", re.IGNORECASE)


def read_word(content, name):
    """The Document in the bytes of a Word file; Unreadable with the reason when it can't be read."""
    with _package(content) as package:
        parts = _Parts(package)
        body = parts.tree(DOCUMENT)
        styles = Styles(parts.tree("word/styles.xml"))
        numbering = Numbering(parts.tree("word/numbering.xml"))
        links = links_of(parts.tree("word/_rels/document.xml.rels"))
        reader = _Reader(styles, numbering, links)
        document = reader.document(body, name)
        for part, kind in BESIDE.items():
            document.unread += [f"{kind}: {text}" for text in _texts(parts.tree(part))]
        pictures = [one for one in package.namelist() if one.startswith("word/media/")]
        if pictures:
            document.unread.append(f"{len(pictures)} bilder")
        return document


class _Reader:
    """Goes through the paragraphs of a document."""

    def __init__(self, styles, numbering, links):
        self.styles = styles
        self.numbering = numbering
        self.links = links

    def document(self, body, name):
        is_ours = {style.SENDER, style.NAME} & self.styles.used_in(body)
        self.frames_of_contents = set(_frames_of_contents(body))
        document = Document(name, [])
        for count, paragraph in enumerate(body.iter(f"{W}p")):
            if count > MOST_PARAGRAPHS:
                raise Unreadable("Dokumentet har fler än 20 000 stycken. Dela upp det i flera.")
            if len(document.lines) > MOST_LINES:
                raise Unreadable("Dokumentet har fler än 50 000 rader. Dela upp det i flera.")
            if _is_beside(paragraph):
                text = "".join(paragraph.itertext(f"{W}t")).strip()
                if text and not _is_repeated(paragraph):
                    document.unread.append(f"Textruta: {text}")
                continue
            self._read(paragraph, document, is_ours)
        deleted = ["".join(one.itertext(f"{W}delText")).strip() for one in body.iter(f"{W}del")]
        document.skipped += [f"Struken text: {text}" for text in deleted if text]
        return document

    def _read(self, paragraph, document, is_ours):
        name = self.styles.name_of(paragraph)
        line = self._line(paragraph, name)
        if name.lower().startswith(("toc", "innehåll")) or self._is_contents(paragraph):
            if line.text:
                document.skipped.append(line.text)
            return
        if is_ours and line.role is None and not line.level and not line.list_kind:
            line = replace(line, role=Role.BODY)
        document.lines += [line] if is_ours else _divided(line)

    def _line(self, paragraph, name):
        level = _HEADING.fullmatch(name)
        spans = tuple(
            replace(span, text=UNPRINTABLE.sub("", span.text))
            for span in runs_of(paragraph, self.links, self.styles.is_bold(paragraph))
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

    def _is_contents(self, paragraph):
        return next(paragraph.iterancestors(f"{W}sdt"), None) in self.frames_of_contents


class _Parts:
    """The parts of a Word file, each unpacked only when it is asked for and within bounds."""

    def __init__(self, package):
        self.package = package

    def tree(self, name):
        """The part as a tree; an empty one when the file lacks it."""
        try:
            content = self.package.read(name)
        except KeyError:
            return etree.Element("empty")
        if _MARKUP.search(content) or _MARKUP.search(content.replace(b"\0", b"")):
            raise Unreadable("Filen innehåller något som inte hör hemma i ett Word-dokument, så vi öppnar den inte.")
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from error
            raise Unreadable(DAMAGED) from error


DAMAGED = "Filen är skadad, eller inte hel. Öppna den i Word, spara den på nytt och försök igen."


def _package(content):
    """The opened Word file, after a look at what it holds."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise Unreadable(DAMAGED) from error
    parts = {info.filename: info for info in package.infolist()}
    if any(info.flag_bits & 1 for info in parts.values()):
        raise Unreadable("Filen är skyddad med lösenord. Ta bort skyddet och försök igen.")
    if any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise Unreadable("Filen innehåller makron. Spara den som ett vanligt Word-dokument (.docx) och försök igen.")
    if DOCUMENT not in parts:
        raise Unreadable("Filen är inget Word-dokument (.docx).")
    if any(name.endswith((".xml", ".rels")) and info.file_size > LARGEST_PART for name, info in parts.items()) or (
        sum(info.file_size for info in parts.values()) > LARGEST_WHOLE
    ):
        raise Unreadable("Dokumentet är för stort när det packas upp. Dela upp det i flera, eller spara det som text.")
    try:
        package.read(DOCUMENT)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Unreadable(DAMAGED) from error
    return package


def _texts(tree):
    """The texts of notes or comments, each as one line."""
    for note in tree.iterchildren("*"):
        text = " ".join("".join(note.itertext(f"{W}t")).split())
        if text:
            yield text


def _frames_of_contents(body):
    """The frames that hold a table of contents."""
    for gallery in body.iter(f"{W}docPartGallery"):
        if attribute(gallery, "val") == "Table of Contents":
            yield from gallery.iterancestors(f"{W}sdt")


def _is_beside(paragraph):
    """Whether the paragraph stands in a text box, which floats beside the text."""
    return next(paragraph.iterancestors(f"{W}txbxContent"), None) is not None


def _is_repeated(paragraph):
    """Whether it is the copy of a text box that a file keeps for older programs."""
    return any(etree.QName(one).localname == "Fallback" for one in paragraph.iterancestors())


def _divided(line):
    """The lines of a paragraph in which somebody has broken lines by hand."""
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
    """How many lists in, told by the indent that `word_lists` gives."""
    indent = paragraph.find(f"{W}pPr/{W}ind")
    left = attribute(indent, "left") if indent is not None else ""
    return min(max(round(number_in(left) / 340) - 1, 0), MAX_LEVEL)
