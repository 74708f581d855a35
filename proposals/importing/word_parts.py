"""What the parts of a Word file say about a paragraph: its style, its list, its runs of text."""

import re
from dataclasses import dataclass

from proposals.richtext import LINK, Span

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FIELD_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_NUMBER = re.compile(r"[0-9]{1,5}")
_OFF = {"0", "false", "off", "none"}


def attribute(element, name):
    """The value of one of Word's own attributes, "" without it."""
    return element.get(f"{W}{name}", "")


def _value(parent, path):
    found = parent.find(path) if parent is not None else None
    return attribute(found, "val") if found is not None else ""


def number_of(text, otherwise):
    """A number as Word writes it; `otherwise` for anything else, and for one that no document has."""
    return int(text) if _NUMBER.fullmatch(text) else otherwise


def _is_on(properties, name):
    """Whether a property such as bold is set: True, False, or None when nothing is said."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return None if found is None else attribute(found, "val") not in _OFF


@dataclass(frozen=True)
class Style:
    """What is asked of a style, looked up once: its element may have a hundred thousand children."""

    name: str
    based_on: str
    is_bold: bool
    numbering: object  # its w:numPr, or None


def _style(element):
    return Style(
        name=_value(element, f"{W}name"),
        based_on=_value(element, f"{W}basedOn"),
        is_bold=bool(_is_on(element.find(f"{W}rPr"), "b")),
        numbering=element.find(f"{W}pPr/{W}numPr"),
    )


class Styles:
    """The styles of a document."""

    def __init__(self, tree):
        self._styles = {attribute(one, "styleId"): _style(one) for one in tree.iter(f"{W}style")}

    def name_of(self, paragraph):
        """The name of a paragraph's style; "heading 1" and the like are English in every language of Word."""
        key = self._key(paragraph)
        return self._styles[key].name if key in self._styles else key

    def used_in(self, body):
        """The names of the styles that paragraphs have."""
        used = {attribute(one, "val") for one in body.iter(f"{W}pStyle")}
        return {self._styles[key].name for key in used if key in self._styles}

    def is_bold(self, paragraph):
        """Whether the paragraph's style makes it bold."""
        return any(style.is_bold for style in self._ancestry(self._key(paragraph)))

    def numbering_of(self, paragraph):
        """The w:numPr that the paragraph's style gives it, or None."""
        found = (style.numbering for style in self._ancestry(self._key(paragraph)))
        return next((numbering for numbering in found if numbering is not None), None)

    def _key(self, paragraph):
        return _value(paragraph, f"{W}pPr/{W}pStyle")

    def _ancestry(self, key, most=10):
        while key in self._styles and most:
            yield self._styles[key]
            key, most = self._styles[key].based_on, most - 1


class Numbering:
    """The lists of a document."""

    def __init__(self, tree):
        kinds = {attribute(one, "abstractNumId"): _by_depth(one, "lvl") for one in tree.iter(f"{W}abstractNum")}
        self._lists = {
            attribute(one, "numId"): (_by_depth(one, "lvlOverride"), kinds.get(_value(one, f"{W}abstractNumId"), {}))
            for one in tree.iter(f"{W}num")
        }

    def of(self, paragraph, styles):
        """(kind, depth, first number) of the list that a paragraph is in; ("", 0, 1) when it is in none."""
        mark = paragraph.find(f"{W}pPr/{W}numPr")
        mark = mark if mark is not None else styles.numbering_of(paragraph)
        if mark is None:
            return "", 0, 1
        overrides, levels = self._lists.get(_value(mark, f"{W}numId"), ({}, {}))
        depth = number_of(_value(mark, f"{W}ilvl"), 0)
        form = _value(levels.get(depth), f"{W}numFmt")
        if depth not in levels or form == "none":
            return "", 0, 1
        start = _value(overrides.get(depth), f"{W}startOverride") or _value(levels[depth], f"{W}start")
        return "bullets" if form == "bullet" else "numbers", depth, number_of(start, 1)


def _by_depth(element, name):
    """{depth: the first child of that name for it}"""
    found = {}
    for child in element.iterchildren(f"{W}{name}"):
        found.setdefault(number_of(attribute(child, "ilvl"), 0), child)
    return found


def links_of(tree):
    """{key: address} of the links that a document refers to."""
    return {one.get("Id"): one.get("Target", "") for one in tree if one.get("Type", "").endswith("/hyperlink")}


def runs_of(paragraph, links, is_bold=False):
    """The Spans of a paragraph: what is deleted left out, line breaks as such."""
    return _Runs(links, is_bold).of(paragraph)


class _Runs:
    def __init__(self, links, is_bold):
        self.links = links
        self.is_bold = is_bold
        self.spans = []
        self.instruction = None  # of a field that is being read
        self.field_link = ""

    def of(self, element):
        self._walk(element, "")
        return self.spans

    def _walk(self, element, link):
        for child in element:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, link or self.field_link)
            elif tag == f"{W}hyperlink":
                address = self.links.get(child.get(f"{R}id"), "")
                self._walk(child, address if LINK.match(address) else "")
            elif tag in (f"{W}ins", f"{W}smartTag", f"{W}sdt", f"{W}sdtContent", f"{W}fldSimple", f"{W}moveTo"):
                self._walk(child, link)

    def _run(self, run, link):
        look = run.find(f"{W}rPr")
        bold = _is_on(look, "b")
        is_bold = self.is_bold if bold is None else bold
        text = "".join(map(self._text, run))
        if text:
            self.spans.append(Span(text, is_bold, bool(_is_on(look, "i")), link))

    def _text(self, child):
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "t" and self.instruction is None:
            return child.text or ""
        if name == "br":
            return "" if attribute(child, "type") in ("page", "column") else "\n"
        if name == "fldChar":
            self._field(attribute(child, "fldCharType"))
        elif name == "instrText" and self.instruction is not None:
            self.instruction += child.text or ""
        return {"tab": "\t", "cr": "\n", "noBreakHyphen": "-", "sym": "•"}.get(name, "")

    def _field(self, kind):
        """A field is instructions, then what it shows: of a link, its words."""
        if kind == "begin":
            self.instruction = ""
        elif kind == "separate":
            found = _FIELD_LINK.match(self.instruction or "")
            self.field_link = found[1] if found and LINK.match(found[1]) else ""
            self.instruction = None
        else:
            self.instruction, self.field_link = None, ""
