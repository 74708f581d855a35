"""Pages about a proposal beside its change form."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render

from proposals import emails, workflow
from proposals.admin.pages import allow_get_and_post, render_page, requires_change_permission
from proposals.models import Proposal
from proposals.search.highlighter import marked
from proposals.search.similar import sequences, shared_spots

requires_view_permission = permission_required("proposals.view_proposal", raise_exception=True)


@requires_change_permission
@allow_get_and_post
def edit_link(request, key):
    proposal = get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key)
    if not proposal.submitter_email:
        messages.warning(request, "Förslaget har ingen förslagsställare att mejla till.")
        return redirect("admin:proposals_proposal_change", proposal.pk)
    if request.method == "POST":
        if "renew" in request.POST:
            workflow.renew_edit_link(proposal)
            outcome = "En ny länk är mejlad. Alla tidigare länkar till förslaget har slutat gälla."
        else:
            with transaction.atomic():
                emails.send(emails.edit_link(proposal))
            outcome = "Länken är mejlad igen."
        messages.success(request, f"{outcome} Mottagare: {proposal.submitter_email}.")
        return redirect("admin:proposals_proposal_change", proposal.pk)
    return render_page(request, "proposal/edit_link", "Redigeringslänk", proposal=proposal)


@requires_view_permission
def preview(request, key):
    proposal = get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key)
    return render(request, "admin/proposals/proposal/preview.html", {"section": "list", "proposal": proposal})


@requires_view_permission
def compare(request, one, other):
    """Show two proposals side by side with shared passages marked, to find duplicates."""
    proposals = [get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key) for key in (one, other)]
    names = ("title", *Proposal.TEXTS)
    all_sequences = [sequences("\n".join(getattr(proposal, name) for name in names)) for proposal in proposals]
    sections = [
        (Proposal._meta.get_field(name).verbose_name, _side_by_side(proposals, all_sequences, name))
        for name in names
        if any(getattr(proposal, name) for proposal in proposals)
    ]
    title = "Två förslag bredvid varandra"
    return render_page(request, "proposal/compare", title, proposals=proposals, sections=sections)


def _side_by_side(proposals, all_sequences, name):
    """Return [(proposal, field as safe HTML)] with passages that occur anywhere in the other proposal marked."""
    return [
        (proposal, marked(getattr(proposal, name), shared_spots(getattr(proposal, name), other)))
        for proposal, other in zip(proposals, reversed(all_sequences), strict=True)
    ]
