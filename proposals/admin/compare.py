"""Two proposals side by side, to see whether they are the same one sent in twice."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render

from proposals.models import Proposal
from proposals.search.highlighter import marked
from proposals.search.similar import sequences, shared_spots


@permission_required("proposals.view_proposal", raise_exception=True)
def compare(request, one, other):
    """The two, with the passages that both have marked."""
    pair = [get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key) for key in (one, other)]
    whole = ["\n".join(getattr(proposal, name) for name in ("title", *Proposal.TEXTS)) for proposal in pair]
    said = [sequences(text) for text in whole]
    context = {
        **admin.site.each_context(request),
        "title": "Två förslag bredvid varandra",
        "pair": pair,
        "sections": [
            (Proposal._meta.get_field(name).verbose_name, _side_by_side(pair, said, name))
            for name in ("title", *Proposal.TEXTS)
            if any(getattr(proposal, name) for proposal in pair)
        ],
    }
    return render(request, "admin/proposals/proposal/compare.html", context)


def _side_by_side(pair, said, name):
    """(proposal, what it says in the field) for two, as safe HTML with what stands anywhere in the other marked."""
    texts = [getattr(proposal, name) for proposal in pair]
    marks = [marked(text, shared_spots(text, other)) for text, other in zip(texts, reversed(said), strict=True)]
    return list(zip(pair, marks, strict=True))
