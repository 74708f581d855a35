from datetime import timedelta

from django.db import connection, models
from django.utils import timezone

TABLE = "proposals_ratelimit"
# In one step, so that requests at the same moment are counted one after the other. It isn't written with the ORM,
# because everybody who sends in waits for several of these.
INCREMENT_SQL = f"""
    INSERT INTO {TABLE} (key, count, resets_at) VALUES (%(key)s, 1, %(end)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN {TABLE}.count = 0 OR {TABLE}.resets_at <= %(now)s THEN 1 ELSE {TABLE}.count + 1 END,
        resets_at = CASE WHEN {TABLE}.count = 0 OR {TABLE}.resets_at <= %(now)s
            THEN excluded.resets_at ELSE {TABLE}.resets_at END
    WHERE {TABLE}.count < %(limit)s OR {TABLE}.resets_at <= %(now)s
    RETURNING resets_at
"""  # noqa: S608 (nothing from outside)
DECREMENT_SQL = f"UPDATE {TABLE} SET count = count - 1 WHERE key = %s AND resets_at = %s AND count > 0"  # noqa: S608


class RateLimitQuerySet(models.QuerySet):
    def take(self, key, limit, seconds):
        """Count one more for `key` unless `limit` are counted already; gives until when it counts, else None.

        The first one begins a time of `seconds`, after which the counting begins anew.
        """
        # Who is refused only reads, so that nobody has to wait for those who write
        if limit < 1 or self.filter(key=key).used_up(limit).exists():
            return None
        now = timezone.now()
        moments = {"now": now, "end": now + timedelta(seconds=seconds)}
        moments = {name: connection.ops.adapt_datetimefield_value(moment) for name, moment in moments.items()}
        with connection.cursor() as cursor:
            cursor.execute(INCREMENT_SQL, {"key": key, "limit": limit, **moments})
            row = cursor.fetchone()
        return row and row[0]

    def give_back(self, key, until):
        """Uncount one that counts `until` then; nothing when the window has been reset since."""
        with connection.cursor() as cursor:
            cursor.execute(DECREMENT_SQL, [key, until])

    def used_up(self, limit):
        return self.filter(count__gte=limit, resets_at__gt=timezone.now())

    def over(self):
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
