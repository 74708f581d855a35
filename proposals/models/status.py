from django.db import models


class Status(models.TextChoices):
    DRAFT = "draft", "utkast"
    SUBMITTED = "submitted", "inskickat"
    RETURNED = "returned", "komplettering"
    PUBLISHED = "published", "publicerat"
    WITHDRAWN = "withdrawn", "återtaget"

    @classmethod
    def sent_in(cls):
        """Those that count as the sender's answer to the call."""
        return [cls.SUBMITTED, cls.RETURNED, cls.PUBLISHED]
