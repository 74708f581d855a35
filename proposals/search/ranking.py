"""The second pass of a search: which matches count, now that it is known where they stand, and how well."""

from collections import defaultdict
from functools import cached_property
from math import log

from proposals.search.expansion import LAST_PART, MISTYPED, Phrase

FEW = 20  # with fewer proposals than this that match all terms, those that match most of the query are added
COVER = 0.5  # the share of the query's idf that "most of the query" is


class Ranking:
    """What an Expansion matches, given {key of a word, or Phrase: {proposal: weight}}."""

    def __init__(self, expansion, postings):
        self.expansion = expansion
        self.postings = postings
        self._chosen = [term.chosen(postings) for term in expansion.terms]
        self._scores = [_best(matches, postings) for matches in self._chosen]

    def widened(self):
        """An Expansion to look up instead, where a term found nothing that might still; None when this will do."""
        lost = [term for term, chosen in zip(self.expansion.terms, self._chosen, strict=True) if not chosen]
        more = [term for term in lost if term.may_reach_further]
        return self.expansion.reaching_further_for(more) if more else None

    def hits(self):
        """Keys of the proposals that match, the best first.

        A proposal's score is Σ idf · tf over the terms that it matches, with idf = ln((n + 1) / (df + ½)): n proposals
        match any term, df of them this one.
        """
        anywhere = set().union(*self._scores)
        idf = [max(log((len(anywhere) + 1) / (len(scores) + 0.5)), 0.05) for scores in self._scores]
        weighed = list(zip(idf, self._scores, strict=True))
        by_synonym = _best(self.expansion.whole, self.postings)
        found = self._with_all_terms | set(by_synonym)
        if len(found) < FEW:
            enough = COVER * sum(idf)
            found |= {key for key in anywhere if sum(part for part, scores in weighed if key in scores) >= enough}

        def score(proposal):
            matched = sum(part * scores.get(proposal, 0) for part, scores in weighed)
            # Rounded, because the databases give the rows that are summed in different orders
            return round(max(matched, sum(idf) * by_synonym.get(proposal, 0)), 9)

        return sorted(found, key=lambda proposal: (-score(proposal), proposal))

    @cached_property
    def _with_all_terms(self):
        return set.intersection(*map(set, self._scores)) if self._scores else set()

    @property
    def is_partial(self):
        """Whether no proposal matches all terms, only some match most of them."""
        return not self._with_all_terms and not _best(self.expansion.whole, self.postings)

    def replacements(self):
        """{word as typed: the known word shown instead} of words that stand nowhere."""
        replaced = {}
        for term, chosen in zip(self.expansion.terms, self._chosen, strict=True):
            guessed = [match for match in chosen if match.strength in (MISTYPED, LAST_PART)]
            stems = {match.stem: len(match.scores(self.postings)) for match in guessed}
            if stems:
                best = max(sorted(stems), key=stems.get)
                # Only words that were found: others stand in proposals that the reader may not see
                found = [
                    word for word in self.expansion.vocabulary if best in word.text and self.postings.get(word.key)
                ]
                shown = max(found, key=lambda word: (word.stem == best, len(self.postings[word.key]), word.text))
                replaced[term.term.word] = shown.spelling
        return replaced

    @cached_property
    def _matched_keys(self):
        matches = [match for chosen in self._chosen for match in chosen] + self.expansion.whole
        return [key for match in matches for key in match.factors]

    @property
    def matched_words(self):
        """The folded words that were matched."""
        text = {word.key: word.text for word in self.expansion.vocabulary}
        return {text[key] for key in self._matched_keys if key in text}

    @property
    def matched_phrases(self):
        return [key for key in self._matched_keys if isinstance(key, Phrase)]


def _best(matches, postings):
    """{proposal: the score of the match that fits it best}."""
    best = defaultdict(float)
    for match in matches:
        for proposal, score in match.scores(postings).items():
            best[proposal] = max(best[proposal], score)
    return dict(best)
