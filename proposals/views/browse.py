"""Reading: the list of proposals and one proposal. Everybody may, and only what is published is here."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from proposals.filters import ALL_MEETINGS, ORDERS, ProposalFilter
from proposals.models import Proposal, ProposalContact, Region
from proposals.templatetags.proposal_texts import day

PER_PAGE = 30


@dataclass(frozen=True)
class Way:
    """A link on from the list: a filter to take away, or a way out of an empty result."""

    label: str
    address: str
    count: int | None = None


@require_safe
def proposal_list(request):
    found = ProposalFilter(request.GET, Proposal.objects.published())
    paginator = Paginator(found.qs.with_sender_and_meeting().prefetch_related("target_groups"), PER_PAGE)
    paginator.count = found.count  # known already, so not asked for again
    page = paginator.get_page(request.GET.get("sida"))
    context = {
        "section": "list",
        "found": found,
        "page": page,
        "facets": [
            ("Avsändare", "region", _worth_choosing(found.region_choices)),
            ("Målgrupp", "malgrupp", _worth_choosing(found.target_group_choices)),
        ],
        "pills": list(_pills(found)),
        "orders": [(label, found.address(sortera=key), key == found.order) for key, (label, _) in ORDERS.items()],
        "senders": _senders(found),
        "cleared": found.address(q=None, region=None, malgrupp=None, mote=None),
        "previous_page": found.address(sida=page.number - 1),
        "next_page": found.address(sida=page.number + 1),
        "ways": [] if page.object_list else list(_ways_on(found)),
    }
    return render(request, "proposals/proposal_list.html", context)


@require_safe
def proposal_detail(request, date, number):
    published = Proposal.objects.published()
    contacts = Prefetch("contact_rows", ProposalContact.objects.select_related("contact"))
    proposal = get_object_or_404(
        published.with_sender_and_meeting().prefetch_related("target_groups", contacts),
        meeting__date=date,
        number=number,
    )
    before, after = published.before_and_after(proposal)
    context = {"section": "list", "proposal": proposal, "before": before, "after": after}
    return render(request, "proposals/proposal_detail.html", context)


def _worth_choosing(choices):
    return [choice for choice in choices if choice.count or choice.is_chosen]


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
    """Out of an empty result: the same list without one kind of filter, where that gives anything."""
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
    kinds = [choice.kind for choice in found.region_choices if choice.count]
    return {"regions": kinds.count(Region.Kind.REGION), "agencies": kinds.count(Region.Kind.AGENCY)}
