"""How alike proposals are: in what they are about, and in their very wording."""

from collections import Counter
from itertools import accumulate
from math import log, sqrt

from proposals.search.text import STOP_WORDS, WORD, fold, parts_of, stem, words

TITLE_TIMES = 3  # what a proposal is about stands in its title
COMPARED = 10_000  # letters of a text: several times what the longest proposals say
PIECE_LENGTHS = (4, 5)
# A similarity from which on two proposals are about the same. Chosen by reading: of the 28, pairs above it share their
# subject, most below it only words such as "regional" and "kunskap".
LEAST_ALIKE = 0.13
NEARLY_THE_SAME = 0.3  # an overlap above this: the same text sent in twice, or one written from the other


def similarity(texts, keys):
    """{(key, other): 0–1} for each of `keys` and every other of `texts`, {key: searchable text}: how alike they are.

    Cosine of the texts' vectors, with (1 + ln tf) · (1 + ln((1 + n) / (1 + df))) for each piece of 4 or 5 letters of a
    stem, so that compounds count as alike.
    """
    pieces = {key: _pieces(text) for key, text in texts.items()}
    frequency = Counter(piece for counted in pieces.values() for piece in counted)
    rarity = {piece: 1 + log((1 + len(texts)) / (1 + times)) for piece, times in frequency.items()}
    vectors = {key: _vector(counted, rarity) for key, counted in pieces.items()}
    return {
        (key, other): round(sum(value * vectors[other].get(piece, 0) for piece, value in vectors[key].items()), 6)
        for key in keys
        for other in texts
        if other != key
    }


def sequences(text):
    """The three-word sequences of a text as people type it, as a set."""
    return set(_triples(words(text)))


def compared_sequences(searchable_text):
    """The three-word sequences by which a proposal is compared with others, as a set."""
    parts = parts_of(searchable_text)
    return set(_triples(parts["title"] + _compared(parts["body"])))


def overlap(own, others):
    """0–1: the share of `compared_sequences` that both have among all that either has (Jaccard)."""
    return len(own & others) / (len(own | others) or 1)


def shared_spots(text, others):
    """(start, end) of each passage of `text` whose three-word sequences are among the `sequences` of another."""
    found = list(WORD.finditer(text))
    folded = [fold(match.group()) for match in found]
    shared = {start + step for start, triple in enumerate(_triples(folded)) if triple in others for step in range(3)}
    spots = []
    for place in sorted(shared):
        first, last = found[place].span()
        if spots and place - 1 in shared:
            first = spots.pop()[0]
        spots.append((first, last))
    return spots


def _triples(sequence):
    return list(zip(sequence, sequence[1:], sequence[2:], strict=False))


def _pieces(searchable_text):
    """{piece: how often}, the title counted TITLE_TIMES."""
    parts = parts_of(searchable_text)
    stems = Counter()
    for found, times in ((parts["title"], TITLE_TIMES), (_compared(parts["body"]), 1)):
        for word in found:
            if word not in STOP_WORDS:
                stems[f" {stem(word)} "] += times
    counted = Counter()
    for padded, times in stems.items():
        for length in PIECE_LENGTHS:
            for start in range(max(1, len(padded) - length + 1)):
                counted[padded[start : start + length]] += times
    return counted


def _vector(counted, rarity):
    """The vector of one text, of length 1."""
    vector = {piece: (1 + log(times)) * rarity[piece] for piece, times in counted.items()}
    length = sqrt(sum(value * value for value in vector.values())) or 1
    return {piece: value / length for piece, value in vector.items()}


def _compared(body):
    letters = accumulate(len(word) for word in body)
    return [word for word, before in zip(body, letters, strict=True) if before <= COMPARED]
