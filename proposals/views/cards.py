"""The list's entries: what of each proposal is shown, with what the search matched marked."""

import re
from dataclasses import dataclass

from proposals import richtext
from proposals.models import Proposal
from proposals.search.marks import Marks
from proposals.templatetags.proposal_texts import unbroken

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Card:
    """One entry; `title`, `sender` and `excerpt` are safe HTML, `contacts` those names that were searched for."""

    proposal: Proposal
    groups: list
    title: str
    sender: str
    contacts: list
    excerpt: str


def cards(found, page):
    """The cards of one page of what a ProposalFilter found."""
    # First which ones, by little more than their keys, and only of those all that they say
    proposals = found.qs.filter(pk__in=page.object_list.values("pk")).with_sender_and_meeting().with_group_keys()
    if found.findings:
        proposals = proposals.with_contact_names()
    marks = found.findings.marks if found.findings else Marks()
    return [_card(proposal, marks, found.target_group_choices) for proposal in proposals]


def _card(proposal, marks, groups):
    keys = {int(key) for key in (proposal.group_keys or "").split(",") if key}
    names = getattr(proposal, "contact_names", None) or ""
    return Card(
        proposal,
        groups=[group.name for group in groups if group.key in keys],
        title=marks.mark(unbroken(proposal.title)),
        sender=marks.mark(proposal.region.name) if proposal.region else "",
        contacts=[marks.mark(name) for name in names.split("\n") if marks.spots(name)],
        excerpt=_matching_extract(proposal, marks) or richtext.excerpt(proposal.lead),
    )


def _matching_extract(proposal, marks):
    """From the paragraph that holds most of what was searched for; "" when none does."""
    texts = "\n\n".join(getattr(proposal, name) for name in proposal.TEXTS)
    paragraph = max(_PARAGRAPH_BREAK.split(texts), key=lambda text: len(marks.spots(text)))
    return marks.extract(richtext.plain(paragraph)) if marks.spots(paragraph) else ""
