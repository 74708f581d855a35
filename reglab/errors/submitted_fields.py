"""What somebody posted, to be shown and posted again when it couldn't be taken in the first time."""

from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

from proposals.models import Proposal

# In no answer: what nobody else may read over a shoulder, and what is written anew
SECRET = ("password", "token", "otp")
SHORT = 80  # letters; what is longer is shown, because it would be sad to lose


class SubmittedField(NamedTuple):
    """One field as it was posted; a long text is shown for people to read and copy."""

    name: str
    value: str
    is_long: bool

    @property
    def label(self):
        """What the form calls a proposal's field; the bare name of any other."""
        try:
            return capfirst(Proposal._meta.get_field(self.name).verbose_name)
        except FieldDoesNotExist:
            return self.name


def submitted_fields(request):
    """All the fields of a POST, each a SubmittedField, but secrets and files, which aren't kept."""
    return [as_field(name, value) for name, values in request.POST.lists() if not is_secret(name) for value in values]


def as_field(name, value):
    return SubmittedField(name, value, len(value) > SHORT or "\n" in value)


def is_secret(name):
    """Whether a field is kept from being shown again."""
    return any(word in name.lower() for word in SECRET)
