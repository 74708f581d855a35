"""The form of the list's address: its parameters, and which of their values make sense."""

import re
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.db.models import TextChoices

from proposals.search.query import QUERY_LENGTH

SLUG_LENGTH = 100
MOST_SLUGS = 50
ALL_MEETINGS = "alla"
PAGE = "sida"  # not in the form: a change of any filter leads to the first page


# What a link says that takes all values of a filter away
WITHOUT = {"q": "Visa utan sökordet", "region": "Visa från alla avsändare", "malgrupp": "Visa för alla målgrupper"}


class Order(TextChoices):
    RELEVANCE = "relevans", "Relevans"
    NUMBER = "nummer", "Nummer"
    TITLE = "rubrik", "Rubrik"
    SENDER = "region", "Avsändare"


class QueryField(forms.CharField):
    """What somebody searches for: one line, cut to QUERY_LENGTH instead of refused."""

    def to_python(self, value):
        printable = re.sub(r"[\x00-\x1f\x7f]+", " ", value or "")
        return super().to_python(printable[:QUERY_LENGTH])


class SlugsField(forms.MultipleChoiceField):
    """Slugs, each once. One that doesn't exist is no error: it matches nothing, and the page says so."""

    def clean(self, value):
        slugs = [slug.replace("\0", "")[:SLUG_LENGTH] for slug in self.to_python(value)]
        return list(dict.fromkeys(filter(None, slugs)))[:MOST_SLUGS]


class MeetingField(forms.CharField):
    """A meeting's date in ISO format, or ALL_MEETINGS."""

    def clean(self, value):
        value = super().clean(value)
        if value in ("", ALL_MEETINGS):
            return value
        return str(forms.DateField(input_formats=["%Y-%m-%d"]).clean(value))


class ListForm(forms.Form):
    q = QueryField(label="Sök bland förslagen", required=False)
    region = SlugsField(label="Avsändare")
    malgrupp = SlugsField(label="Målgrupp")
    mote = MeetingField(label="Möte", required=False)
    sortera = forms.ChoiceField(label="Ordna efter", choices=Order.choices, required=False)

    @cached_property
    def asked(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def odd_values(self):
        return [str(self.data.get(name))[:SLUG_LENGTH] for name in self.errors]

    def address(self, **changes):
        """The query string of this list with some parameters changed; an empty value removes one."""
        asked = {**self.asked, **changes}
        pairs = {name: asked[name] for name in (*self.base_fields, PAGE) if asked.get(name)}
        return "?" + urlencode(pairs, doseq=True)


def raw_values(data):
    """The parameters as the form reads them from a QueryDict, before validation: equal for addresses of equal lists."""
    values = [field.widget.value_from_datadict(data, None, name) for name, field in ListForm.base_fields.items()]
    return tuple(
        tuple(filter(None, value)) if isinstance(value, list) else value or "" for value in [*values, data.get(PAGE)]
    )
