"""What else could be chosen in the list, and how many proposals each choice would give."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Value

from proposals.models import Region, TargetGroup
from proposals.models.region import NO_REGION
from proposals.public.filters import UNNAMED_SENDER, ListedMeeting
from proposals.public.list_form import ListForm


@dataclass(frozen=True)
class Choice:
    """A box to tick; `count` is how many proposals it would give together with the other facets.

    `key` is that of its Region or TargetGroup; None for the proposals that name no sender.
    """

    slug: str
    name: str
    count: int
    is_chosen: bool
    key: int | None
    region: Region | None = None


@dataclass(frozen=True)
class Facet:
    name: str
    legend: str
    choices: tuple


@dataclass(frozen=True)
class MeetingChoice:
    meeting: ListedMeeting
    count: int
    is_chosen: bool


class Facets:
    def __init__(self, found):
        self.found = found

    def __iter__(self):
        for name, choices in self.by_name.items():
            if shown := tuple(choice for choice in choices if choice.count or choice.is_chosen):
                yield Facet(name, ListForm.base_fields[name].label, shown)

    @property
    def by_name(self):
        return {"region": self.regions, "malgrupp": self.target_groups}

    @cached_property
    def regions(self):
        """Every region and agency, and NO_REGION for the proposals that name no sender."""
        counts = self._region_counts()
        chosen = self.found.asked.get("region", [])
        choices = [
            Choice(region.slug, region.name, counts[region.pk], region.slug in chosen, region.pk, region)
            for region in self._all_regions
        ]
        return [*choices, Choice(NO_REGION, UNNAMED_SENDER, counts[None], NO_REGION in chosen, None)]

    @cached_property
    def _all_regions(self):
        return list(Region.objects.all())

    def _region_counts(self):
        counts = Counter()
        if not self.knows_meeting_counts:
            for senders in self.found.narrowed(without=("region",)).senders_of_each():
                counts.update(senders)
            return counts
        for senders, count in self._counts_at_meeting:
            counts.update(dict.fromkeys(senders, count))
        return counts

    @property
    def _counts_at_meeting(self):
        """(senders, count) for each combination of senders in the list, whichever of them are chosen."""
        meeting = self.found.meeting and self.found.meeting.pk
        return [(senders, count) for key, senders, *_, count in self.found.counts if meeting in (None, key)]

    @cached_property
    def target_groups(self):
        """Every target group that the proposals have, and those that are chosen."""
        chosen = self.found.asked.get("malgrupp", [])
        groups = self.found.read(self._read_groups, without=("malgrupp",))
        counted = {slug for slug, *_ in groups}
        if not counted.issuperset(chosen):
            others = TargetGroup.objects.filter(slug__in=chosen).exclude(slug__in=counted)
            groups = [*groups, *others.values_list("slug", "name", Value(0), "pk")]
        return [Choice(slug, name, count, slug in chosen, key) for slug, name, count, key in groups]

    def _read_groups(self, narrowed):
        groups = TargetGroup.objects.counted_among(self.found.queryset if narrowed is None else narrowed)
        return [(group.slug, group.name, group.count, group.pk) for group in groups]

    @cached_property
    def meetings(self):
        counts = Counter()
        for meeting, senders, *_, count in self.found.counts:
            counts[meeting] += count if self._is_chosen(senders) else 0
        return [
            MeetingChoice(meeting, counts[meeting.pk], meeting == self.found.meeting) for meeting in self.found.meetings
        ]

    def _is_chosen(self, senders):
        """Whether the chosen regions leave what comes from these senders."""
        chosen = self.found.asked.get("region")
        return not chosen or any(self._slugs.get(sender) in chosen for sender in senders)

    @cached_property
    def _slugs(self):
        return {region.pk: region.slug for region in self._all_regions} | {None: NO_REGION}

    @property
    def knows_meeting_counts(self):
        """A search whose result was cut doesn't know what it would find at other meetings."""
        return not (self.found.result and self.found.result.is_cut)

    @property
    def unknown(self):
        """Values of the address that name nothing, to tell the reader of."""
        known = {name: {choice.slug for choice in choices} for name, choices in self.by_name.items()}
        slugs = [slug for name in known for slug in self.found.asked.get(name, []) if slug not in known[name]]
        return slugs + self.found.odd_values

    @cached_property
    def count(self):
        if not self.knows_meeting_counts:
            return len(self.found.listed_result.hits)
        return sum(count for senders, count in self._counts_at_meeting if self._is_chosen(senders))

    def count_without(self, name):
        if name == "region" and self.knows_meeting_counts:
            return sum(count for _, count in self._counts_at_meeting)
        return self.found.narrowed(without=(name,)).count()

    @property
    def count_at_meeting(self):
        """How many there are without any filter but the meeting."""
        return self.found.meeting.total if self.found.meeting else sum(one.total for one in self.found.meetings)

    @property
    def count_at_all_meetings(self):
        return sum(choice.count for choice in self.meetings)
