"""What a reader sees of a match: an extract of the text round it, with the words that match in <mark>."""

from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import mark_safe

from proposals.search.text import SHORT, WORD, fold, stem

WIDTH = 220
_fold_word = lru_cache(20_000)(fold)
BEFORE = 40  # letters of the extract that stand before the first match


class Marks:
    """The folded words and the phrases that a query matched."""

    def __init__(self, words=(), phrases=()):
        self.words = frozenset(words)
        self.phrases = [[_word_matcher(word) for word in phrase.words] for phrase in phrases]

    def __bool__(self):
        return bool(self.words or self.phrases)

    def spots(self, text):
        """(start, end) of each whole word of `text` that matches."""
        if not self:
            return []
        found = list(WORD.finditer(text))
        folded = [_fold_word(match.group()) for match in found]
        marked = {place for place, word in enumerate(folded) if word in self.words}
        for phrase in self.phrases:
            for place in range(len(folded) - len(phrase) + 1):
                if all(matches(word) for matches, word in zip(phrase, folded[place:], strict=False)):
                    marked.update(range(place, place + len(phrase)))
        return [found[place].span() for place in sorted(marked)]

    def mark(self, text):
        """`text` as safe HTML with what matches in <mark>."""
        return marked(text, self.spots(text))

    def extract(self, text):
        """About WIDTH characters of `text` round the place with most matches, as safe HTML; "" when nothing matches."""
        spots = self.spots(text)
        if not spots:
            return ""
        densest = max(
            (start for start, _ in spots), key=lambda start: sum(start <= s < start + WIDTH for s, _ in spots)
        )
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


def _word_matcher(word):
    """Whether a folded word is `word`, with any ending unless it is short."""
    if len(word) <= SHORT:
        return word.__eq__
    beginning = stem(word)
    return lambda other: other.startswith(beginning)
