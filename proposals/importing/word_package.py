"""The parts of a Word file, found by the package's relationships."""

import io
import posixpath
import re
import zipfile
import zlib

from lxml import etree

from proposals.importing.lines import UnreadableDocument

MAX_PART_SIZE = 12_000_000  # bytes, unpacked
MAX_TOTAL_SIZE = 100_000_000  # bytes of all parts, unpacked
DAMAGED = "Filen är skadad, eller inte hel. Öppna den i Word, spara den på nytt och försök igen."
_USUAL_MAIN_PART = "word/document.xml"
_MARKUP = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Strict Open XML has the same elements in namespaces of its own (ISO/IEC 29500-1)
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}


class WordPackage:
    """An open Word file. Raises UnreadableDocument when it is unsafe or damaged."""

    def __init__(self, content):
        self._zip = _opened(content)
        main = [target for kind, target in self._targets("") if kind == "officeDocument"]
        self.main_part = next((name for name in [*main, _USUAL_MAIN_PART] if name in self._zip.namelist()), None)
        if self.main_part is None:
            raise UnreadableDocument(_not_word(self._zip))
        try:
            self._zip.read(self.main_part)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise UnreadableDocument(DAMAGED) from error
        self._related = {}
        for kind, target in self._targets(self.main_part):
            self._related.setdefault(kind, []).append(target)

    def main(self):
        return self._tree(self.main_part)

    def links(self):
        """{relationship id: address} of the hyperlinks of the main part."""
        rows = self._relationships(self.main_part)
        return {row.get("Id"): row.get("Target", "") for row in rows if row.get("Type", "").endswith("/hyperlink")}

    def part(self, kind):
        """The part of that kind, as "styles"; an empty element if there is none."""
        return next(self.parts(kind))

    def parts(self, kind):
        usual = posixpath.join(posixpath.dirname(self.main_part), f"{kind}.xml")
        for name in self._related.get(kind, [usual]):
            yield self._tree(name)

    def count_pictures(self):
        return sum("/media/" in name for name in self._zip.namelist())

    def _targets(self, part):
        """(kind, name) of the parts that `part` refers to."""
        for row in self._relationships(part):
            if row.get("TargetMode") != "External":
                target = posixpath.join("/", posixpath.dirname(part), row.get("Target", ""))
                yield row.get("Type", "").rpartition("/")[2], posixpath.normpath(target).lstrip("/")

    def _relationships(self, part):
        folder, name = posixpath.split(part)
        return self._tree(posixpath.join(folder, "_rels", f"{name}.rels")).iterchildren("*")

    def _tree(self, name):
        """Parse a part; return an empty element if the file lacks it."""
        try:
            content = self._zip.read(name)
        except KeyError:
            return etree.Element("empty")
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise UnreadableDocument(DAMAGED) from error
        if _MARKUP.search(content) or _MARKUP.search(content.replace(b"\0", b"")):
            raise UnreadableDocument(
                "Filen innehåller något som inte hör hemma i ett Word-dokument, så vi öppnar den inte."
            )
        for strict, usual in _STRICT.items():
            content = content.replace(strict, usual)
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from error
            raise UnreadableDocument(DAMAGED) from error


def _opened(content):
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
    if any(name.endswith((".xml", ".rels")) and info.file_size > MAX_PART_SIZE for name, info in parts.items()) or (
        sum(info.file_size for info in parts.values()) > MAX_TOTAL_SIZE
    ):
        raise UnreadableDocument(
            "Dokumentet är för stort när det packas upp. Dela upp det i flera, eller spara det som text."
        )
    return package


def _not_word(package):
    if "mimetype" in package.namelist():
        return (
            "Filen är ett OpenDocument-dokument (.odt). Öppna den i Word eller LibreOffice, spara den som "
            "Word-dokument (.docx) och försök igen."
        )
    return "Filen är inget Word-dokument (.docx)."
