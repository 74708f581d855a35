from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.text_input.model_fields import ParagraphsField


class Note(models.Model):
    """What somebody of the secretariat wrote to the colleagues about a proposal; never public."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, verbose_name="förslag", related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="skriven av", related_name="+", null=True
    )
    author_name = models.CharField(max_length=150, blank=True, editable=False)  # stays when the account goes
    text = ParagraphsField("anteckning", max_length=2000)
    created_at = models.DateTimeField("skriven", auto_now_add=True)

    class Meta:
        verbose_name = "anteckning"
        verbose_name_plural = "anteckningar"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="note_has_text", violation_error_message="Anteckningen är tom."
            )
        ]

    def __str__(self):
        return self.text
