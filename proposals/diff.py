"""What differs between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

MOST_COMPARED = 4_000  # words and spaces; longer texts are compared line by line
KEPT, REMOVED, ADDED = "kept", "removed", "added"


@dataclass(frozen=True)
class Passage:
    """A piece of text that is kept, removed or added."""

    kind: str
    text: str


def word_diff(old, new):
    """The passages that lead from `old` to `new`: those kept and added, joined, are `new`; kept and removed, `old`."""
    pieces = [re.findall(r"\w+|\s+|[^\w\s]", text) for text in (old, new)]
    return line_diff(old, new) if sum(map(len, pieces)) > MOST_COMPARED else _diff(*pieces)


def line_diff(old, new):
    """The same with whole lines, for lists and for very long texts."""
    return _diff(*[text.splitlines(keepends=True) for text in (old, new)])


def _diff(old_pieces, new_pieces):
    matcher = SequenceMatcher(None, old_pieces, new_pieces, autojunk=False)
    passages = chain.from_iterable(
        [(KEPT, new_pieces[start:end])]
        if tag == "equal"
        else [(REMOVED, old_pieces[left:right]), (ADDED, new_pieces[start:end])]
        for tag, left, right, start, end in matcher.get_opcodes()
    )
    return [Passage(kind, "".join(pieces)) for kind, pieces in passages if pieces]


def shortened(passages, around=60):
    """The passages with long kept ones cut down to `around` letters beside each change, with … for what is left out."""
    last = len(passages) - 1
    return [
        Passage(KEPT, _cut(passage.text, around, place > 0, place < last)) if passage.kind == KEPT else passage
        for place, passage in enumerate(passages)
    ]


def _cut(text, around, has_before, has_after):
    beginning = text[:around] if has_before else ""
    end = text[-around:] if has_after else ""
    return text if len(text) <= len(beginning) + len(end) + 3 else f"{beginning} … {end}"
