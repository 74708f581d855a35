from django.db import models
from django.db.models import Exists, OuterRef
from simple_history.manager import HistoricalQuerySet


class HistoryQuerySet(HistoricalQuerySet):
    """What can be asked of the history of any kind of thing."""

    def of_deleted(self):
        things = self.model.instance_type.objects
        return self.filter(~Exists(things.filter(pk=OuterRef("id"))))

    def that_ended_before(self, day):
        """Rows of objects that have no row since `day`."""
        later = self.filter(history_date__date__gte=day)
        return self.exclude(id__in=later.order_by().values("id"))


class SignedRow(models.Model):
    """A row of history with the name of whoever was signed in, which stays when the account goes."""

    by_name = models.CharField("vem", max_length=150, blank=True)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self._state.adding and self.history_user:
            self.by_name = str(self.history_user)
        super().save(*args, **kwargs)
