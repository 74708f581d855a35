"""The fields of a POST that failed, to be shown and submitted again."""

from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

from proposals.models import Proposal

# Parts of the names of fields that are never shown again
SECRET = ("password", "token", "otp")
MAX_HIDDEN = 80  # characters; longer values are shown, so that people can copy them


class SubmittedField(NamedTuple):
    name: str
    value: str
    is_long: bool

    @property
    def label(self):
        try:
            return capfirst(Proposal._meta.get_field(self.name).verbose_name)
        except FieldDoesNotExist:
            return self.name


def submitted_fields(request):
    """The fields of a POST as SubmittedFields, without secrets and files."""
    return [as_field(name, value) for name, values in request.POST.lists() if not is_secret(name) for value in values]


def as_field(name, value):
    return SubmittedField(name, value, len(value) > MAX_HIDDEN or "\n" in value)


def is_secret(name):
    return any(word in name.lower() for word in SECRET)
