from datetime import timedelta

from django.db import models
from django.utils import timezone

MOST = 200  # of up to some megabytes each: few enough never to fill a disk
KEPT = timedelta(days=30)


class BookletFileQuerySet(models.QuerySet):
    def content(self, name):
        content = self.filter(name=name).values_list("content", flat=True).first()
        return None if content is None else bytes(content)

    def keep(self, name, content):
        """Save a rendered file, and delete those that are too old or too many."""
        self.bulk_create([self.model(name=name, content=content)], ignore_conflicts=True)
        self.too_old().delete()
        self.exclude(pk__in=self.order_by("-created_at", "-pk").values("pk")[:MOST]).delete()

    def too_old(self):
        return self.filter(created_at__lt=timezone.now() - KEPT)


class BookletFile(models.Model):
    """A finished booklet under the hash of what it says. It can always be made again."""

    name = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BookletFileQuerySet.as_manager()

    class Meta:
        verbose_name = "färdigt häfte"
        verbose_name_plural = "färdiga häften"
        default_permissions = ()

    def __str__(self):
        return self.name
