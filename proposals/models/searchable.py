"""Finding proposals by what they say, among those of the queryset that is asked and no others."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from operator import or_

from django.db.models import CharField, Count, Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat, StrIndex

from proposals.models.indexed import IndexedQuerySet
from proposals.models.synonym import Synonym, folded_expressions
from proposals.models.word import Posting, Word
from proposals.search.expansion import KnownWord, Phrase, expand
from proposals.search.highlighter import Highlighter
from proposals.search.query import Query
from proposals.search.ranking import Ranking

MOST_HITS = 400  # of one search: nobody reads on, and a common word must not cost more with more proposals
MOST_ROWS = 2_500  # of the index that one search reads whole; beyond, it reads what the newest proposals have
COMMON = 1_000  # rows of the index from which on a word is too common to find proposals by, if there is a rarer one


@dataclass(frozen=True)
class SearchResult:
    """What a search found: `hits`, keys of proposals, the best first, and by `ranking` how they matched."""

    query: Query
    ranking: Ranking | None = None
    hits: list = field(default_factory=list)
    is_cut: bool = False  # so common that only the newest proposals were ranked
    rare: list = field(default_factory=list)  # then: the terms of the query that few proposals hold

    @cached_property
    def _replacements(self):
        return self.ranking.replacements() if self.ranking else {}

    @property
    def is_partial(self):
        """Whether no proposal has all that was searched for, so that those with most of it are shown."""
        return bool(self.hits and self.ranking and self.ranking.is_partial and not self.query.number)

    @property
    def instead(self):
        """What was searched for instead of words that stand nowhere; "" otherwise."""
        return self.query.written_with(self._replacements) if self._replacements else ""

    @property
    def exactly(self):
        """The query that finds only what was typed."""
        return self.query.written_with(dict.fromkeys(self._replacements, '"{}"'))

    @cached_property
    def highlighter(self):
        ranking = self.ranking
        return Highlighter(ranking.matched_words, ranking.matched_phrases) if ranking else Highlighter()


class SearchableQuerySet(IndexedQuerySet):
    def search(self, text):
        """Proposals that match `text`, the best first; all of them when it is blank."""
        return self.found(self.find(text)) if text.strip() else self

    def found(self, result):
        """Proposals of this queryset among the hits of `result`, the best first."""
        ranking = Value("".join(f",{key}" for key in result.hits) + ",", TextField())
        key = Concat(Value(","), Cast("pk", CharField()), Value(","))
        return self.filter(pk__in=result.hits).annotate(relevance=StrIndex(ranking, key)).order_by("relevance")

    def find(self, text):
        """Return the SearchResult for `text` among these proposals; see search.expansion for what matches."""
        query = Query(text)
        return self._numbered_first(self._find(query)) if query else SearchResult(query)

    def _numbered_first(self, result):
        """The proposals with the number that is searched for before the others, the newest meeting's first."""
        if result.query.number is None:
            return result
        numbered = self.filter(number=result.query.number).order_by("-meeting__date").values_list("pk", flat=True)
        return replace(result, hits=list(dict.fromkeys([*numbered, *result.hits])))

    def _find(self, query):
        expansion = expand(query, *self._vocabulary(query))
        rows = self._rows(expansion)
        ranking = Ranking(expansion, _postings(expansion, rows))
        if len(rows) <= MOST_ROWS and (wider := ranking.widened()):
            expansion, rows = wider, self._rows(wider)
            ranking = Ranking(expansion, _postings(expansion, rows))
        if len(rows) > MOST_ROWS:
            return self._newest_result(expansion, _rare(expansion))
        hits = ranking.hits()
        return SearchResult(query, ranking, hits[:MOST_HITS], is_cut=len(hits) > MOST_HITS)

    def refine(self, result):
        """Return the SearchResult of the same query among these proposals, where the first one was cut."""
        return self._numbered_first(self._newest_result(result.ranking.expansion, result.rare))

    def nearest_words(self, result, count):
        """Up to `count` words of these proposals that look like those searched for, the most similar first."""
        alike = result.query.nearest(KnownWord(*row) for row in Word.objects.that_begin_as(result.query))
        within = Posting.objects.filter(word__in=[word.key for word in alike]).among(self)
        here = set(within.values_list("word", flat=True))
        return [word.spelling for word in alike if word.key in here][:count]

    def _vocabulary(self, query):
        """Words that the query might match and all synonyms, in one query instead of three."""
        nothing = Value("", CharField())
        rows = (
            Word.objects.that_may_match(query)
            .values_list(Value("word", CharField()), "pk", "text", "stem", "spelling")
            .union(
                Synonym.objects.order_by().values_list(Value("synonym"), "pk", "expressions", nothing, nothing),
                self.model.objects.unindexed().values_list(Value("unindexed"), "pk", nothing, nothing, nothing),
                all=True,
            )
        )
        kinds = defaultdict(list)
        for kind, *row in rows:
            kinds[kind].append(row)
        if kinds["unindexed"]:
            self.model.objects.filter(pk__in=[key for key, *_ in kinds["unindexed"]]).index()
            return self._vocabulary(query)
        return [KnownWord(*row) for row in kinds["word"]], [folded_expressions(row[1]) for row in kinds["synonym"]]

    def _rows(self, expansion):
        """What the index says of all that the query wants: MOST_ROWS rows, and one more when there are more.

        (key of a word, proposal, weight, "") or (number of a phrase, proposal, 0, its searchable text).
        """
        words = Posting.objects.filter(word__in=expansion.word_keys).among(self)
        words = words.values_list("word_id", "proposal_id", "weight", Value("", TextField()))
        phrases = [
            Posting.objects.in_phrase(phrase)
            .among(self)
            .values_list(Value(number), "proposal_id", Value(0.0), "proposal__search_text")
            for number, phrase in expansion.phrases.items()
        ]
        return list((words.union(*phrases, all=True) if phrases else words)[: MOST_ROWS + 1])

    # Words so common that not all proposals that have them can be ranked

    def _newest_result(self, expansion, rare):
        """SearchResult among the newest MOST_HITS proposals that match."""
        newest = self._newest(expansion, rare)
        rows = Posting.objects.filter(word__in=expansion.word_keys, proposal__in=newest)
        found = list(rows.values_list("word_id", "proposal_id", "weight", Value("")))
        texts = self.filter(pk__in=newest).values_list("pk", "search_text") if expansion.phrases else []
        found += [(number, key, 0, text) for key, text in texts for number in expansion.phrases]
        ranking = Ranking(expansion, _postings(expansion, found))
        is_cut = len(newest) == MOST_HITS
        return SearchResult(expansion.query, ranking, ranking.hits(), is_cut=is_cut, rare=rare)

    def _newest(self, expansion, rare):
        """Keys of the newest proposals with the query's rare words, or all of its words when none is rare."""
        if rare:
            found = self.filter(reduce(or_, (_holds(term) for term in rare)))
        else:
            found = self.filter(*(_holds(term) for term in expansion.terms if term.keys))
        return list(found.order_by("-pk").values_list("pk", flat=True)[:MOST_HITS])


def _rare(expansion):
    """The terms that few proposals contain. A single term is already known to be common."""
    terms = [term for term in expansion.terms if term.keys]
    if len(terms) == 1:
        return []
    counted = Posting.objects.filter(word__in=expansion.word_keys).values_list("word").annotate(count=Count("*"))
    frequency = dict(counted)
    return [term for term in terms if sum(frequency.get(key, COMMON) for key in term.keys) < COMMON]


def _holds(term):
    own = Posting.objects.filter(proposal=OuterRef("pk"))
    words = [key for key in term.keys if not isinstance(key, Phrase)]
    holds = Q(Exists(own.filter(word__in=words)))
    for phrase in term.keys - set(words):
        holds |= Q(Exists(own.in_phrase(phrase)))
    return holds


def _postings(expansion, rows):
    """{key of a word, or Phrase: {proposal: weight}}"""
    postings = defaultdict(dict)
    for key, proposal, weight, searchable_text in rows:
        if phrase := expansion.phrases.get(key):
            if weight := phrase.weight(searchable_text):
                postings[phrase][proposal] = weight
        else:
            postings[key][proposal] = weight
    return postings
