import re
from datetime import timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone

QUERY_LENGTH = 100
MOST_KEPT = 1_000
WHILE_TYPING = timedelta(minutes=1)

# E-mail addresses, telephone numbers and the like are somebody's, and no words to make synonyms of
_PERSONAL = re.compile(r"@|\d[\d\s-]{5,}")


class MissedQueryQuerySet(models.QuerySet):
    def record(self, text):
        """Count a query that found nothing; neither who asked nor queries that look personal are stored."""
        text = " ".join(text.replace('"', " ").lower().split())
        if not text or len(text) > QUERY_LENGTH or _PERSONAL.search(text):
            return
        now = timezone.now()
        if self.filter(text=text).update(count=F("count") + 1, last_at=now):
            return
        # The list is searched while one types: what a moment ago was the beginning of this wasn't meant
        beginnings = [text[:length] for length in range(1, len(text))]
        self.filter(text__in=beginnings, count=1, last_at__gt=now - WHILE_TYPING).delete()
        self.bulk_create([MissedQuery(text=text, last_at=now)], ignore_conflicts=True)

    def forget_the_rarest(self):
        kept = self.order_by("-count", "-last_at").values_list("pk", flat=True)[:MOST_KEPT]
        self.exclude(pk__in=list(kept)).delete()


class MissedQuery(models.Model):
    """Something that people search for and don't find: maybe a word for the list of synonyms."""

    text = models.CharField("sökning", max_length=QUERY_LENGTH, unique=True)
    count = models.PositiveIntegerField("antal", default=1)
    last_at = models.DateTimeField("senast")

    objects = MissedQueryQuerySet.as_manager()

    class Meta:
        verbose_name = "sökning utan träff"
        verbose_name_plural = "sökningar utan träff"
        ordering = ["-count", "-last_at"]

    def __str__(self):
        return self.text
