"""The page of one proposal."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from proposals.models import Proposal
from proposals.page_cache.decorators import cached_page
from proposals.page_cache.request import referring_list
from proposals.public.filters import ProposalFilter
from proposals.search.highlighter import Highlighter

SIMILAR = 3


@require_safe
@vary_on_headers("Referer")
@cached_page(with_session=False)
def proposal_detail(request, date, number):
    published = Proposal.objects.published()
    proposal = (
        published.in_full().noting_others_formerly_at(date, number).filter(meeting__date=date, number=number).first()
    )
    if proposal is None:
        return _elsewhere(request, published, date, number)
    was_here = published.formerly_at(date, number).with_sender_and_meeting() if proposal.others_were_here else []
    origin = _origin(request, published, proposal)
    before, after = (origin.before, origin.after) if origin else published.before_and_after(proposal)
    context = {
        "section": "list",
        "proposal": proposal,
        "before": before,
        "after": after,
        "similar": published.with_sender_and_meeting().most_like(proposal, SIMILAR),
        "moved": next(iter(was_here), None),
        "origin": origin,
        "highlighter": origin and origin.highlighter,
        "address": settings.SITE_URL + proposal.get_absolute_url(),
        "is_for_staff": admin.site.has_permission(request),
    }
    return render(request, "public/proposal_detail.html", context)


def _elsewhere(request, published, date, number):
    """To where the proposal with this address has moved; or that it was withdrawn, which says nothing more of it."""
    if moved := published.formerly_at(date, number).with_sender_and_meeting().first():
        # Not for ever: it may move back, and a browser that remembered both ways would go round in circles
        return redirect(moved)
    withdrawn = Proposal.objects.withdrawn_at(date, number).select_related("merged_into__meeting").first()
    if withdrawn is None:
        raise Http404
    if withdrawn.successor.is_published:
        return redirect(withdrawn.successor)
    context = {"section": "list", "date": date, "number": number}
    return render(request, "public/proposal_withdrawn.html", context, status=410)


@dataclass(frozen=True)
class Origin:
    address: str
    before: Proposal | None
    after: Proposal | None
    highlighter: Highlighter | None  # of the words searched for


def _origin(request, published, proposal):
    """The list that the reader came from; None for the plain one, or when the proposal isn't in it."""
    found = ProposalFilter(request.GET or QueryDict(referring_list(request)), published, request=request)
    if not found.asked:
        return None
    keys = [None, *found.qs.values_list("pk", flat=True), None]
    if proposal.pk not in keys:
        return None
    place = keys.index(proposal.pk)
    before, after = keys[place - 1], keys[place + 1]
    beside = published.with_sender_and_meeting().in_bulk([key for key in (before, after) if key])
    highlighter = found.result and found.result.highlighter
    return Origin(found.address(), beside.get(before), beside.get(after), highlighter)
