"""The page with the list of proposals."""

from contextlib import suppress

from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from proposals.models import Meeting, MissedQuery, Proposal
from proposals.page_cache.decorators import cached_page, full_minute
from proposals.page_cache.fragments import cached_render, get_or_set
from proposals.public.cards import cards
from proposals.public.facets import Facets
from proposals.public.filters import ProposalFilter
from proposals.public.links import applied_filters, links_out_of_nothing, order_links
from proposals.public.list_form import PAGE, raw_values
from proposals.public.region_map import region_map
from proposals.public.sentences import list_count, list_lead, list_title

PER_PAGE = 30


@require_safe
@cached_page(until=full_minute)
def proposal_list(request):
    open_call = _open_call(request)
    # Addresses that are spelled differently and ask for the same list share its page
    key = ("list", open_call and open_call.pk, *raw_values(request.GET))
    content, missed = get_or_set(request, key, lambda: _render_list(request, open_call))
    response = HttpResponse(content)
    if missed:
        response.is_cacheable = False  # each such search is counted
        if request.method == "GET":
            with suppress(DatabaseError):  # a busy database must not cost the reader the page
                MissedQuery.objects.record(missed)
    return response


def _open_call(request):
    """The meeting that takes proposals now, or None."""
    meetings = get_or_set(request, "coming", lambda: list(Meeting.objects.filter(date__gte=timezone.localdate())))
    return min((meeting for meeting in meetings if meeting.is_open), key=lambda meeting: meeting.date, default=None)


def _render_list(request, open_call):
    """(the page, what was searched for in vain or None)"""
    found = ProposalFilter(request.GET, Proposal.objects.published(), request=request)
    facets = Facets(found)
    # The paginator gets positions in the list, and cards() reads only the proposals at those of the page
    page = Paginator(range(facets.count), PER_PAGE).get_page(request.GET.get(PAGE))
    context = {
        "section": "list",
        "open_call": open_call,
        "found": found,
        "unknown": facets.unknown,
        "count": facets.count,
        "path": request.path + (found.address() if found.asked else ""),
        "page": page,
        "applied_filters": list(applied_filters(found, facets)),
        **_fragments(found, facets, page),
        **_sentences(found, facets, page),
        **_links(found, facets, page),
    }
    content = render_to_string("public/proposal_list.html", context, request).encode()
    return content, found.asked["q"] if found.finds_nothing else None


def _fragments(found, facets, page):
    return {
        "cards": [cached_render("public/_list_item.html", card=card) for card in cards(found, facets, page)],
        "facets": [cached_render("public/_list_facet.html", facet=facet) for facet in facets],
        "meetings": cached_render(
            "public/_list_meetings.html",
            choices=tuple(facets.meetings),
            count=facets.count_at_all_meetings,
            knows_counts=facets.knows_meeting_counts,
            shows_all=not found.meeting,
        ),
        "map": _map(found, facets),
    }


def _map(found, facets):
    template, regions = "public/_list_map.html", region_map(found, facets)
    # Of a narrowed list its addresses hold whatever somebody asked for, so that no two are the same
    return render_to_string(template, {"map": regions}) if found.asked else cached_render(template, map=regions)


def _sentences(found, facets, page):
    senders = [choice.region for choice in facets.regions if choice.count]
    without_sender = sum(choice.count for choice in facets.regions if not choice.region)
    return {
        "title": list_title(found, facets.count, page.number),
        "lead": list_lead(facets.count, senders, found.meeting, without_sender),
        "shown": list_count(page, facets.count_at_meeting),
    }


def _links(found, facets, page):
    return {
        "orders": order_links(found),
        "exactly": found.address(q=found.result.exactly) if found.result else "",
        "cleared": found.address(**dict.fromkeys(found.filters)),
        "selection": found.address(mote=None, sortera=None),
        "previous_page": found.address(sida=page.number - 1),
        "next_page": found.address(sida=page.number + 1),
        "links_out": [] if facets.count else list(links_out_of_nothing(found, facets)),
    }
