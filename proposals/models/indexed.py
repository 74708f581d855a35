"""The index of the proposals' words, and how alike they are: what is derived from their texts, and kept."""

from django.db import connection, models, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Sum

from proposals.models.proposal_contact import ProposalContact
from proposals.models.similarity import Similarity
from proposals.models.word import Posting, Word
from proposals.search.similar import LEAST_ALIKE, compared_sequences, overlap, similarity
from proposals.search.text import searchable, spellings, weigh

INDEX_BATCH = 500
MOST_COMPARED = 40
MOST_ROWS = 5_000  # of the index that are read to find what may be alike
MOST_NEAR = 3  # near-duplicates that a row of a list names
LEAST_SIMILAR = 0.2  # similarity from which on a writer is told of a proposal


class IndexedQuerySet(models.QuerySet):
    def unindexed(self):
        """Proposals whose text has changed since they were indexed, by something other than the workflow."""
        return self.order_by().filter(search_text="")

    def forget_index(self):
        """Have these indexed anew before the next search."""
        self.update(search_text="")

    def index(self):
        """Bring the word index up to date; `compare` is the step after."""
        keys = list(self.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), INDEX_BATCH):
            with transaction.atomic():
                self._index_batch(keys[start : start + INDEX_BATCH])

    def _index_batch(self, keys):
        # Held, so that two who index the same don't add the same rows
        list(self.model.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("pk"))
        contacts = Prefetch("contact_rows", ProposalContact.objects.select_related("contact"))
        changed = []
        proposals = self.model.objects.filter(pk__in=keys).select_related("region")
        for proposal in proposals.prefetch_related("co_senders", contacts):
            fresh = searchable(proposal.parts)
            if fresh != proposal.search_text:
                proposal.search_text, proposal.is_compared = fresh, False
                changed.append(proposal)
        written = {}
        for proposal in changed:
            written |= spellings(" ".join(proposal.parts.values()))
        weights = {proposal.pk: weigh(proposal.search_text) for proposal in changed}
        known = Word.objects.learn({word: written.get(word, word) for found in weights.values() for word in found})
        Posting.objects.filter(proposal__in=changed).delete()
        Posting.objects.bulk_create(
            [
                Posting(word_id=known[word], proposal_id=proposal, weight=weight)
                for proposal, found in weights.items()
                for word, weight in found.items()
            ],
            batch_size=10_000,
        )
        self.model.objects.bulk_update(changed, ["search_text", "is_compared"], batch_size=100)

    # Similarity

    def most_like(self, proposal, count):
        """Up to `count` of these that are about the same, the most alike first; none rather than one that isn't."""
        alike = self.filter(similarities__other=proposal, similarities__score__gte=LEAST_ALIKE)
        return alike.order_by("-similarities__score", "pk")[:count]

    def nearly_the_same(self):
        """Those that have a near-duplicate; a withdrawn proposal neither has nor is one."""
        return self.filter(Exists(Similarity.objects.near_duplicates().filter(proposal=OuterRef("pk"))))

    def with_near_duplicates(self):
        """Prefetch `near_duplicates`, Similarity rows to the nearest of the others, the nearest first."""
        rows = Similarity.objects.near_duplicates().select_related("other__meeting").order_by("-overlap", "other")
        return self.prefetch_related(Prefetch("similarities", rows[:MOST_NEAR], to_attr="near_duplicates"))

    def like_text(self, parts, count):
        """Return up to `count` proposals similar to an unsaved text, {part: text}, the most similar first."""
        written = searchable(parts)
        texts = self._sharing_words(weigh(written))
        scores = {other: score for (_, other), score in similarity({None: written} | texts, [None]).items()}
        alike = sorted((key for key in scores if scores[key] >= LEAST_SIMILAR), key=lambda key: (-scores[key], key))
        found = self.in_bulk(alike[:count])
        return [found[key] for key in alike[:count]]

    def compare(self, most=None):
        """Work out how alike these proposals are to others, where they have changed since that was done.

        With `most`, of that many of them, the newest.
        """
        self.unindexed().index()
        waiting = self.filter(is_compared=False).order_by("-pk").values_list("pk", flat=True)
        everything = self.model.objects.exclude(search_text="").order_by("pk")
        if everything[: MOST_COMPARED + 1].count() <= MOST_COMPARED:
            self._save_similarities(list(waiting[:most]), everything)
            return
        for key in list(waiting[:most]):
            self._save_similarities([key], self.model.objects.all()._near(key))

    def _save_similarities(self, keys, others):
        """Replace the similarities of `keys` by those to `others`, a queryset."""
        if not keys:
            return
        with transaction.atomic():
            # Whoever compares holds the first word, which nobody else ever holds: so nobody misses what another one
            # just wrote, and nobody waits in a circle
            Word.objects.order_by("pk").select_for_update(no_key=True).first()
            texts = dict(others.values_list("pk", "search_text"))
            pairs = {}
            for (key, other), score in similarity(texts, [key for key in keys if key in texts]).items():
                pairs[key, other] = pairs[other, key] = score
            parts = {key: compared_sequences(text) for key, text in texts.items()}
            Similarity.objects.filter(Q(proposal__in=keys) | Q(other__in=keys)).delete()
            Similarity.objects.bulk_create(
                Similarity(proposal_id=one, other_id=other, score=score, overlap=overlap(parts[one], parts[other]))
                for (one, other), score in pairs.items()
            )
            self.model.objects.filter(pk__in=keys).update(is_compared=True)

    def _near(self, key):
        """The proposal itself, those that share its rarest words, and those that it has been compared with before."""
        own = self.get(pk=key)
        sharing = self.exclude(pk=key)._sharing_words(weigh(own.search_text))
        return self.exclude(search_text="").filter(
            Q(pk=key) | Q(pk__in=sharing) | Q(pk__in=Similarity.objects.filter(proposal=key).values("other"))
        )

    def _sharing_words(self, words):
        """Return {key: searchable text} of at most MOST_COMPARED proposals that share most of the rarest of `words`."""
        rows = Posting.objects.filter(word__text__in=list(words))
        counted = rows.values_list("word").annotate(count=Count("proposal")).order_by("count", "word")
        rare, total = [], 0
        for word, count in counted:
            total += count
            if rare and total > MOST_ROWS:
                break
            rare.append(word)
        sharing = Posting.objects.filter(word__in=rare).among(self).values_list("proposal_id")
        best = sharing.annotate(total=Sum("weight")).order_by("-total", "proposal_id")[:MOST_COMPARED]
        return dict(self.model.objects.filter(pk__in=[key for key, _ in best]).values_list("pk", "search_text"))


def refresh_statistics():
    """ANALYZE, so that the database chooses indexes by what there is."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
