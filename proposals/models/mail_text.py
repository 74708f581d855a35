from django.db import models
from django.db.models import Q

from proposals.models.mail import Mail
from proposals.text_input.model_fields import ParagraphsField


class MailText(models.Model):
    """The secretariat's own words in a kind of mail, in the place of the standard ones."""

    kind = models.CharField("slag", max_length=30, choices=Mail.Kind, unique=True)
    text = ParagraphsField("text", max_length=2000)
    updated_at = models.DateTimeField("ändrad", auto_now=True)

    class Meta:
        verbose_name = "mejltext"
        verbose_name_plural = "mejltexter"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="mailtext_has_text", violation_error_message="Texten är tom."
            )
        ]

    def __str__(self):
        return self.get_kind_display()
