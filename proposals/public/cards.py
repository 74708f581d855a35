"""The entries of the list: what is shown of each proposal, with what the search matched in <mark>."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from django.db.models import F
from django.urls import reverse
from django.utils.html import escape

from proposals import richtext
from proposals.enumeration import enumerate_names
from proposals.models import Proposal
from proposals.search.highlighter import Highlighter
from proposals.templatetags.proposal_texts import unbroken

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")
_address = lru_cache(1_000)(partial(reverse, "proposal_detail"))


@dataclass(frozen=True)
class Card:
    """`title`, `sender` and `excerpt` are safe HTML; `contacts` are the names that matched, as safe HTML.

    `meeting_date` is None in the list of one meeting.
    """

    number: int
    address: str
    title: str
    sender: str
    groups: tuple
    contacts: tuple
    excerpt: str
    meeting_date: date | None


def cards(found, facets, page):
    # The keys of those on the page first: ordering whole rows would take longer
    places = page.object_list  # a range of positions in the list
    on_page = found.qs[places.start : places.stop]
    proposals = found.qs.filter(pk__in=on_page.values("pk")).with_senders().with_group_keys()
    if found.result:
        proposals, texts = proposals.with_contact_names(), [*Proposal.TEXTS, "contact_names"]
    else:
        texts = ["background", "purpose"]
    # Plain rows, because whole proposals would take twice as long
    names = ("number", "title", "group_keys", "co_sender_names", *texts)
    rows = proposals.values(*names, meeting_date=F("meeting__date"), sender=F("region__name"))
    highlighter = found.result.highlighter if found.result else Highlighter()
    groups = {choice.key: choice.name for choice in facets.target_groups}
    return [_card(row, highlighter, groups, not found.meeting) for row in rows]


def _card(row, highlighter, groups, with_date):
    keys = {int(key) for key in (row["group_keys"] or "").split(",") if key}
    people = (row.get("contact_names") or "").split("\n")
    senders = [row["sender"] or "", *sorted((row["co_sender_names"] or "").split("\n"))]
    return Card(
        number=row["number"],
        address=_address(args=(row["meeting_date"], row["number"])),
        title=highlighter.mark(unbroken(row["title"])),
        sender=highlighter.mark(enumerate_names(dict.fromkeys(filter(None, senders)))),
        groups=tuple(name for key, name in groups.items() if key in keys),
        contacts=tuple(highlighter.mark(name) for name in people if highlighter.spots(name)),
        excerpt=_matching_extract(row, highlighter) or escape(richtext.excerpt(row["background"] or row["purpose"])),
        meeting_date=row["meeting_date"] if with_date else None,
    )


def _matching_extract(row, highlighter):
    if not highlighter:
        return ""
    texts = "\n\n".join(row[name] for name in Proposal.TEXTS)
    paragraph = max(_PARAGRAPH_BREAK.split(texts), key=lambda text: len(highlighter.spots(text)))
    return highlighter.extract(richtext.plain(paragraph)) if highlighter.spots(paragraph) else ""
