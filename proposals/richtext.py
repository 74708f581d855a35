"""Light Markdown, the one markup of the proposals' texts: paragraphs, sub-headings, lists, emphasis and links.

A text is stored as typed. Everything else in it, HTML included, is shown as the characters that it is.
"""

import re

from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)


def _parser():
    # Beyond maxNesting the parser drops text: far more levels than anybody types, few enough for Python's stack
    parser = MarkdownIt("zero", {"breaks": True, "maxNesting": 60})
    parser.enable(["heading", "list", "emphasis", "link", "newline", "escape"])
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
    beginning = plain(text[: 4 * length])  # parsing some more than is shown is enough, however long the text is
    if len(beginning) <= length:
        return beginning
    return beginning[: length - 1].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"
