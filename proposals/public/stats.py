"""Figures about a meeting's proposals, for the statistics page."""

from dataclasses import dataclass

from proposals import richtext
from proposals.models import Proposal, Region, TargetGroup
from proposals.models.region import NO_REGION


@dataclass(frozen=True)
class Bar:
    """One row of a diagram: what, how many, and how wide its bar is in per cent of the widest."""

    name: str
    slug: str
    count: int
    width: int


class MeetingStats:
    """The figures of one meeting; `proposals` are those of its proposals that the reader may see."""

    def __init__(self, proposals):
        self.proposals = list(proposals.with_sender_and_meeting().order_by("number").prefetch_related("target_groups"))
        self._regions = list(Region.objects.all())

    @property
    def count(self):
        return len(self.proposals)

    @property
    def regions_with_proposals(self):
        return len({proposal.region for proposal in self.proposals if self._is_of(proposal, Region.Kind.REGION)})

    @property
    def agencies_with_proposals(self):
        return len({proposal.region for proposal in self.proposals if self._is_of(proposal, Region.Kind.AGENCY)})

    @property
    def count_of_regions(self):
        return sum(region.kind == Region.Kind.REGION for region in self._regions)

    @property
    def without_sender(self):
        return sum(proposal.region is None for proposal in self.proposals)

    @property
    def silent_regions(self):
        """The regions that no proposal comes from."""
        heard = {proposal.region for proposal in self.proposals}
        return [region for region in self._regions if region.kind == Region.Kind.REGION and region not in heard]

    @property
    def senders(self):
        """A bar for each sender, most proposals first, and last one for those that name no sender."""
        counts = {region: 0 for region in self._regions}
        for proposal in self.proposals:
            if proposal.region:
                counts[proposal.region] += 1
        named = [(region.name, region.slug, count) for region, count in counts.items() if count]
        unnamed = [("Ej angiven", NO_REGION, self.without_sender)] if self.without_sender else []
        return _bars([*_most_first(named), *unnamed])

    @property
    def target_groups(self):
        """A bar for each target group, most proposals first."""
        counts = {group: 0 for group in TargetGroup.objects.all()}
        for proposal in self.proposals:
            for group in proposal.target_groups.all():
                counts[group] += 1
        return _bars(_most_first((group.name, group.slug, count) for group, count in counts.items() if count))

    @property
    def lengths(self):
        """(proposal, bar) for each proposal: how many words its texts have, in the order of the numbers."""
        words = [
            (proposal.title, "", sum(len(richtext.plain(getattr(proposal, text)).split()) for text in Proposal.TEXTS))
            for proposal in self.proposals
        ]
        return list(zip(self.proposals, _bars(words), strict=True))

    @staticmethod
    def _is_of(proposal, kind):
        return proposal.region is not None and proposal.region.kind == kind


def _most_first(rows):
    return sorted(rows, key=lambda row: -row[2])


def _bars(rows):
    widest = max((count for _, _, count in rows), default=0) or 1
    return [Bar(name, slug, count, round(100 * count / widest)) for name, slug, count in rows]
