"""Styles and numbering of a Word file."""

import re
from functools import cache

from proposals.booklet.formats.word_lists import MAX_LEVEL

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = {"0", "false", "off", "none"}


def attribute(element, name):
    return element.get(f"{W}{name}", "")


def _value(parent, path):
    found = parent.find(path) if parent is not None else None
    return attribute(found, "val") if found is not None else ""


def is_on(properties, name):
    """Return whether a property such as bold is set, or None if it isn't specified."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return None if found is None else attribute(found, "val") not in _OFF


def parse_number(text, default=0):
    """Return a non-negative int, or `default` if the text is malformed or has more than nine digits."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else default


class Styles:
    def __init__(self, tree):
        self._styles = {attribute(style, "styleId"): style for style in tree.iter(f"{W}style")}
        self._names = {key: _value(style, f"{W}name") for key, style in self._styles.items()}
        self._properties = cache(self._read)

    def name_of(self, paragraph):
        """Return the style name. Built-in names such as "heading 1" are English in every locale of Word."""
        key = self._key(paragraph)
        return self._names.get(key, key)

    def used_in(self, body):
        return {self._names.get(attribute(element, "val"), "") for element in body.iter(f"{W}pStyle")}

    def is_bold(self, paragraph):
        return any(is_bold for is_bold, _, _ in self._ancestry(self._key(paragraph)))

    def numbering_of(self, paragraph):
        found = (numbering for _, numbering, _ in self._ancestry(self._key(paragraph)) if numbering is not None)
        return next(found, None)

    def _key(self, paragraph):
        return _value(paragraph, f"{W}pPr/{W}pStyle")

    def _ancestry(self, key, most=10):
        while key in self._styles and most:
            yield self._properties(key)
            key, most = self._properties(key)[-1], most - 1

    def _read(self, key):
        """Return (whether it is bold, its w:numPr, the key of the base style)."""
        style = self._styles[key]
        return is_on(style.find(f"{W}rPr"), "b"), style.find(f"{W}pPr/{W}numPr"), _value(style, f"{W}basedOn")


class Numbering:
    def __init__(self, tree):
        kinds = {attribute(one, "abstractNumId"): _by_depth(one, "lvl") for one in tree.iter(f"{W}abstractNum")}
        self._lists = {
            attribute(one, "numId"): (_by_depth(one, "lvlOverride"), kinds.get(_value(one, f"{W}abstractNumId"), {}))
            for one in tree.iter(f"{W}num")
        }

    def of(self, paragraph, styles):
        """Return (kind, depth, first number) of the paragraph's list, or ("", 0, 1)."""
        numbering = paragraph.find(f"{W}pPr/{W}numPr")
        numbering = numbering if numbering is not None else styles.numbering_of(paragraph)
        if numbering is None:
            return "", 0, 1
        overrides, levels = self._lists.get(_value(numbering, f"{W}numId"), ({}, {}))
        depth = parse_number(_value(numbering, f"{W}ilvl"))
        number_format = _value(levels.get(depth), f"{W}numFmt")
        if depth not in levels or number_format == "none":
            return "", 0, 1
        start = _value(overrides.get(depth), f"{W}startOverride") or _value(levels[depth], f"{W}start")
        return "bullets" if number_format == "bullet" else "numbers", depth, parse_number(start, 1)


def _by_depth(element, name):
    children = {}
    for child in element.iterchildren(f"{W}{name}"):
        depth = parse_number(attribute(child, "ilvl"), MAX_LEVEL + 1)
        if depth <= MAX_LEVEL:
            children.setdefault(depth, child)
    return children
