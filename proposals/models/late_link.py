from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from proposals.models.link_key import LinkKey
from proposals.models.meeting import Meeting
from proposals.text_input.model_fields import AddressField, LineField


class LateLinkQuerySet(models.QuerySet):
    def usable(self):
        return self.filter(used_at=None, expires_at__gt=timezone.now())

    def with_key(self, key):
        return self.filter(pk__in=LinkKey.objects.of(key).values("late_link"))

    def of_meetings_before(self, day):
        """Expired ones for meetings before `day`."""
        return self.filter(meeting__date__lt=day, expires_at__lte=timezone.now())


class LateLink(models.Model):
    """A link with which one person may send in one proposal outside the meeting's window."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name="möte", related_name="late_links")
    name = LineField("till vem", max_length=200)
    email = AddressField("e-post", help_text="Hit mejlas länken.")
    reason = LineField("varför", max_length=300, help_text="En anteckning för kansliet. Mejlas inte.")
    expires_at = models.DateTimeField("gäller till")
    created_at = models.DateTimeField("skapad", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="skapad av", null=True, editable=False
    )
    used_at = models.DateTimeField("använd", null=True, editable=False)
    proposal = models.OneToOneField(
        "proposals.Proposal",
        models.SET_NULL,
        verbose_name="förslag",
        related_name="late_link",
        null=True,
        editable=False,
    )

    # Set by the view that opened it and by the mail that carries it; only the digest is stored, see LinkKey
    key = None

    objects = LateLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "sen länk"
        verbose_name_plural = "sena länkar"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(reason=""),
                name="late_link_says_who_and_why",
                violation_error_message="Skriv vem som får länken och varför.",
            ),
            models.CheckConstraint(
                condition=Q(proposal=None) | Q(used_at__isnull=False),
                name="late_link_with_a_proposal_is_used",
                violation_error_message="En länk som har gett ett förslag är använd.",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.meeting}"

    def get_form_url(self):
        return reverse("proposal_late", args=[self.key])

    @property
    def is_usable(self):
        return self.used_at is None and self.expires_at > timezone.now()
