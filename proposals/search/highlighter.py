"""What a reader sees of a match: an extract of the text round it, with the words that match in <mark>."""

import re
from bisect import bisect_left
from functools import lru_cache
from html import unescape
from itertools import accumulate

from django.utils.html import escape
from django.utils.safestring import mark_safe

from proposals.search.text import SHORT, WORD, WORD_LENGTH, fold, stem

WIDTH = 220
_TAG = re.compile(r"(<[^>]*>)")
_fold_word = lru_cache(20_000)(fold)
BEFORE = 40  # letters of the extract that stand before the first match


class Highlighter:
    """The folded words and the phrases that a query matched."""

    def __init__(self, words=(), phrases=()):
        self.words = frozenset(words)
        self.phrases = [_pattern(phrase.words) for phrase in phrases]

    def __bool__(self):
        return bool(self.words or self.phrases)

    def spots(self, text):
        """(start, end) of each whole word of `text` that matches."""
        if not self:
            return []
        found = list(WORD.finditer(text))
        folded = [_fold_word(match.group()[:WORD_LENGTH]) for match in found]
        marked = {place for place, word in enumerate(folded) if word in self.words}
        for phrase in self.phrases:
            marked.update(_places(phrase, folded))
        return [found[place].span() for place in sorted(marked)]

    def mark(self, text):
        """`text` as safe HTML with what matches in <mark>."""
        return marked(text, self.spots(text))

    def mark_html(self, html):
        """The same for HTML of ours: what stands between its tags."""
        pieces = _TAG.split(html)
        return mark_safe("".join(piece if piece[:1] == "<" else self.mark(unescape(piece)) for piece in pieces))  # noqa: S308

    def extract(self, text):
        """About WIDTH characters of `text` round the place with most matches, as safe HTML; "" when nothing matches."""
        spots = self.spots(text)
        if not spots:
            return ""
        starts = [start for start, _ in spots]
        densest = max(starts, key=lambda start: bisect_left(starts, start + WIDTH) - bisect_left(starts, start))
        start = text.rfind(" ", 0, max(densest - BEFORE, 0)) + 1
        end = len(text) if start + WIDTH >= len(text) else text.rfind(" ", densest, start + WIDTH)
        if end <= densest:  # one word longer than the extract
            end = min(len(text), start + WIDTH)
        inside = [(first, last) for first, last in spots if start <= first and last <= end]
        extract = marked(text, inside, start, end)
        return mark_safe(("… " if start else "") + extract + (" …" if end < len(text) else ""))  # noqa: S308 (escaped)


def marked(text, spots, start=0, end=None):
    """`text` from `start` to `end` as safe HTML, with each of `spots`, (start, end) in order, in <mark>."""
    pieces = []
    for first, last in spots:
        pieces += [escape(text[start:first]), "<mark>", escape(text[first:last]), "</mark>"]
        start = last
    return mark_safe("".join([*pieces, escape(text[start:end])]))  # noqa: S308 (all that was typed is escaped)


def _pattern(words):
    """A phrase in folded words with a space before each: every word with any ending, unless it is short."""
    return re.compile("".join(f" {word}" if len(word) <= SHORT else f" {stem(word)}[^ ]*" for word in words) + "(?= )")


def _places(phrase, folded):
    """The places in a list of folded words that are part of a phrase, given as its `_pattern`."""
    starts = list(accumulate((len(word) + 1 for word in folded), initial=0))
    for match in phrase.finditer(f" {' '.join(folded)} "):
        yield from range(bisect_left(starts, match.start()), bisect_left(starts, match.end()))
