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
from markdown_it.rules_inline.emphasis import tokenize as emphasis
from markdown_it.rules_inline.escape import escape as escape_rule
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
# Bullets as they are pasted from Word, and a dash that begins a line; "§ 5" is a law, but before a tab it is a bullet
PASTED_BULLET = r"(?:[•▪◦‣·\uf0b7\uf0a7]|–(?= )|[o§](?=\t))[ \t]+(?=\S)"
_PASTED_BULLETS = re.compile(rf"^([ \t]*){PASTED_BULLET}", re.MULTILINE)
LONGEST_PATH = 300  # characters
_PATH = re.compile(r"\W*(?:[A-Za-z]:\\|\\\\)")
_CLOSING_QUOTES = re.compile("[”“’‘»«›‹]+$")
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
    parser.inline.ruler.at("linkify", lambda state, silent: not silent and _link_address(state, silent))
    parser.inline.ruler.at("emphasis", _begin_emphasis)
    parser.inline.ruler.at("escape", lambda state, silent: not _is_in_path(state) and escape_rule(state, silent))
    parser.validateLink = lambda url: bool(LINK.match(url))
    parser.core.ruler.push("heading_level", _level_headings)
    return parser


def _begin_emphasis(state, silent):
    """Leave a single star within a word as it is: "5*3*2" is no emphasis."""
    before, after = state.src[state.pos - 1 : state.pos], state.src[state.pos + 1 : state.pos + 2]
    is_within = before.isalnum() and after.isalnum()
    return not is_within and emphasis(state, silent)


def _is_in_path(state):
    """Whether a backslash belongs to an address of a file, as "C:\\_mapp\\*.docx", which nobody means as markup."""
    before = state.src[max(state.pos - LONGEST_PATH, 0) : state.pos + 1]
    return bool(_PATH.match(before.split()[-1]))


def _link_address(state, silent):
    """Without the typographic quotes that end an address in a text."""
    is_linked = linkify(state, silent)
    if is_linked and (quotes := _CLOSING_QUOTES.search(state.tokens[-2].content)):
        opening, text, _ = state.tokens[-3:]
        text.content = text.content[: quotes.start()]
        opening.attrs["href"] = state.md.normalizeLink(text.content)
        state.pos -= len(quotes[0])
    return is_linked


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
    return mark_safe(_PARSER.render(_with_bullets(text)))  # noqa: S308 (the parser escapes all that isn't its own markup)


def plain(text):
    if _is_overloaded(text):
        return " ".join(text.split())
    pieces = []
    for block in _PARSER.parse(_with_bullets(text)):
        pieces += [" " if piece.type in ("softbreak", "hardbreak") else piece.content for piece in block.children or []]
        pieces.append(" ")
    return " ".join("".join(pieces).split())


def _with_bullets(text):
    """With pasted bullets as Markdown writes them; the letter o is Word's bullet of the second level."""
    return _PASTED_BULLETS.sub(lambda match: match[1] + ("  - " if "o" in match[0] else "- "), text)


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
    return tuple(_blocks(iter(_PARSER.parse(_with_bullets(text)))))


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
