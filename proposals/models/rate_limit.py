from datetime import timedelta

from django.db import models, transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone


class RateLimitQuerySet(models.QuerySet):
    def take(self, key, limit, seconds):
        """Count one more for `key` unless `limit` are counted already; gives until when it counts, else None.

        The first one begins a time of `seconds`, after which the counting begins anew. One UPDATE decides, so that
        requests at the same moment are counted one after the other.
        """
        now = timezone.now()
        new_end = now + timedelta(seconds=seconds)
        row = self.filter(key=key)
        begins_anew = Q(resets_at__lte=now) | Q(count=0)
        free = row.filter(begins_anew | Q(count__lt=limit))
        one_more = {
            "count": Case(When(begins_anew, then=1), default=F("count") + 1),
            "resets_at": Case(When(begins_anew, then=new_end), default=F("resets_at")),
        }
        # Who is refused only reads, so that nobody has to wait for those who write
        if row.used_up(limit).exists():
            return None
        with transaction.atomic():  # so that nobody removes the row meanwhile
            if not free.update(**one_more):
                self.bulk_create([self.model(key=key, count=0, resets_at=new_end)], ignore_conflicts=True)
                if not free.update(**one_more):
                    return None
            return row.values_list("resets_at", flat=True).get()

    def give_back(self, key, until):
        """Count one less of what counts until `until`; nothing when the counting has begun anew since."""
        self.filter(key=key, count__gt=0, resets_at=until).update(count=F("count") - 1)

    def used_up(self, limit):
        """Those for which nothing more is counted now."""
        return self.filter(count__gte=limit, resets_at__gt=timezone.now())

    def over(self):
        """Those that count for nothing any more."""
        return self.filter(resets_at__lte=timezone.now())


class RateLimit(models.Model):
    """How often something has been done within a time; of whom, only a hash is known. See proposals.throttle."""

    key = models.CharField(max_length=200, unique=True)
    count = models.PositiveIntegerField()
    resets_at = models.DateTimeField()

    objects = RateLimitQuerySet.as_manager()

    class Meta:
        verbose_name = "räkning"
        verbose_name_plural = "räkningar"
        default_permissions = ()

    def __str__(self):
        return self.key
