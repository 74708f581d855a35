from django.db import models


class Status(models.TextChoices):
    DRAFT = "draft", "utkast"
    SUBMITTED = "submitted", "inskickat"
    RETURNED = "returned", "komplettering"
    PUBLISHED = "published", "publicerat"
    WITHDRAWN = "withdrawn", "återtaget"
