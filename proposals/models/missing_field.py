from django.db import models


class MissingField(models.TextChoices):
    """What the secretariat has to ask for before a proposal is complete."""

    SENDER = "avsandare", "avsändare"
    TARGET_GROUP = "malgrupp", "målgrupp"
    PURPOSE = "syfte", "syfte"
    EMAIL = "e-post", "e-post"

    @property
    def flag(self):
        """The attribute that `with_missing_fields()` sets on a proposal."""
        return f"lacks_{self.name.lower()}"
