"""What the parts of a Word file say about a paragraph: its style, its list, its runs of text."""

import re
from functools import cache

from proposals.booklet.formats.word_lists import MAX_LEVEL
from proposals.richtext import LINK, Span

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FIELD_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_OFF = {"0", "false", "off", "none"}


def attribute(element, name):
    """The value of one of Word's own attributes, "" without it."""
    return element.get(f"{W}{name}", "")


def _value(parent, path):
    found = parent.find(path) if parent is not None else None
    return attribute(found, "val") if found is not None else ""


def _is_on(properties, name):
    """Whether a property such as bold is set: True, False, or None when nothing is said."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return None if found is None else attribute(found, "val") not in _OFF


def number_in(text, default=0):
    """The whole number that a file says, or `default` where it says none that anybody means."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else default


class Styles:
    """The styles of a document."""

    def __init__(self, tree):
        self._styles = {attribute(one, "styleId"): one for one in tree.iter(f"{W}style")}
        self._names = {key: _value(one, f"{W}name") for key, one in self._styles.items()}
        self._about = cache(self._read)

    def name_of(self, paragraph):
        """The name of a paragraph's style; "heading 1" and the like are English in every language of Word."""
        key = self._key(paragraph)
        return self._names.get(key, key)

    def used_in(self, body):
        """The names of the styles that paragraphs have."""
        return {self._names.get(attribute(one, "val"), "") for one in body.iter(f"{W}pStyle")}

    def is_bold(self, paragraph):
        """Whether the paragraph's style makes it bold."""
        return any(is_bold for is_bold, _, _ in self._ancestry(self._key(paragraph)))

    def numbering_of(self, paragraph):
        """The w:numPr that the paragraph's style gives it, or None."""
        marks = (mark for _, mark, _ in self._ancestry(self._key(paragraph)) if mark is not None)
        return next(marks, None)

    def _key(self, paragraph):
        return _value(paragraph, f"{W}pPr/{W}pStyle")

    def _ancestry(self, key, most=10):
        while key in self._styles and most:
            yield self._about(key)
            key, most = self._about(key)[-1], most - 1

    def _read(self, key):
        """(whether it is bold, its w:numPr, the key of the style that it is based on) for one style."""
        style = self._styles[key]
        return _is_on(style.find(f"{W}rPr"), "b"), style.find(f"{W}pPr/{W}numPr"), _value(style, f"{W}basedOn")


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
        changes, levels = self._lists.get(_value(mark, f"{W}numId"), ({}, {}))
        depth = number_in(_value(mark, f"{W}ilvl"))
        form = _value(levels.get(depth), f"{W}numFmt")
        if depth not in levels or form == "none":
            return "", 0, 1
        start = _value(changes.get(depth), f"{W}startOverride") or _value(levels[depth], f"{W}start")
        return "bullets" if form == "bullet" else "numbers", depth, number_in(start, 1)


def _by_depth(element, name):
    """{depth: child} for the children of a name that say something about a level; there are MAX_LEVEL + 1 of them."""
    children = {}
    for child in element.iterchildren(f"{W}{name}"):
        depth = number_in(attribute(child, "ilvl"), MAX_LEVEL + 1)
        if depth <= MAX_LEVEL:
            children.setdefault(depth, child)
    return children


def links_of(tree):
    """{key: address} of the links that a document refers to."""
    links = (one for one in tree.iterchildren("*") if one.get("Type", "").endswith("/hyperlink"))
    return {one.get("Id"): one.get("Target", "") for one in links}


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
