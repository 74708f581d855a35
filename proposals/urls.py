"""The product's addresses. They are printed and mailed: one that changes needs a redirect.

public      /  /forslag/<date>/<number>/  /moten/…  /moten/<date>/statistik/  /om/  /tillganglighet/  /integritet/
            /flode.xml  /kalender.ics  /robots.txt  /sitemap.xml
submission  /forslag/nytt/…  /forslag/andra/…
booklet     /moten/<date>/hafte.<ending>

The project adds /admin/ and /healthz.
"""

from datetime import date

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from proposals.booklet.formats import FORMATS
from proposals.models.key import KEY_LENGTH


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
    path("", include("proposals.submission.urls")),
    path("", include("proposals.booklet.urls")),
]
