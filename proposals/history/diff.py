"""What differs between two texts, word by word."""

import re
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, chain, takewhile

MOST_COMPARED = 4_000  # words and spaces; longer texts are compared line by line
# The search for what two texts share otherwise takes time that grows with the third power of their length
MOST_STEPS = 100_000  # of one search
MOST_STEPS_FOR_ALL = 1_500_000
_WORD_OR_SPACE = re.compile(r"\w+|\s+|[^\w\s]")
_WORD_WITH_SPACE = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")
KEPT, REMOVED, ADDED = "kept", "removed", "added"


@dataclass(frozen=True)
class Passage:
    """A piece of text that is kept, removed or added."""

    kind: str
    text: str


@dataclass
class Steps:
    """How many more steps there may be for all the texts that one page compares."""

    left: int = MOST_STEPS_FOR_ALL


class TooDifferent(Exception):
    """Finding what two texts share would take too many steps."""


class _Matcher(SequenceMatcher):
    """Compares lists of pieces; raises TooDifferent when that would take too long."""

    def __init__(self, old, new, steps):
        super().__init__(None, old, new, autojunk=False)
        # Of each call below: some for each piece, and one for each piece of the other text that is the same
        self._costs = [0, *accumulate(3 + len(self.b2j.get(piece, ())) for piece in old)]
        self._steps = steps
        self._least = steps.left - MOST_STEPS

    def find_longest_match(self, alo, ahi, blo, bhi):
        self._steps.left -= self._costs[ahi] - self._costs[alo]
        if self._steps.left < max(self._least, 0):
            raise TooDifferent
        return super().find_longest_match(alo, ahi, blo, bhi)


def word_diff(old, new, steps=None):
    """The passages that lead from `old` to `new`: those kept and added, joined, are `new`; kept and removed, `old`.

    Texts that are hard to compare are compared more coarsely, step by step: with spaces as a part of the words, by
    lines, and at last as two that share only their beginning and end. So are those for which no Steps are left.
    """
    steps = steps or Steps()
    for piece in (_WORD_OR_SPACE, _WORD_WITH_SPACE):
        steps.left -= len(old) + len(new)
        if steps.left > 0:
            pieces = [piece.findall(text) for text in (old, new)]
            if sum(map(len, pieces)) <= MOST_COMPARED:
                with suppress(TooDifferent):
                    return _diff(*pieces, lambda *middle: _Matcher(*middle, steps).get_opcodes())
    return line_diff(old, new, steps)


def line_diff(old, new, steps=None):
    """Like word_diff with whole lines, for lists and very long texts."""
    steps = steps or Steps()
    steps.left -= len(old) + len(new)
    pieces = [text.splitlines(keepends=True) if steps.left > 0 else [text] for text in (old, new)]
    try:
        return _diff(*pieces, lambda *middle: _Matcher(*middle, steps).get_opcodes())
    except TooDifferent:
        return _diff(*pieces, lambda *middle: [("replace", 0, len(middle[0]), 0, len(middle[1]))])


def _diff(old, new, opcodes_of):
    first = _count_same(old, new)
    last = _count_same(old[first:][::-1], new[first:][::-1])
    begun, ended = new[:first], new[len(new) - last :]
    old, new = (pieces[first : len(pieces) - last] for pieces in (old, new))
    passages = chain.from_iterable(
        [(KEPT, new[start:end])] if tag == "equal" else [(REMOVED, old[left:right]), (ADDED, new[start:end])]
        for tag, left, right, start, end in opcodes_of(old, new)
    )
    whole = [(KEPT, begun), *passages, (KEPT, ended)]
    return [Passage(kind, text) for kind, pieces in whole if (text := "".join(pieces))]


def _count_same(old, new):
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def shortened(passages, around=60):
    """Cut long kept passages down to `around` letters beside each change, with … in between."""
    last = len(passages) - 1
    return [
        Passage(KEPT, _cut(passage.text, around, place > 0, place < last)) if passage.kind == KEPT else passage
        for place, passage in enumerate(passages)
    ]


def _cut(text, around, has_before, has_after):
    beginning = text[:around] if has_before else ""
    end = text[-around:] if has_after else ""
    return text if len(text) <= len(beginning) + len(end) + 3 else f"{beginning} … {end}"
