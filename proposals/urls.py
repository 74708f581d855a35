"""The public addresses. They are printed and mailed: one that changes needs a redirect."""

from datetime import date

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from proposals.booklet.formats import FORMATS
from proposals.models.key import KEY_LENGTH
from proposals.views import editing, submission


class DateConverter:
    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value):
        return date.fromisoformat(value)

    def to_url(self, value):
        return value.isoformat()


class NumberConverter:
    regex = r"[1-9][0-9]{0,3}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


class KeyConverter(StringConverter):
    """The secret of a link, see models.key."""

    regex = f"[A-Za-z0-9_-]{{{KEY_LENGTH}}}"


class EndingConverter(StringConverter):
    """The ending of a file's name: a kind of booklet."""

    regex = "|".join(FORMATS)


register_converter(DateConverter, "date")
register_converter(EndingConverter, "ending")
register_converter(KeyConverter, "key")
register_converter(NumberConverter, "number")

urlpatterns = [
    path("", include("proposals.public.urls")),
    path("", include("proposals.booklet.urls")),
    path("forslag/nytt/", submission.proposal_new, name="proposal_new"),
    path("forslag/nytt/liknande/", submission.proposal_alike, name="proposal_alike"),
    path("forslag/nytt/sent/<key:key>/", submission.proposal_late, name="proposal_late"),
    path("forslag/nytt/tack/", submission.proposal_receipt, name="proposal_receipt"),
    path("forslag/andra/", editing.edit_link_request, name="edit_link_request"),
    path("forslag/andra/<key:key>/", editing.proposal_edit, name="proposal_edit"),
    path("forslag/andra/<key:key>/aterta/", editing.proposal_withdraw, name="proposal_withdraw"),
]
