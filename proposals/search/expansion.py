"""The first pass of a search: what each term of a query may match, out of the words that there are.

`expand` is pure. What it gives says which words and phrases have to be looked up; `ranking` is told where they stand.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from proposals.search.query import Query, QueryTerm
from proposals.search.text import PART_WEIGHTS, SHORT, STOP_WORDS, parts_of, stem

SATURATION = 1.5  # the weight at which a word has said half of what it can say about a proposal
MOST_TYPING_ERRORS = 2  # in a word of nine letters or more; one from five letters, none in a shorter one
LONG_STEM = 7  # letters: from there on a stem tells words apart well enough to be compared alone
LOOSE_JOINT = " (?:(?:och|i|av|for|med|till) )?"
INSIDE = 0.6  # what a word is worth that has the needle inside, not at its beginning
EXACT, SYNONYM, MISTYPED, LAST_PART, WHOLE_SYNONYM = 1.0, 0.7, 0.8, 0.5, 0.5
_DEFINITE_ENDING = re.compile("(et|en)s?$")


class KnownWord(NamedTuple):
    """A word of the vocabulary."""

    key: int
    text: str
    stem: str
    spelling: str


class Phrase(NamedTuple):
    """Words that stand beside each other, each as typed or with another ending.

    A loose one, as an expression that stands for an abbreviation, may have a stop word between them.
    """

    words: tuple
    is_loose: bool = False

    @property
    def pattern(self):
        """A regular expression that both databases and Python read the same way, for a searchable text."""
        parts = [word if len(word) <= SHORT else f"{stem(word)}[^ ]*" for word in self.words]
        return f" {(LOOSE_JOINT if self.is_loose else ' ').join(parts)} "

    def weight(self, searchable_text):
        """As for a word, see `text.weigh`."""
        pattern = re.compile(f"(?=({self.pattern}))")
        found = {part: len(pattern.findall(f" {' '.join(text)} ")) for part, text in parts_of(searchable_text).items()}
        return sum(PART_WEIGHTS[part] * times for part, times in found.items()) / (0.5 + len(searchable_text) / 2500)


@dataclass(frozen=True)
class Match:
    """One way to match a term: any of `factors`, {key of a word, or Phrase: what it is worth}."""

    strength: float
    factors: dict
    stem: str = ""

    def finds(self, postings):
        return any(postings.get(key) for key in self.factors)

    def scores(self, postings):
        """{proposal: strength · w / (w + SATURATION)}, where w is the weight of all that matches."""
        total = defaultdict(float)
        for key, factor in self.factors.items():
            for proposal, weight in postings.get(key, {}).items():
                total[proposal] += factor * weight
        return {proposal: self.strength * weight / (weight + SATURATION) for proposal, weight in total.items()}


@dataclass(frozen=True)
class ExpandedTerm:
    """A term with the matches that may stand for it.

    A later one of `steps` counts only when those before find nothing. The first `direct` of them match what was typed,
    the others guess at what was meant. The first `reach` of them are looked up.
    """

    term: QueryTerm
    steps: list
    synonyms: list
    direct: int
    reach: int

    @property
    def keys(self):
        """What must be looked up: keys of words, and Phrases."""
        matches = [match for step in self.steps[: self.reach] for match in step] + self.synonyms
        return {key for match in matches for key in match.factors}

    def chosen(self, postings):
        """The matches of the first step that finds anything, and of the synonyms."""
        steps = [[match for match in step if match.finds(postings)] for step in self.steps[: self.reach]]
        synonyms = [match for match in self.synonyms if match.finds(postings)]
        direct = next(filter(None, steps[: self.direct]), []) + synonyms
        return direct or next(filter(None, steps[self.direct :]), [])

    @property
    def may_reach_further(self):
        return self.reach < len(self.steps)


@dataclass(frozen=True)
class Expansion:
    """An expanded query. `whole` are the matches of expressions that mean the same as all of it."""

    query: Query
    vocabulary: list
    terms: list
    whole: list

    @property
    def keys(self):
        """What must be looked up: keys of words, and Phrases."""
        return set().union(*(term.keys for term in self.terms), *(match.factors for match in self.whole))

    @property
    def word_keys(self):
        return [key for key in self.keys if not isinstance(key, Phrase)]

    @property
    def phrases(self):
        """{negative number: Phrase}, the number to stand where otherwise a word's key does."""
        phrases = sorted(key for key in self.keys if isinstance(key, Phrase))
        return {-number: phrase for number, phrase in enumerate(phrases, 1)}

    def reaching_further_for(self, terms):
        """The same with all steps of these terms looked up."""
        widened = [replace(term, reach=len(term.steps)) if term in terms else term for term in self.terms]
        return replace(self, terms=widened)


