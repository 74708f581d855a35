from django.db import models


class Likeness(models.Model):
    """How alike two proposals are, kept once for each of the two; see search.similar for the figures."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="likenesses")
    other = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="+")
    score = models.FloatField()
    overlap = models.FloatField()

    class Meta:
        verbose_name = "likhet"
        verbose_name_plural = "likheter"
        constraints = [models.UniqueConstraint(fields=["proposal", "other"], name="likeness_once_for_a_pair")]
        indexes = [models.Index(fields=["proposal", "-score"], name="likeness_best_first")]

    def __str__(self):
        return f"{self.proposal_id} – {self.other_id}: {self.score:.2f}"
