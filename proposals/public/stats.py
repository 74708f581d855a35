"""Figures of a meeting's proposals."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects

from proposals.models import Region, TargetGroup
from proposals.models.region import NO_REGION
from proposals.public.filters import UNNAMED_SENDER
from proposals.public.sentences import count_senders


@dataclass(frozen=True)
class Bar:
    """`width` is in per cent of the widest."""

    name: str
    slug: str
    count: int
    width: int


class MeetingStats:
    def __init__(self, proposals):
        self.proposals = list(proposals.with_sender_and_meeting().order_by("number").prefetch_related("target_groups"))
        prefetch_related_objects([one for one in self.proposals if one.co_sender_names], "co_senders")
        self._regions = list(Region.objects.all())

    @property
    def count(self):
        return len(self.proposals)

    @property
    def regions_with_proposals(self):
        return self._count_by_kind[Region.Kind.REGION]

    @property
    def agencies_with_proposals(self):
        return self._count_by_kind[Region.Kind.AGENCY]

    @property
    def count_of_regions(self):
        return sum(region.kind == Region.Kind.REGION for region in self._regions)

    @property
    def without_sender(self):
        return sum(not proposal.senders for proposal in self.proposals)

    @property
    def regions_without_proposals(self):
        regions = [region for region in self._regions if region.kind == Region.Kind.REGION]
        return [region for region in regions if not self._count_by_sender[region]]

    @property
    def senders(self):
        """A bar for each sender, most proposals first; last, one for those that name no sender."""
        counts = self._count_by_sender
        named = [(region.name, region.slug, counts[region]) for region in self._regions if counts[region]]
        unnamed = [(UNNAMED_SENDER, NO_REGION, self.without_sender)] if self.without_sender else []
        return _bars([*_most_first(named), *unnamed])

    @property
    def target_groups(self):
        counts = Counter(group for proposal in self.proposals for group in proposal.target_groups.all())
        groups = [group for group in TargetGroup.objects.all() if counts[group]]
        return _bars(_most_first((group.name, group.slug, counts[group]) for group in groups))

    @cached_property
    def _count_by_sender(self):
        return Counter(sender for proposal in self.proposals for sender in proposal.senders)

    @cached_property
    def _count_by_kind(self):
        return count_senders(self._count_by_sender)


def _most_first(rows):
    return sorted(rows, key=lambda row: -row[2])


def _bars(rows):
    widest = max((count for _, _, count in rows), default=0) or 1
    return [Bar(name, slug, count, round(100 * count / widest)) for name, slug, count in rows]
