"""What somebody searches for: what each word of it may match, and how well each proposal matches.

Knows no database. It is told which words there are (`learn`), says which of them it wants to look up (`wanted`), is
told where these stand (`settle`), and then ranks.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from math import log
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from proposals.search.text import PART_WEIGHTS, SHORT, STOP_WORDS, parts_of, stem, words

MOST_GROUPS = 12
QUERY_LENGTH = 200
FEW = 20  # with fewer proposals than this that match all groups, those that match most of the query are added
COVER = 0.5  # the share of the query's idf that "most of the query" is
SATURATION = 1.5  # the weight at which a word has said half of what it can say about a proposal
MOST_TYPING_ERRORS = 2  # in a word of nine letters or more; one from five letters, none in a shorter one
LONG_STEM = 7  # letters: from there on a stem tells words apart well enough to be compared alone
LOOSE_JOINT = " (?:(?:och|i|av|for|med|till) )?"
INSIDE = 0.6  # what a word is worth that has the needle inside, not at its beginning
LOOKS_LIKE = 70  # per cent of two words' letters that agree, from which on one is offered for the other
_DEFINITE_ENDING = re.compile("(et|en)s?$")
EXACT, SYNONYM, MISTYPED, LAST_PART, WHOLE_SYNONYM = 1.0, 0.7, 0.8, 0.5, 0.5


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
    def stems(self):
        return tuple(map(stem, self.words))

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


@dataclass
class Way:
    """One of the ways to match a group: any of `factors`, words by key or phrases, each with what it is worth."""

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


@dataclass(eq=False)
class Group:
    """A word or phrase of the query, with all that may stand for it.

    `steps` are lists of ways; a later step is taken only when the ones before find nothing. The first `direct` of them
    match what was typed, the others guess at what was meant. `reach` tells how many are looked up.
    """

    words: tuple
    is_phrase: bool = False
    is_being_typed: bool = False
    steps: list = field(default_factory=list)
    synonyms: list = field(default_factory=list)
    direct: int = 1
    reach: int = 1
    used: list = field(default_factory=list)
    scores: dict = field(default_factory=dict)

    @property
    def word(self):
        return self.words[0]

    @property
    def stem(self):
        return stem(self.word)

    @property
    def needle(self):
        """What a word must contain to match, anywhere, so that it is found in compounds: the stem.

        Or the whole word when the stem is so short that it stands in anything ("dalarna", "dal").
        """
        return self.stem if len(self.stem) > SHORT else self.word

    @property
    def is_short(self):
        """Whether the word is one that must match whole."""
        return len(self.word) <= SHORT

    @property
    def last_parts(self):
        """The ends of the word that might be a word of their own: of a longer compound than any in the texts."""
        return [self.needle[start:] for start in range(1, len(self.needle) - 5)]

    def learn(self, vocabulary, synonyms):
        """Set the ways to match the group, from the words that there are."""
        if self.is_phrase:
            self.steps = [[Way(EXACT, {Phrase(self.words): 1.0})]]
            return
        self.synonyms = _by_synonym(self.words, synonyms, SYNONYM)
        if self.is_short:
            self.steps = [[_containing(self.word, [word for word in vocabulary if word.text == self.word], EXACT)]]
            if self.is_being_typed and len(self.word) > 1:
                begins = [word for word in vocabulary if word.text.startswith(self.word)]
                telling = [word for word in begins if word.text not in STOP_WORDS]
                self.steps.append([_containing(self.word, telling, EXACT)])
            self.direct = len(self.steps)
        else:
            exact = [_containing(self.needle, vocabulary, EXACT)]
            exact[0].factors |= {word.key: 1.0 for word in vocabulary if word.stem == self.stem}
            guesses = [self._by_shorter_stem(vocabulary), self._by_last_part(vocabulary)]
            self.steps = [exact, *guesses, *self._mistyped(vocabulary)]
        promising = [number for number, step in enumerate(self.steps, 1) if any(way.factors for way in step)]
        self.reach = promising[0] if promising else len(self.steps)

    def _by_shorter_stem(self, vocabulary):
        """Without a definite ending that the stemmer leaves on short words: "barnets" is "barn"."""
        shorter = _DEFINITE_ENDING.sub("", self.word)
        return [_containing(shorter, vocabulary, EXACT)] if SHORT < len(shorter) < len(self.word) else []

    def _by_last_part(self, vocabulary):
        stems = {word.stem for word in vocabulary} & set(self.last_parts)
        return [_containing(last_part, vocabulary, LAST_PART) for last_part in sorted(stems)]

    def _mistyped(self, vocabulary):
        """A step for each number of typing errors, with the stems of the words that are so far from what was typed."""
        far = {}
        for other in vocabulary:
            if other.text[0] == self.word[0] and not other.text.isdigit():
                distance = _distance(self.word, other.text)
                if len(self.needle) >= LONG_STEM:
                    distance = min(distance, _distance(self.needle, other.stem))
                far[other.stem] = min(distance, far.get(other.stem, distance))
        for errors in range(1, MOST_TYPING_ERRORS + 1):
            near = sorted(stem for stem, distance in far.items() if distance == errors)
            yield [_containing(stem, vocabulary, MISTYPED) for stem in near]

    @property
    def wanted(self):
        """What must be looked up: keys of words, and phrases."""
        ways = [way for step in self.steps[: self.reach] for way in step] + self.synonyms
        return {key for way in ways for key in way.factors}

    def settle(self, postings):
        """Take the first step that finds anything, and the synonyms. Returns whether anything was found."""
        steps = [[way for way in step if way.finds(postings)] for step in self.steps[: self.reach]]
        synonyms = [way for way in self.synonyms if way.finds(postings)]
        direct = next(filter(None, steps[: self.direct]), []) + synonyms
        self.used = direct or next(filter(None, steps[self.direct :]), [])
        self.scores = _best(self.used, postings)
        return bool(self.used)


class Query:
    """A whole query."""

    def __init__(self, text):
        self.text = text[:QUERY_LENGTH]
        self.groups = list(_groups(self.text))
        if self.groups and not self.text.endswith((" ", '"')):
            self.groups[-1].is_being_typed = True
        self.vocabulary = []
        self.whole = []

    def __bool__(self):
        return bool(self.groups)

    def learn(self, vocabulary, synonyms):
        """Find out what may match.

        `vocabulary`: every KnownWord that a group might match. `synonyms`: lists of expressions that mean the same,
        each a tuple of folded words.
        """
        self.vocabulary = vocabulary
        for group in self.groups:
            group.learn(vocabulary, synonyms)
        typed = tuple(word for group in self.groups for word in group.words)
        self.whole = _by_synonym(typed, synonyms, WHOLE_SYNONYM) if len(self.groups) > 1 else []

    @property
    def wanted(self):
        """What must be looked up: keys of words, and phrases."""
        return set().union(*(group.wanted for group in self.groups), *(way.factors for way in self.whole))

    @property
    def wanted_words(self):
        return [key for key in self.wanted if not isinstance(key, Phrase)]

    @property
    def wanted_phrases(self):
        """{negative number: Phrase}, the number to stand where otherwise a word's key does."""
        phrases = sorted(key for key in self.wanted if isinstance(key, Phrase))
        return {-number: phrase for number, phrase in enumerate(phrases, 1)}

    def settle(self, postings):
        """Choose what matches, from {key or phrase: {proposal: weight}}.

        Returns whether that will do; if not, `wanted` has grown and should be looked up anew.
        """
        lost = [group for group in self.groups if not group.settle(postings)]
        more = [group for group in lost if group.reach < len(group.steps)]
        for group in more:
            group.reach = len(group.steps)
        return not more

    def rank(self, postings):
        """Keys of the proposals that match, the best first.

        A proposal's score is Σ idf · tf over the groups that it matches, with idf = ln((n + 1) / (df + ½)): n proposals
        match any group, df of them this one.
        """
        anywhere = set().union(*(group.scores for group in self.groups))
        idf = [max(log((len(anywhere) + 1) / (len(group.scores) + 0.5)), 0.05) for group in self.groups]
        weighed = list(zip(idf, (group.scores for group in self.groups), strict=True))
        by_synonym = _best(self.whole, postings)
        found = {proposal for proposal in anywhere if all(proposal in scores for _, scores in weighed)}
        found |= set(by_synonym)
        if len(found) < FEW:
            enough = COVER * sum(idf)
            found |= {key for key in anywhere if sum(part for part, scores in weighed if key in scores) >= enough}

        def score(proposal):
            matched = sum(part * scores.get(proposal, 0) for part, scores in weighed)
            # Rounded, because the databases give the rows that are summed in different orders
            return round(max(matched, sum(idf) * by_synonym.get(proposal, 0)), 9)

        return sorted(found, key=lambda proposal: (-score(proposal), proposal))

    def nearest(self, vocabulary):
        """The words of `vocabulary` that look like those of the query, the most alike first: to offer, not to match."""
        typed = [word for group in self.groups for word in group.words if len(word) > SHORT]
        scores = {}
        for known in vocabulary:
            alike = max((ratio(word, known.text) for word in typed if word[0] == known.text[0]), default=0)
            if alike >= LOOKS_LIKE:
                scores[known] = alike
        return sorted(scores, key=lambda known: (-scores[known], known.text))

    # What it matched

    def written_with(self, replaced):
        """The query with some of its words, {folded: text}, replaced; `{}` in a text stands for the word as typed."""

        def replace(match):
            text = next((replaced[word] for word in words(match.group()) if word in replaced), "{}")
            return text.format(match.group())

        return re.sub(r'[^\s"]+', replace, self.text)

    def replacements(self, postings):
        """{word as typed: the known word shown instead} where there was a typing error."""
        replaced = {}
        for group in self.groups:
            stems = {way.stem: len(way.scores(postings)) for way in group.used if way.strength == MISTYPED}
            if stems:
                best = max(sorted(stems), key=stems.get)
                # Only words that were found: others stand in proposals that the reader may not see
                found = [word for word in self.vocabulary if best in word.text and postings.get(word.key)]
                shown = max(found, key=lambda word: (word.stem == best, len(postings[word.key]), word.text))
                replaced[group.word] = shown.spelling
        return replaced

    @cached_property
    def marked(self):
        """The folded words that the ways in use match."""
        text = {word.key: word.text for word in self.vocabulary}
        ways = [way for group in self.groups for way in group.used] + self.whole
        return {text[key] for way in ways for key in way.factors if key in text}

    @cached_property
    def marked_phrases(self):
        ways = [way for group in self.groups for way in group.used] + self.whole
        return [key for way in ways for key in way.factors if isinstance(key, Phrase)]


