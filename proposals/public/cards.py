"""The list's entries: what of each proposal is shown, with what the search matched marked."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from django.db.models import F
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe

from proposals import richtext
from proposals.models import Proposal
from proposals.page_cache.fragments import drawn
from proposals.search.highlighter import Highlighter
from proposals.templatetags.proposal_texts import unbroken

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")
_address = lru_cache(1_000)(partial(reverse, "proposal_detail"))


@dataclass(frozen=True)
class Card:
    """One entry; `title`, `sender` and `excerpt` are safe HTML, `contacts` those names that were searched for.

    `meeting_date` is there in a list of several meetings.
    """

    number: int
    address: str
    title: str
    sender: str
    groups: tuple
    contacts: tuple
    excerpt: str
    meeting_date: date | None


def cards(found, page):
    """The cards of one page of what a ProposalFilter found, as HTML; `page` is one of places in the list."""
    # First which ones, by little more than their keys, and only of those all that they say
    places = page.object_list
    on_page = found.qs[places.start : places.stop]
    proposals = found.qs.filter(pk__in=on_page.values("pk")).with_group_keys()
    fields = ["number", "title", "background", "purpose", "group_keys"]
    if found.result:
        proposals = proposals.with_contact_names()
        fields += ["expected_result", "target_group_text", "contact_names"]
    # Plain rows, because whole proposals would take twice as long
    rows = proposals.values(*fields, meeting_date=F("meeting__date"), sender=F("region__name"))
    highlighter = found.result.highlighter if found.result else Highlighter()
    groups = {choice.key: choice.name for choice in found.target_group_choices}
    found_cards = (_card(row, highlighter, groups, not found.meeting) for row in rows)
    return mark_safe("".join(drawn("public/_list_item.html", card) for card in found_cards))  # noqa: S308 (drawn)


def _card(row, highlighter, groups, with_date):
    keys = {int(key) for key in (row["group_keys"] or "").split(",") if key}
    people = (row.get("contact_names") or "").split("\n")
    return Card(
        number=row["number"],
        address=_address(args=(row["meeting_date"], row["number"])),
        title=highlighter.mark(unbroken(row["title"])),
        sender=highlighter.mark(row["sender"] or ""),
        groups=tuple(name for key, name in groups.items() if key in keys),
        contacts=tuple(highlighter.mark(name) for name in people if highlighter.spots(name)),
        excerpt=_matching_extract(row, highlighter) or escape(richtext.excerpt(row["background"] or row["purpose"])),
        meeting_date=row["meeting_date"] if with_date else None,
    )


def _matching_extract(row, highlighter):
    """From the paragraph that holds most of what was searched for; "" when none does."""
    if not highlighter:
        return ""
    texts = "\n\n".join(row[name] for name in Proposal.TEXTS)
    paragraph = max(_PARAGRAPH_BREAK.split(texts), key=lambda text: len(highlighter.spots(text)))
    return highlighter.extract(richtext.plain(paragraph)) if highlighter.spots(paragraph) else ""
