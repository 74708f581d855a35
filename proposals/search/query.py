"""What somebody searches for, as words and "quoted phrases"."""

import re
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from proposals.search.text import SHORT, STOP_WORDS, stem, words

QUERY_LENGTH = 200
MOST_TERMS = 12
LEAST_ALIKE = 70  # per cent of two words' letters that agree, from which on one is offered for the other


@dataclass(frozen=True)
class QueryTerm:
    """A folded word of the query, or the words of a phrase."""

    words: tuple
    is_phrase: bool = False
    is_being_typed: bool = False

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
        """Whether the word must match whole."""
        return len(self.word) <= SHORT

    @property
    def last_parts(self):
        """The ends of the word that might be a word of their own: of a longer compound than any in the texts."""
        return [self.needle[start:] for start in range(1, len(self.needle) - 5)]


class Query:
    """A parsed query; false when it holds nothing to search for."""

    def __init__(self, text):
        self.text = text[:QUERY_LENGTH]
        self.terms = _terms(self.text)

    def __bool__(self):
        return bool(self.terms)

    @property
    def words(self):
        return tuple(word for term in self.terms for word in term.words)

    def nearest(self, vocabulary):
        """The words of `vocabulary` that look like those of the query, the most alike first: to offer, not to match."""
        typed = [word for word in self.words if len(word) > SHORT]
        scores = {}
        for known in vocabulary:
            alike = max((ratio(word, known.text) for word in typed if word[0] == known.text[0]), default=0)
            if alike >= LEAST_ALIKE:
                scores[known] = alike
        return sorted(scores, key=lambda known: (-scores[known], known.text))

    def written_with(self, replaced):
        """The query with some of its words, {folded: text}, replaced; `{}` in a text stands for the word as typed."""

        def replace(match):
            text = next((replaced[word] for word in words(match.group()) if word in replaced), "{}")
            return text.format(match.group())

        return re.sub(r'[^\s"]+', replace, self.text)


def _terms(text):
    """The words and phrases of `text`, each once; stop words only when there is nothing else."""
    found = []
    for phrase, word in re.findall(r'"([^"]+)"|([^\s"]+)', text):
        if folded := tuple(words(phrase or word)):
            found += [QueryTerm(folded, is_phrase=True)] if phrase else [QueryTerm((one,)) for one in folded]
    telling = [term for term in found if term.is_phrase or term.word not in STOP_WORDS]
    terms = list(dict.fromkeys(telling or found))[:MOST_TERMS]
    if terms and not text.endswith((" ", '"')):
        terms[-1] = QueryTerm(terms[-1].words, terms[-1].is_phrase, is_being_typed=True)
    return terms
