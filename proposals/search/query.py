"""What somebody searches for, as words and "quoted phrases"."""

import re
from dataclasses import dataclass
from itertools import takewhile

from proposals.search.text import SHORT, STOP_WORDS, stem, words
from proposals.text_input.characters import INVISIBLE

QUERY_LENGTH = 200
MOST_TERMS = 12
LEAST_SHARED = 7  # letters that two words begin with alike, from which on one is offered for the other
_QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„«»″", '"'))
_NUMBER = re.compile(r"\s*(?:förslag\s*)?(?:(?:nr\.?|nummer|#)\s*)?([1-9][0-9]{0,3})\s*", re.IGNORECASE)


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
        self.text = INVISIBLE.sub("", text[:QUERY_LENGTH]).translate(_QUOTATION_MARKS)
        number = _NUMBER.fullmatch(self.text)
        # "förslag 7" asks for that proposal, not for what says "förslag"
        self.number = int(number[1]) if number else None
        self.terms = _terms(number[1] if number else self.text)

    def __bool__(self):
        return bool(self.terms)

    @property
    def words(self):
        return tuple(word for term in self.terms for word in term.words)

    def nearest(self, vocabulary):
        """The words of `vocabulary` that begin as those of the query, the longest beginning first.

        To offer, not to match; of words with the same stem only the shortest.
        """
        typed = [word for word in self.words if len(word) > SHORT]
        shared = {}
        for known in sorted(vocabulary, key=lambda known: len(known.text), reverse=True):
            letters = max((_shared_beginning(word, known.text) for word in typed), default=0)
            if letters > SHORT and letters >= min(LEAST_SHARED, len(known.stem)):  # or all of its stem
                shared[known.stem] = (letters, known)
        best = sorted(shared.values(), key=lambda found: (-found[0], len(found[1].text), found[1].text))
        return [known for _, known in best]

    def written_with(self, replaced):
        """The query with some of its words, {folded: text}, replaced; `{}` in a text stands for the word as typed."""

        def replace(match):
            text = next((replaced[word] for word in words(match.group()) if word in replaced), "{}")
            return text.format(match.group())

        return re.sub(r'[^\s"]+', replace, self.text)


def _shared_beginning(one, other):
    """How many letters two words begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


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
