"""Reading: the list of proposals and one proposal. Everybody may, and only what is published is here."""

from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.contrib import admin
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from proposals.models import MissedQuery, Proposal, Region
from proposals.page_cache.fragments import draw, drawn
from proposals.page_cache.middleware import kept, kept_parts, origin
from proposals.public.cards import cards
from proposals.public.facets import facets
from proposals.public.filters import ALL_MEETINGS, ProposalFilter
from proposals.public.region_map import tile_map
from proposals.templatetags.proposal_texts import day

PER_PAGE = 30
NEAREST_WORDS = 3
SIMILAR = 3


@dataclass(frozen=True)
class Way:
    """A link on from the list: a filter to take away, or a way out of an empty result."""

    label: str
    address: str
    count: int | None = None


class ListPage(NamedTuple):
    """A drawn list, and what it was searched for in vain, if it was."""

    content: bytes
    missed: str | None


@require_safe
@kept()
def proposal_list(request):
    parts = kept_parts(request)
    # However the address is spelled, what it asks for is drawn once
    page = parts.made(("list", _asked(request.GET)), lambda: _list_page(request, parts))
    response = HttpResponse(page.content)
    if page.missed:
        response.may_be_kept = False  # each such search is counted
        if request.method == "GET":
            with suppress(DatabaseError):  # a busy database must not cost the reader the page
                MissedQuery.objects.record(page.missed)
    return response


def _asked(parameters):
    """Those that the list depends on, as its form reads them: of a parameter that may be there once, the last one."""
    several = {name: tuple(filter(None, parameters.getlist(name))) for name in ("region", "malgrupp")}
    return tuple(several.get(name) or parameters.get(name, "") for name in (*ProposalFilter.base_filters, "sida"))


def _list_page(request, parts):
    found = ProposalFilter(request.GET, Proposal.objects.published(), parts)
    # Pages of places in the list; which proposals stand there, the cards know
    page = Paginator(range(found.count), PER_PAGE).get_page(request.GET.get("sida"))
    context = {
        "section": "list",
        "found": found,
        "path": request.path + (found.address() if found.asked else ""),
        "page": page,
        "cards": cards(found, page),
        "exactly": found.address(q=found.result.exactly) if found.result else "",
        "facets": facets(found),
        # The addresses on the map of a narrowed list hold whatever somebody asked for, so no two are the same
        "map": (draw if found.asked else drawn)("public/_list_map.html", tile_map(found)),
        "pills": list(_pills(found)),
        "orders": [(label, found.address(sortera=key), key == found.order) for key, label in found.orders.items()],
        "senders": _senders(found),
        "cleared": found.address(q=None, region=None, malgrupp=None, mote=None),
        "selection": found.address(mote=None, sortera=None),
        "previous_page": found.address(sida=page.number - 1),
        "next_page": found.address(sida=page.number + 1),
        "ways": [] if found.count else list(_ways_on(found)),
    }
    content = render_to_string("public/proposal_list.html", context, request).encode()
    return ListPage(content, found.asked["q"] if found.finds_nothing else None)


@require_safe
@vary_on_headers("Referer")
@kept(is_for_all=False)
def proposal_detail(request, date, number):
    published = Proposal.objects.published()
    proposal = (
        published.in_full().noting_others_formerly_at(date, number).filter(meeting__date=date, number=number).first()
    )
    if proposal is None:
        moved = get_object_or_404(published.formerly_at(date, number).with_sender_and_meeting())
        # Not for ever: it may move back, and a browser that remembered both ways would go round in circles
        return redirect(moved)
    was_here = published.formerly_at(date, number).with_sender_and_meeting() if proposal.others_were_here else []
    origin = _origin(request, published, proposal)
    before, after = origin.neighbours if origin else published.before_and_after(proposal)
    context = {
        "section": "list",
        "proposal": proposal,
        "before": before,
        "after": after,
        "similar": published.with_sender_and_meeting().most_like(proposal, SIMILAR),
        "moved": next(iter(was_here), None),
        "origin": origin,
        "address": settings.SITE_URL + proposal.get_absolute_url(),
        "is_for_staff": admin.site.has_permission(request),
    }
    return render(request, "public/proposal_detail.html", context)


@dataclass(frozen=True)
class Origin:
    """The narrowed or re-ordered list that a reader came from, and what stands beside the proposal in it."""

    address: str
    neighbours: tuple


def _origin(request, published, proposal):
    """The list that the reader came from; None for the plain one, or when the proposal isn't in it."""
    found = ProposalFilter(request.GET or QueryDict(origin(request)), published, kept_parts(request))
    if not found.asked:
        return None
    keys = list(found.qs.values_list("pk", flat=True))
    if proposal.pk not in keys:
        return None
    place = keys.index(proposal.pk)
    beside = published.with_sender_and_meeting().in_bulk(
        [*keys[max(place - 1, 0) : place], *keys[place + 1 : place + 2]]
    )
    before = beside.get(keys[place - 1]) if place else None
    after = beside.get(keys[place + 1]) if place + 1 < len(keys) else None
    return Origin(found.address(), (before, after))


def _pills(found):
    """The filters in force, each with the address of the list without it."""
    if query := found.asked.get("q"):
        yield Way(f"”{query}”", found.address(q=None))
    for name, choices in (("region", found.region_choices), ("malgrupp", found.target_group_choices)):
        names = {choice.slug: choice.name for choice in choices}
        for slug in found.asked.get(name, []):
            others = [other for other in found.asked[name] if other != slug]
            yield Way(names.get(slug, slug), found.address(**{name: others}))
    if found.meetings and found.meeting != found.meetings[0]:
        label = day(found.meeting.date) if found.meeting else "Alla möten"
        yield Way(label, found.address(mote=None))


def _ways_on(found):
    """Out of an empty result: a word that is there, or the list without one kind of filter, if that gives anything."""
    if found.finds_nothing:
        for word in found.queryset.nearest_words(found.result, NEAREST_WORDS):
            yield Way(f"Sök på ”{word}”", found.address(q=word))
    labels = {"q": "Visa utan sökordet", "region": "Visa från alla avsändare", "malgrupp": "Visa för alla målgrupper"}
    filters_in_force = [name for name in labels if found.asked.get(name)]
    if len(filters_in_force) > 1:
        for name in filters_in_force:
            if count := found.count_without(name):
                yield Way(labels[name], found.address(**{name: None}), count)
    if found.count_at_meeting:
        label = "Bläddra bland mötets alla förslag" if found.meeting else "Bläddra bland alla förslag"
        yield Way(label, found.address(q=None, region=None, malgrupp=None), found.count_at_meeting)
    if found.meeting and found.count_at_all_meetings:
        yield Way("Visa från alla möten", found.address(mote=ALL_MEETINGS), found.count_at_all_meetings)


def _senders(found):
    """How many regions and how many agencies the list's proposals come from."""
    kinds = [choice.region.kind for choice in found.region_choices if choice.count and choice.region]
    return {"regions": kinds.count(Region.Kind.REGION), "agencies": kinds.count(Region.Kind.AGENCY)}
