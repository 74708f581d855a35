"""The filters of the list: what stands in the address narrows it, and each choice knows what it would give."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.db.models import Count
from django_filters import CharFilter, ChoiceFilter, Filter, FilterSet

from proposals.alphabet import Alphabetical
from proposals.models import FormerDate, Meeting, Region, TargetGroup
from proposals.models.region import NO_REGION, by_place

QUERY_LENGTH = 200
SLUG_LENGTH = 100
MOST_SLUGS = 50
ALL_MEETINGS = "alla"
ORDERS = {
    "nummer": ("Nummer", ["-meeting__date", "number"]),
    "rubrik": ("Rubrik", [Alphabetical("title"), "-meeting__date", "number"]),
    "region": ("Avsändare", [by_place("region__name").asc(nulls_last=True), "-meeting__date", "number"]),
}
DEFAULT_ORDER = "nummer"


class QueryField(forms.CharField):
    """What somebody searches for: one line, cut to a sensible length instead of refused."""

    def to_python(self, value):
        printable = re.sub(r"[\x00-\x1f\x7f]+", " ", value or "")
        return super().to_python(printable[:QUERY_LENGTH])


class QueryFilter(CharFilter):
    field_class = QueryField


class SlugsField(forms.MultipleChoiceField):
    """Slugs from the address, each once. One that doesn't exist matches nothing, and the page tells of it."""

    def clean(self, value):
        slugs = [slug.replace("\0", "")[:SLUG_LENGTH] for slug in self.to_python(value)]
        return list(dict.fromkeys(filter(None, slugs)))[:MOST_SLUGS]


class MeetingField(forms.CharField):
    """A meeting's date, or ALL_MEETINGS."""

    def clean(self, value):
        value = super().clean(value)
        if value in ("", ALL_MEETINGS):
            return value
        return str(forms.DateField(input_formats=["%Y-%m-%d"]).clean(value))


class MeetingFilter(Filter):
    field_class = MeetingField


class SlugsFilter(Filter):
    field_class = SlugsField


@dataclass(frozen=True)
class Choice:
    """A box of a facet; `count` is how many proposals it would give together with the other facets."""

    slug: str
    name: str
    count: int
    is_chosen: bool
    region: Region | None = None


class ProposalFilter(FilterSet):
    """The proposals that the parameters of the address leave; those of one meeting, unless `mote=alla`.

    A meeting, order or page that doesn't exist counts as not asked for, a region or target group as one without
    proposals.
    """

    q = QueryFilter(method="filter_query", label="Sök bland förslagen")
    region = SlugsFilter(method="filter_regions", label="Avsändare")
    malgrupp = SlugsFilter(method="filter_target_groups", label="Målgrupp")
    mote = MeetingFilter(label="Möte")
    sortera = ChoiceFilter(label="Ordna efter", choices=[(key, label) for key, (label, _) in ORDERS.items()])

    names_no_meeting = False

    # What is asked for

    @cached_property
    def asked(self):
        """The parameters that make sense, by name."""
        self.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @cached_property
    def meetings(self):
        """All meetings that can be chosen; `count` of each is what choosing it would give."""
        return list(Meeting.objects.with_counts_among(self.queryset, narrowed=self.without("mote")))

    @cached_property
    def meeting(self):
        """The meeting that is shown: the one asked for, else the latest; None for all of them or when there is none."""
        asked = self.asked.get("mote")
        if asked == ALL_MEETINGS or not self.meetings:
            return None
        named = [meeting for meeting in self.meetings if str(meeting.date) == asked]
        if asked and not named:
            former = set(FormerDate.objects.filter(date=asked).values_list("meeting", flat=True))
            named = [meeting for meeting in self.meetings if meeting.pk in former]
            self.names_no_meeting = not named
        return [*named, *self.meetings][0]

    @property
    def order(self):
        return self.asked.get("sortera", DEFAULT_ORDER)

    @property
    def is_narrowed(self):
        """Whether anything but the meeting narrows the list."""
        return any(self.asked.get(name) for name in ("q", "region", "malgrupp"))

    @property
    def unknown(self):
        """Values of the address that name nothing, to tell the reader of."""
        known = {choice.slug for choice in (*self.region_choices, *self.target_group_choices)}
        slugs = [slug for name in ("region", "malgrupp") for slug in self.asked.get(name, []) if slug not in known]
        odd = [str(self.data.get(name))[:SLUG_LENGTH] for name in self.errors]
        if self.meeting and self.names_no_meeting:
            odd.append(self.asked["mote"])
        return slugs + odd

    def address(self, **changes):
        """The query string of this list with some parameters changed; an empty value takes one away."""
        asked = {**self.asked, **changes}
        pairs = {name: asked[name] for name in (*self.filters, "sida") if asked.get(name)}
        return "?" + urlencode(pairs, doseq=True)

    # What that leaves

    def filter_queryset(self, queryset):
        return self.without().order_by(*ORDERS[self.order][1])

    def without(self, *names):
        """The proposals that all filters but those of `names` leave, in no order."""
        found = self.queryset.order_by()
        if "mote" not in names and self.meeting:
            found = found.filter(meeting=self.meeting)
        for name in ("q", "region", "malgrupp"):
            if name not in names:
                found = self.filters[name].filter(found, self.asked.get(name))
        return found

    def filter_query(self, queryset, name, text):
        return queryset.search(text)

    def filter_regions(self, queryset, name, slugs):
        return queryset.from_regions(slugs)

    def filter_target_groups(self, queryset, name, slugs):
        return queryset.for_target_groups(slugs)

    # What else could be chosen

    @cached_property
    def region_choices(self):
        """Every region and agency, and NO_REGION for the proposals that name no sender."""
        counts = dict(self.without("region").values_list("region").annotate(Count("pk")))
        chosen = self.asked.get("region", [])
        choices = [
            Choice(region.slug, region.name, counts.get(region.pk, 0), region.slug in chosen, region)
            for region in Region.objects.all()
        ]
        return [*choices, Choice(NO_REGION, "Ej angiven", counts.get(None, 0), NO_REGION in chosen)]

    @cached_property
    def target_group_choices(self):
        groups = TargetGroup.objects.with_count_among(self.without("malgrupp"))
        chosen = self.asked.get("malgrupp", [])
        return [Choice(group.slug, group.name, group.count, group.slug in chosen) for group in groups]

    @property
    def count(self):
        """How many proposals the list has: the sum over the chosen regions, which are counted anyway."""
        if not self.asked.get("region"):
            return self.count_without("region")
        return sum(choice.count for choice in self.region_choices if choice.is_chosen)

    def count_without(self, name):
        """How many proposals the list would have without the filter `name`."""
        if name == "region":
            return sum(choice.count for choice in self.region_choices)
        return self.without(name).count()

    @property
    def count_at_meeting(self):
        """How many there are without any filter but the meeting."""
        return self.meeting.total if self.meeting else sum(meeting.total for meeting in self.meetings)

    @property
    def count_at_all_meetings(self):
        """What choosing all meetings would give."""
        return sum(meeting.count for meeting in self.meetings)
