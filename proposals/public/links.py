"""Links on from the list: filters to take away, orders, and ways out of an empty result."""

from dataclasses import dataclass

from proposals.public.list_form import ALL_MEETINGS, WITHOUT
from proposals.templatetags.proposal_texts import day

NEAREST_WORDS = 3


@dataclass(frozen=True)
class Link:
    label: str
    address: str
    count: int | None = None
    is_current: bool = False


def order_links(found):
    return [
        Link(order.label, found.address(sortera=order.value), is_current=order == found.order) for order in found.orders
    ]


def applied_filters(found, facets):
    if query := found.asked.get("q"):
        yield Link(f"”{query}”", found.address(q=None))
    for name, choices in facets.by_name.items():
        names = {choice.slug: choice.name for choice in choices}
        for slug in found.asked.get(name, []):
            others = [other for other in found.asked[name] if other != slug]
            yield Link(names.get(slug, slug), found.address(**{name: others}))
    if found.meetings and found.meeting != found.meetings[0]:
        label = day(found.meeting.date) if found.meeting else "Alla möten"
        yield Link(label, found.address(mote=None))


def links_out_of_nothing(found, facets):
    if found.finds_nothing:
        for word in found.queryset.nearest_words(found.result, NEAREST_WORDS):
            yield Link(f"Sök på ”{word}”", found.address(q=word))
    in_force = [name for name in WITHOUT if found.asked.get(name)]
    if len(in_force) > 1:
        for name in in_force:
            if count := facets.count_without(name):
                yield Link(WITHOUT[name], found.address(**{name: None}), count)
    if facets.count_at_meeting:
        label = "Bläddra bland mötets alla förslag" if found.meeting else "Bläddra bland alla förslag"
        yield Link(label, found.address(**dict.fromkeys(WITHOUT)), facets.count_at_meeting)
    if found.meeting and facets.count_at_all_meetings:
        yield Link("Visa från alla möten", found.address(mote=ALL_MEETINGS), facets.count_at_all_meetings)
