from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string

KEPT = timedelta(hours=3)  # between the preview and the decision
MOST_OF_ONE = 5  # of one member of staff


class ImportPreviewQuerySet(models.QuerySet):
    def recent(self):
        return self.filter(created_at__gt=timezone.now() - KEPT)

    def outdated(self):
        return self.filter(created_at__lte=timezone.now() - KEPT)

    def keep(self, user, date, reading):
        """Save what was read for `user`, replacing their outdated previews."""
        preview = self.create(token=get_random_string(32), user=user, date=date, reading=reading)
        latest = self.filter(user=user).order_by("-pk").values_list("pk", flat=True)[:MOST_OF_ONE]
        self.filter(user=user).exclude(pk__in=list(latest)).delete()
        return preview


class ImportPreview(models.Model):
    """A document that was read, until somebody has looked at it and said what to do."""

    token = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    date = models.DateField()  # of the meeting
    reading = models.JSONField()  # see importing.parsing.ParsedDocument.as_json
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImportPreviewQuerySet.as_manager()

    class Meta:
        verbose_name = "förhandsvisning av ett dokument"
        verbose_name_plural = "förhandsvisningar av dokument"
        default_permissions = ()

    def __str__(self):
        return f"{self.user}, {self.date}"
