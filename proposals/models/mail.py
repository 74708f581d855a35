from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from proposals.models.meeting import Meeting

JUST_NOW = timedelta(minutes=5)  # longer than any attempt to send lasts
LONG = timedelta(minutes=15)  # a timer tries again each minute


class MailQuerySet(models.QuerySet):
    def waiting(self):
        """Those that are to be sent, again or for the first time."""
        return self.filter(sent_at=None, begun_at=None)

    def untried(self):
        """Those of them that nobody has tried to send yet."""
        return self.waiting().filter(error="")

    def unsent(self):
        """Those that haven't gone, as far as is known: what failed, and what was cut off while it was being sent."""
        return self.filter(sent_at=None)

    def settled(self):
        """Without those that are just being sent."""
        return self.exclude(sent_at=None, begun_at__gt=timezone.now() - JUST_NOW)

    def overdue(self):
        """Those that should have gone long ago: their server refuses them, or nobody sends what waits."""
        return self.unsent().filter(created_at__lt=timezone.now() - LONG)

    def of_meetings_before(self, day):
        """Those about meetings before `day` and their proposals, and those about nothing else that are older."""
        about = Q(meeting__date__lt=day) | Q(proposal__meeting__date__lt=day)
        about |= Q(meeting=None, proposal=None, created_at__date__lt=day)
        return self.filter(about).exclude(proposal__open_until__gt=timezone.now())

    def begin(self, mail):
        """Take a mail that waits in hand; False when somebody else has, so that none is sent twice."""
        return bool(self.waiting().filter(pk=mail.pk).update(begun_at=timezone.now()))

    def finish(self, mail):
        self.filter(pk=mail.pk).update(sent_at=timezone.now())

    def give_back(self, mail):
        """Let a mail that didn't go, or that may not have gone, wait to be sent again."""
        self.unsent().filter(pk=mail.pk).update(begun_at=None)

    def doubt(self):
        """Leave those that wait for somebody to look at: they may have gone, in a time that isn't known any more."""
        self.waiting().update(begun_at=timezone.now())

    def explain(self, mail, error):
        """Keep why a mail that waits didn't go."""
        self.waiting().filter(pk=mail.pk).update(error=error[:500])


class Mail(models.Model):
    """One mail, kept in the same transaction as what it tells of: it is sent once, and a failure is seen."""

    class Kind(models.TextChoices):
        """Each has its templates, emails/<kind>.subject.txt and .body.txt."""

        DRAFT = "draft", "utkast sparat"
        RECEIPT = "receipt", "kvitto"
        CHANGED = "changed", "kvitto på ändring"
        RETURNED = "returned", "komplettering"
        PUBLISHED = "published", "publicerat"
        WITHDRAWN = "withdrawn", "återtaget"
        RESTORED = "restored", "återtagande ångrat"
        EDIT_LINKS = "edit_links", "redigeringslänkar"
        LATE_LINK = "late_link", "sen länk"
        REMINDER = "reminder", "påminnelse"
        NEW_PROPOSAL = "new_proposal", "nytt förslag"
        COMPLETED = "completed", "kompletterat förslag"
        WITHDRAWN_BY_SUBMITTER = "withdrawn_by_submitter", "återtaget av förslagsställaren"

    kind = models.CharField("slag", max_length=30, choices=Kind)
    to = models.EmailField("till")
    reply_to = models.EmailField("svar till")
    subject = models.CharField("ämne", max_length=500)
    body = models.TextField("text")
    proposal = models.ForeignKey(
        "proposals.Proposal", models.CASCADE, verbose_name="förslag", related_name="mails", null=True
    )
    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name="möte", related_name="mails", null=True)
    created_at = models.DateTimeField("skapat", auto_now_add=True)
    begun_at = models.DateTimeField("påbörjat", null=True)
    sent_at = models.DateTimeField("skickat", null=True)
    error = models.CharField("fel", max_length=500, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "mejl"
        verbose_name_plural = "mejl"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "to"],
                condition=Q(kind="reminder"),
                name="mail_one_reminder_each",
                violation_error_message="Adressen har redan fått en påminnelse om mötet.",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(begun_at__isnull=False),
                name="mail_begun_before_sent",
                violation_error_message="Ett skickat mejl måste ha påbörjats.",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(sent_at=None), name="mail_unsent")]

    def __str__(self):
        return self.subject

    @property
    def is_uncertain(self):
        """Whether it was being sent when the server stopped, so that nobody knows if it arrived."""
        return self.sent_at is None and self.begun_at is not None
