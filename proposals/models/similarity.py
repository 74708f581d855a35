from django.db import models
from django.db.models import Q

from proposals.models.status import Status
from proposals.search.similar import NEARLY_THE_SAME


class SimilarityQuerySet(models.QuerySet):
    def near_duplicates(self):
        withdrawn = Q(proposal__status=Status.WITHDRAWN) | Q(other__status=Status.WITHDRAWN)
        return self.filter(overlap__gt=NEARLY_THE_SAME).exclude(withdrawn)


class Similarity(models.Model):
    """How alike two proposals are, kept once for each of the two; see search.similar for the figures."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="similarities")
    other = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="+")
    score = models.FloatField()
    overlap = models.FloatField()

    objects = SimilarityQuerySet.as_manager()

    class Meta:
        db_table = "proposals_likeness"
        verbose_name = "likhet"
        verbose_name_plural = "likheter"
        constraints = [models.UniqueConstraint(fields=["proposal", "other"], name="likeness_once_for_a_pair")]
        indexes = [models.Index(fields=["proposal", "-score"], name="likeness_best_first")]

    def __str__(self):
        return f"{self.proposal_id} – {self.other_id}: {self.score:.2f}"
