"""Lists in a Word file: each begins anew, with Word's own numbering."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

DEEPEST = 8
STEP = 6  # mm further in for each level
BULLETS = "•–▪"


class Lists:
    """The numbering of one document."""

    def __init__(self, document):
        self._root = document.part.numbering_part.element
        self._kinds = {kind: self._define(kind) for kind in ("bullets", "numbers")}

    def begin(self, kind, level, start=1):
        """Begin a list of a kind ("bullets" or "numbers") at a level, 0 the outermost; returns its Marks."""
        depth = min(level, DEEPEST)
        number = self._root.add_num(self._kinds[kind])
        if kind == "numbers":
            number.add_lvlOverride(ilvl=depth).add_startOverride(start)
        return Marks(number.numId, depth)

    def _define(self, kind):
        key = 1 + max((int(one) for one in self._root.xpath("w:abstractNum/@w:abstractNumId")), default=0)
        levels = "".join(_level(kind, level) for level in range(DEEPEST + 1))
        definition = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{key}">{levels}</w:abstractNum>')
        # Word wants all definitions before what uses them
        self._root.insert(len(self._root.xpath("w:abstractNum")), definition)
        return key


class Marks:
    """How the paragraphs of one list are marked."""

    def __init__(self, key, level):
        self._key = key
        self._level = level

    def mark(self, paragraph):
        """Make the paragraph an item of the list."""
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = self._level
        properties.get_or_add_numId().val = self._key

    def indent(self, paragraph):
        """Make the paragraph go on with the item before."""
        paragraph.paragraph_format.left_indent = Mm(STEP * (self._level + 1))


def _level(kind, level):
    form, text = ("bullet", BULLETS[level % len(BULLETS)]) if kind == "bullets" else ("decimal", f"%{level + 1}.")
    left, hanging = (round(Mm(length) / 635) for length in (STEP * (level + 1), STEP))
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
    )
