"""The list's filters as boxes to tick, and the choice of a meeting."""

from dataclasses import dataclass
from typing import NamedTuple

from proposals.page_cache.fragments import drawn
from proposals.public.filters import MeetingChoice


class Box(NamedTuple):
    slug: str
    name: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """The boxes of one filter."""

    legend: str
    name: str
    choices: tuple


@dataclass(frozen=True)
class MeetingFacet:
    """The meetings to choose from; `chosen` is None for all of them, which have `count` proposals together."""

    meetings: tuple
    chosen: MeetingChoice | None
    count: int
    knows_counts: bool


def facets(found):
    """The filters of what a ProposalFilter found as HTML, those that leave something to choose."""
    drawn_facets = [
        _boxes("Avsändare", "region", found.region_choices),
        _boxes("Målgrupp", "malgrupp", found.target_group_choices),
    ]
    if len(found.meetings) > 1:
        about = (found.count_at_all_meetings, found.knows_meeting_counts)
        meetings = MeetingFacet(tuple(found.meetings), found.meeting, *about)
        drawn_facets.append(drawn("public/_list_meetings.html", meetings))
    return drawn_facets


def _boxes(legend, name, choices):
    boxes = (Box(choice.slug, choice.name, choice.count, choice.is_chosen) for choice in choices)
    worth_choosing = tuple(box for box in boxes if box.count or box.is_chosen)
    return drawn("public/_list_facet.html", Facet(legend, name, worth_choosing)) if worth_choosing else ""