def expand(query, vocabulary, synonyms):
    """The Expansion of a Query.

    `vocabulary`: every KnownWord that a term might match. `synonyms`: lists of expressions that mean the same, each a
    tuple of folded words.
    """
    whole = _by_synonym(query.words, synonyms, WHOLE_SYNONYM) if len(query.terms) > 1 else []
    return Expansion(query, vocabulary, [_expanded(term, vocabulary, synonyms) for term in query.terms], whole)


def _expanded(term, vocabulary, synonyms):
    if term.is_phrase:
        steps, direct = [[Match(EXACT, {Phrase(term.words): 1.0})]], 1
    elif term.is_short:
        steps = _short_steps(term, vocabulary)
        direct = len(steps)
    else:
        steps, direct = _steps(term, vocabulary), 1
    promising = [number for number, step in enumerate(steps, 1) if any(match.factors for match in step)]
    by_synonym = [] if term.is_phrase else _by_synonym(term.words, synonyms, SYNONYM)
    return ExpandedTerm(term, steps, by_synonym, direct, promising[0] if promising else len(steps))


def _short_steps(term, vocabulary):
    """The word itself, and while it is being typed those that begin with it."""
    steps = [[_containing(term.word, [word for word in vocabulary if word.text == term.word], EXACT)]]
    if term.is_being_typed and len(term.word) > 1:
        begins = [word for word in vocabulary if word.text.startswith(term.word)]
        steps.append([_containing(term.word, [word for word in begins if word.text not in STOP_WORDS], EXACT)])
    return steps


def _steps(term, vocabulary):
    exact = _containing(term.needle, vocabulary, EXACT)
    exact.factors.update({word.key: 1.0 for word in vocabulary if word.stem == term.stem})
    return [
        [exact],
        _by_shorter_stem(term, vocabulary),
        _by_last_part(term, vocabulary),
        *_mistyped(term, vocabulary),
    ]


def _by_shorter_stem(term, vocabulary):
    """Without a definite ending that the stemmer leaves on short words: "barnets" is "barn"."""
    shorter = _DEFINITE_ENDING.sub("", term.word)
    return [_containing(shorter, vocabulary, EXACT)] if SHORT < len(shorter) < len(term.word) else []


def _by_last_part(term, vocabulary):
    stems = {word.stem for word in vocabulary} & set(term.last_parts)
    return [_containing(last_part, vocabulary, LAST_PART) for last_part in sorted(stems)]


def _mistyped(term, vocabulary):
    """A step for each number of typing errors, with the stems of the words that are so far from what was typed."""
    far = {}
    for other in vocabulary:
        if other.text[0] == term.word[0] and not other.text.isdigit():
            distance = _distance(term.word, other.text)
            if len(term.needle) >= LONG_STEM:
                distance = min(distance, _distance(term.needle, other.stem))
            far[other.stem] = min(distance, far.get(other.stem, distance))
    for errors in range(1, MOST_TYPING_ERRORS + 1):
        near = sorted(stem for stem, distance in far.items() if distance == errors)
        yield [_containing(stem, vocabulary, MISTYPED) for stem in near]


def _containing(needle, vocabulary, strength):
    """The match of the words that contain the needle; a word's beginning counts more than its inside."""
    factors = {word.key: 1.0 if word.text.startswith(needle) else INSIDE for word in vocabulary if needle in word.text}
    return Match(strength, factors, needle)


def _distance(typed, word):
    """How many letters are wrong, missing, extra or exchanged; more than MOST_TYPING_ERRORS when that is too many."""
    most = 0 if len(typed) < 5 else 1 if len(typed) < 9 else MOST_TYPING_ERRORS
    distance = OSA.distance(typed, word, score_cutoff=most)
    return distance if distance <= most else MOST_TYPING_ERRORS + 1


@lru_cache(5_000)
def _stems(expression):
    return tuple(map(stem, expression))


def _by_synonym(typed, synonyms, strength):
    """A match for each expression that means the same as the words typed."""
    stems = _stems(typed)
    alike = [row for row in synonyms if stems in map(_stems, row)]
    others = [expression for row in alike for expression in row if _stems(expression) != stems]
    return [Match(strength, {Phrase(expression, is_loose=True): 1.0}) for expression in others]
