"""The filters of the list: what stands in the address narrows it, and each choice knows what it would give."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.db.models import Value
from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter, Filter, FilterSet

from proposals.models import FormerDate, Region, TargetGroup
from proposals.models.collation import Alphabetical
from proposals.models.region import NO_REGION, by_place
from proposals.page_cache.fragments import KeptParts
from proposals.search.query import QUERY_LENGTH

SLUG_LENGTH = 100
MOST_SLUGS = 50
ALL_MEETINGS = "alla"
MOST_PARTS = 20  # of one list that shares them with no other
NARROWING = ("mote", "region", "malgrupp")  # the filters beside the search
BY_RELEVANCE = "relevans"
ORDERS = {
    BY_RELEVANCE: ("Relevans", None),
    "nummer": ("Nummer", ["-meeting__date", "number"]),
    "rubrik": ("Rubrik", [Alphabetical("title"), "-meeting__date", "number"]),
    "region": ("Avsändare", [by_place("region__name").asc(nulls_last=True), "-meeting__date", "number"]),
}
BY_NUMBER = "nummer"


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
    key: int | None = None


@dataclass(frozen=True)
class MeetingChoice:
    """A meeting with proposals: `total` is how many it has, `count` how many choosing it would give."""

    pk: int
    title: str
    date: date
    total: int
    count: int

    @property
    def is_over(self):
        return self.date < timezone.localdate()


def _plain(asked):
    """Parameters by name as pairs that can be a key."""
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in asked.items())


class ProposalFilter(FilterSet):
    """The proposals that the parameters of the address leave; those of one meeting, unless `mote=alla`.

    A meeting, order or page that doesn't exist counts as not asked for, a region or target group as one without
    proposals. What it reads to find that out is kept in `parts`, the KeptParts of all who filter the same queryset.
    """

    q = QueryFilter(label="Sök bland förslagen")
    region = SlugsFilter(method="filter_regions", label="Avsändare")
    malgrupp = SlugsFilter(method="filter_target_groups", label="Målgrupp")
    mote = MeetingFilter(label="Möte")
    sortera = ChoiceFilter(label="Ordna efter", choices=[(key, label) for key, (label, _) in ORDERS.items()])

    names_no_meeting = False

    def __init__(self, data, queryset, parts=None):
        super().__init__(data, queryset)
        self.parts = parts or KeptParts(MOST_PARTS)

    def _kept(self, what, names, make):
        """What `make` reads, which depends on the filters `names` alone."""
        return self.parts.made((what, _plain({name: self.asked.get(name) for name in names})), make)

    # What is asked for

    @cached_property
    def asked(self):
        """The parameters that make sense, by name."""
        self.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @cached_property
    def result(self):
        """What the search finds among all proposals, whatever else narrows the list; None without one."""
        return self.queryset.find(self.asked["q"]) if self.asked.get("q") else None

    @cached_property
    def _counts(self):
        """For each meeting and region how many proposals there are, and how many all but those two filters leave."""
        return self._kept("counts", ["q", "malgrupp"], self._read_counts)

    def _read_counts(self):
        narrows = self.result or self.asked.get("malgrupp")
        narrowed = self.without("mote", "region") if narrows else None
        return list(self.queryset.counts_by_meeting_and_sender(narrowed))

    @cached_property
    def meetings(self):
        """The meetings that can be chosen, the latest first."""
        totals, counts, meetings = Counter(), Counter(), {}
        for key, region, title, day, total, count in self._counts:
            meetings[key] = (title, day)
            totals[key] += total
            counts[key] += count if region in self._chosen_regions else 0
        known = [MeetingChoice(key, *about, totals[key], counts[key]) for key, about in meetings.items()]
        return sorted(known, key=lambda meeting: meeting.date, reverse=True)

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
    def orders(self):
        """The orders that make sense: by relevance only when there is something to be relevant to."""
        return {key: label for key, (label, _) in ORDERS.items() if key != BY_RELEVANCE or self.result}

    @property
    def order(self):
        asked = self.asked.get("sortera")
        return asked if asked in self.orders else next(iter(self.orders))

    @property
    def is_narrowed(self):
        """Whether anything but the meeting narrows the list."""
        return any(self.asked.get(name) for name in ("q", "region", "malgrupp"))

    @property
    def in_words(self):
        """The filters that narrow the list, each as a line."""
        lines = [f"Sökord: {self.asked['q']}"] if self.asked.get("q") else []
        for name, choices in (("region", self.region_choices), ("malgrupp", self.target_group_choices)):
            if self.asked.get(name):
                names = {choice.slug: choice.name for choice in choices}
                lines.append(f"{self.filters[name].label}: {', '.join(names.get(s, s) for s in self.asked[name])}")
        if self.is_cut:
            lines.append(f"De {self.count} senaste av dem som sökningen ger")
        return lines

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
        found = self.without()
        return found if self.order == BY_RELEVANCE else found.order_by(*ORDERS[self.order][1])

    def without(self, *names):
        """The proposals that all filters but those of `names` leave, by relevance when something is searched for."""
        found = self.queryset.order_by()
        in_force = tuple(name for name in NARROWING if name not in names and self._is_in_force(name))
        for name in in_force:
            found = self._narrowed(found, name)
        if "q" in names or not self.result:
            return found
        return found.found(self._result_among(found, in_force))

    def _narrowed(self, found, name):
        if name == "mote":
            return found.filter(meeting=self.meeting.pk)
        return self.filters[name].filter(found, self.asked[name])

    def _is_in_force(self, name):
        return bool(self.meeting if name == "mote" else self.asked.get(name))

    def _result_among(self, found, in_force):
        """What the search finds among `found`, which the filters `in_force` leave.

        A search that is so common that its findings were cut is made anew there, once.
        """
        if not self.result.is_cut or not in_force:
            return self.result
        if in_force not in self._refined:
            self._refined[in_force] = found.refine(self.result)
        return self._refined[in_force]

    @cached_property
    def _result_in_force(self):
        return self._result_among(self.without("q"), tuple(filter(self._is_in_force, NARROWING)))

    @cached_property
    def _refined(self):
        return {}

    def filter_regions(self, queryset, name, slugs):
        return queryset.from_regions(slugs)

    def filter_target_groups(self, queryset, name, slugs):
        return queryset.for_target_groups(slugs)

    # What else could be chosen

    @cached_property
    def region_choices(self):
        """Every region and agency, and NO_REGION for the proposals that name no sender."""
        counts = self._region_counts()
        chosen = self.asked.get("region", [])
        choices = [
            Choice(region.slug, region.name, counts[region.pk], region.slug in chosen, region)
            for region in self._regions
        ]
        return [*choices, Choice(NO_REGION, "Ej angiven", counts[None], NO_REGION in chosen)]

    def _region_counts(self):
        """{key of a region, or None: how many proposals choosing it would give}."""
        if not self.knows_meeting_counts:
            return self._kept("regions found", ["q", "malgrupp", "mote"], self._read_regions_found)
        counts = Counter()
        for meeting, region, _, _, _, count in self._counts:
            if self.meeting is None or meeting == self.meeting.pk:
                counts[region] += count
        return counts

    def _read_regions_found(self):
        return Counter(self.without("region").values_list("region", flat=True))

    @cached_property
    def _regions(self):
        return self._kept("regions", [], lambda: list(Region.objects.all()))

    @cached_property
    def _chosen_regions(self):
        """Keys of the regions that are chosen, None for NO_REGION; all of them when none is."""
        slugs = {region.pk: region.slug for region in self._regions} | {None: NO_REGION}
        chosen = self.asked.get("region", slugs.values())
        return {key for key, slug in slugs.items() if slug in chosen}

    @cached_property
    def target_group_choices(self):
        """Every target group that the proposals have, and those that are chosen."""
        chosen = self.asked.get("malgrupp", [])
        counted = self._kept("groups", ["q", "region", "mote"], self._read_groups)
        known = {group.slug for group in counted}
        if not known.issuperset(chosen):
            others = TargetGroup.objects.filter(slug__in=chosen).exclude(slug__in=known).annotate(count=Value(0))
            counted = [*counted, *others]
        return [Choice(group.slug, group.name, group.count, group.slug in chosen, key=group.pk) for group in counted]

    def _read_groups(self):
        return TargetGroup.objects.counted_among(self.without("malgrupp"))

    @cached_property
    def count(self):
        """How many proposals the list has: the sum over the chosen regions, which are counted anyway."""
        if not self.knows_meeting_counts:
            return len(self._result_in_force.hits)
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
    def is_cut(self):
        """Whether the search finds more than is in the list."""
        return bool(self.result and self._result_in_force.is_cut)

    @property
    def knows_meeting_counts(self):
        """Whether `count` of each meeting is right; not when the search finds more than it keeps."""
        return not (self.result and self.result.is_cut)

    @property
    def finds_nothing(self):
        """Whether there is no proposal at any meeting with what is searched for."""
        return bool(self.result and self.result.query and not self.result.hits)

    @property
    def count_at_all_meetings(self):
        """What choosing all meetings would give."""
        return sum(meeting.count for meeting in self.meetings)