def _groups(text):
    """The words and "quoted phrases" of `text`; stop words only when there is nothing else."""
    groups = []
    for phrase, word in re.findall(r'"([^"]+)"|([^\s"]+)', text):
        if found := tuple(words(phrase or word)):
            groups += [Group(found, is_phrase=True)] if phrase else [Group((word,)) for word in found]
    telling = [group for group in groups if group.is_phrase or group.word not in STOP_WORDS]
    return list({(group.words, group.is_phrase): group for group in telling or groups}.values())[:MOST_GROUPS]


def _containing(needle, vocabulary, strength):
    """The way of the words that contain the needle; a word's beginning counts more than its inside."""
    factors = {word.key: 1.0 if word.text.startswith(needle) else INSIDE for word in vocabulary if needle in word.text}
    return Way(strength, factors, needle)


def _distance(typed, word):
    """How many letters are wrong, missing, extra or exchanged; more than MOST_TYPING_ERRORS when that is too many."""
    most = 0 if len(typed) < 5 else 1 if len(typed) < 9 else MOST_TYPING_ERRORS
    distance = OSA.distance(typed, word, score_cutoff=most)
    return distance if distance <= most else MOST_TYPING_ERRORS + 1


def _by_synonym(typed, synonyms, strength):
    """A way for each expression that means the same as the words typed."""
    stems = tuple(map(stem, typed))
    alike = [row for row in synonyms if stems in [tuple(map(stem, expression)) for expression in row]]
    others = [expression for row in alike for expression in row if tuple(map(stem, expression)) != stems]
    return [Way(strength, {Phrase(expression, is_loose=True): 1.0}) for expression in others]


def _best(ways, postings):
    """{proposal: the score of the way that matches it best}."""
    best = defaultdict(float)
    for way in ways:
        for proposal, score in way.scores(postings).items():
            best[proposal] = max(best[proposal], score)
    return dict(best)
