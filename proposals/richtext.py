"""Light Markdown, the one markup of the proposals' texts: paragraphs, sub-headings, lists, emphasis and links.

A text is stored as typed. Everything else in it, HTML included, is shown as the characters that it is.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_inline.linkify import linkify

LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
# What a text costs to parse, by what the parser tries again from many places. Nobody writes a text that costs more than
# DEAREST, and it would keep everybody else waiting: it is shown as it was typed.
DEAREST = 1_000
_COSTS = {
    re.compile(r"[]*_\\]"): 1,
    re.compile(r"\n+"): 2,
    re.compile(r"\n {8,}"): 1,
    re.compile(r"\["): 4,
    re.compile(r"\]\(|://|@"): 10,
    re.compile(r"\]\((?!https?://|mailto:)"): 10,
    re.compile(r"xn--", re.IGNORECASE): 300,
    re.compile(r"(?<!\S)(?=\S{2000})\S*(?:://|@)"): DEAREST + 1,
}
_PARAGRAPH_BREAK = re.compile(r"\n{2,}")


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
    # The library's own rule fails where only the end of a link's text is looked for
    parser.inline.ruler.at("linkify", lambda state, silent: not silent and linkify(state, silent))
    parser.validateLink = lambda url: bool(LINK.match(url))
    parser.core.ruler.push("heading_level", _level_headings)
    return parser


def _level_headings(state):
    """Make every heading an h3, below the page's own."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"


_PARSER = _parser()


def html(text):
    if _is_overloaded(text):
        rows = (escape(paragraph).replace("\n", "<br>\n") for paragraph in _paragraphs(text))
        return mark_safe("".join(f"<p>{row}</p>\n" for row in rows))  # noqa: S308 (escaped)
    return mark_safe(_PARSER.render(text))  # noqa: S308 (the parser escapes all that isn't its own markup)


def plain(text):
    if _is_overloaded(text):
        return " ".join(text.split())
    pieces = []
    for block in _PARSER.parse(text):
        pieces += [" " if piece.type in ("softbreak", "hardbreak") else piece.content for piece in block.children or []]
        pieces.append(" ")
    return " ".join("".join(pieces).split())


def _is_overloaded(text):
    """Whether parsing would take too long, so that the text is shown as typed."""
    return sum(cost * len(mark.findall(text)) for mark, cost in _COSTS.items()) > DEAREST


def _paragraphs(text):
    return [paragraph for paragraph in _PARAGRAPH_BREAK.split(text.strip()) if paragraph.strip()]


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
    """`text` as a tuple of Blocks, to render in something else than HTML."""
    if _is_overloaded(text):
        return tuple(Block("paragraph", (Span(paragraph),)) for paragraph in _paragraphs(text))
    return tuple(_blocks(iter(_PARSER.parse(text))))


def _blocks(tokens):
    for token in tokens:
        if token.nesting < 0:
            return
        if token.type in ("bullet_list_open", "ordered_list_open"):
            kind = "bullets" if token.type == "bullet_list_open" else "numbers"
            yield Block(kind, items=tuple(_items(tokens)), start=int(token.attrs.get("start", 1)))
        else:
            inline, _ = next(tokens), next(tokens)
            yield Block(token.type.removesuffix("_open"), tuple(joined(_spans(inline.children))))


def _items(tokens):
    for token in tokens:
        if token.nesting < 0:
            return
        yield tuple(_blocks(tokens))


def _spans(tokens):
    look = Counter()
    link = ""
    for token in tokens:
        if token.nesting:
            look[token.tag] += token.nesting
            link = str(token.attrs.get("href", "")) if token.tag == "a" else link
        else:
            text = "\n" if token.type in ("softbreak", "hardbreak") else token.content
            yield Span(text, look["strong"] > 0, look["em"] > 0, link)


def joined(spans):
    """Merge neighbours that look alike and drop empty spans."""
    for _, alike in groupby(spans, key=lambda span: replace(span, text="")):
        whole = list(alike)
        if text := "".join(span.text for span in whole):
            yield replace(whole[0], text=text)
