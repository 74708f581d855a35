"""Light Markdown, the one markup of the proposals' texts: paragraphs, sub-headings, lists, emphasis and links.

A text is stored as typed. Everything else in it, HTML included, is shown as the characters that it is.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """Characters that look alike; a line break is the character for it."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    link: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph or a sub-heading with its `spans`, or a list with its `items`, each a tuple of Blocks."""

    kind: str  # "paragraph", "heading", "bullets" or "numbers"
    spans: tuple[Span, ...] = ()
    items: tuple[tuple["Block", ...], ...] = ()
    start: int = 1


def _parser():
    # Beyond maxNesting the parser drops text: far more levels than anybody types, few enough for Python's stack
    parser = MarkdownIt("zero", {"breaks": True, "maxNesting": 60, "linkify": True})
    parser.enable(["heading", "list", "emphasis", "link", "newline", "escape", "linkify"])
    # Whole addresses only: "t.ex.så" is none
    parser.linkify.set({"fuzzy_link": False})
    for scheme in ("//", "ftp:"):
        parser.linkify.add(scheme, None)
    parser.validateLink = lambda url: bool(LINK.match(url))
    parser.core.ruler.push("heading_level", _level_headings)
    return parser


def _level_headings(state):
    """One level for every sub-heading, the one below the page's section headings."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"


_PARSER = _parser()


def html(text):
    """`text` as safe HTML."""
    return mark_safe(_PARSER.render(text))  # noqa: S308 (the parser escapes all that isn't its own markup)


def plain(text):
    """The words of `text` in one line, without markup."""
    pieces = []
    for block in _PARSER.parse(text):
        pieces += [" " if piece.type in ("softbreak", "hardbreak") else piece.content for piece in block.children or []]
        pieces.append(" ")
    return " ".join("".join(pieces).split())


def excerpt(text, length=170):
    """The beginning of `text` in one line without markup: whole words, about `length` characters."""
    return _shortened(text[: 4 * length], length)  # parsing some more than is shown is enough, however long the text is


@lru_cache(500)
def _shortened(text, length):
    beginning = plain(text)
    if len(beginning) <= length:
        return beginning
    return beginning[: length - 1].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"


def blocks(text):
    """`text` as a tuple of Blocks, for those who draw it on something else than a web page."""
    return _blocks(SyntaxTreeNode(_PARSER.parse(text)).children)


def _blocks(nodes):
    return tuple(_block(node) for node in nodes)


def _block(node):
    if node.type in ("bullet_list", "ordered_list"):
        kind = "bullets" if node.type == "bullet_list" else "numbers"
        items = tuple(_blocks(item.children) for item in node.children)
        return Block(kind, items=items, start=int(node.attrs.get("start", 1)))
    [inline] = node.children
    return Block(node.type, tuple(_joined(_spans(inline.children))))


def _spans(nodes, look=Span("")):
    for node in nodes:
        if node.type == "strong":
            yield from _spans(node.children, replace(look, is_bold=True))
        elif node.type == "em":
            yield from _spans(node.children, replace(look, is_italic=True))
        elif node.type == "link":
            yield from _spans(node.children, replace(look, link=str(node.attrs["href"])))
        else:
            yield replace(look, text="\n" if node.type in ("softbreak", "hardbreak") else node.content)


def _joined(spans):
    """The spans with neighbours that look alike made one, and without empty ones."""
    for _, alike in groupby(spans, key=lambda span: replace(span, text="")):
        whole = list(alike)
        if text := "".join(span.text for span in whole):
            yield replace(whole[0], text=text)
