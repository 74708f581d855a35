"""Numbering definitions for lists in Word files."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

MAX_LEVEL = 8
INDENT = 6  # mm per level
BULLETS = "•–▪"


class Lists:
    def __init__(self, document):
        self._root = document.part.numbering_part.element
        self._kinds = {kind: self._define(kind) for kind in ("bullets", "numbers")}

    def begin(self, kind, level, start=1):
        """Restart numbering for a new list; `kind` is "bullets" or "numbers", and 0 the outermost level."""
        level = min(level, MAX_LEVEL)
        number = self._root.add_num(self._kinds[kind])
        if kind == "numbers":
            number.add_lvlOverride(ilvl=level).add_startOverride(start)
        return ListNumbering(number.numId, level)

    def _define(self, kind):
        key = 1 + max((int(one) for one in self._root.xpath("w:abstractNum/@w:abstractNumId")), default=0)
        levels = "".join(_level(kind, level) for level in range(MAX_LEVEL + 1))
        definition = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{key}">{levels}</w:abstractNum>')
        # Word requires all definitions before the w:num elements
        self._root.insert(len(self._root.xpath("w:abstractNum")), definition)
        return key


class ListNumbering:
    def __init__(self, key, level):
        self._key = key
        self._level = level

    def apply(self, paragraph):
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = self._level
        properties.get_or_add_numId().val = self._key

    def indent(self, paragraph):
        """Continue the previous item with a paragraph that has no marker."""
        paragraph.paragraph_format.left_indent = Mm(INDENT * (self._level + 1))


def _level(kind, level):
    number_format, text = (
        ("bullet", BULLETS[level % len(BULLETS)]) if kind == "bullets" else ("decimal", f"%{level + 1}.")
    )
    left, hanging = (round(Mm(length) / 635) for length in (INDENT * (level + 1), INDENT))
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
    )
