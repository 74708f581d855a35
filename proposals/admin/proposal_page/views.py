"""Pages about a proposal beside its form."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from proposals import emails, workflow
from proposals.admin.pages import (
    allow_get_and_post,
    may_see_addresses,
    render_page,
    requires_change_permission,
    requires_view_permission,
)
from proposals.admin.proposal_page.form import ProposalAdminForm
from proposals.admin.proposal_page.people import people_formset
from proposals.models import Note, Proposal, ProposalContact, Status
from proposals.search.highlighter import marked
from proposals.search.similar import sequences, shared_spots
from proposals.text_input.characters import clean_paragraphs

NOTE_LENGTH = 2000


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
@allow_get_and_post
def preview(request, key):
    """Show the proposal as everybody will see it: as saved, or on POST as typed in the form."""
    proposal = get_object_or_404(Proposal.objects.in_full(), pk=key)
    if workflow.is_hidden_draft(proposal):
        return redirect("admin:proposals_proposal_change", proposal.pk)
    is_typed = request.method == "POST" and request.user.has_perm("proposals.change_proposal")
    if is_typed:
        _put_in_typed(proposal, request.POST)
    if not may_see_addresses(request.user):
        _hide_addresses(proposal)
    context = {"section": "list", "proposal": proposal, "is_typed": is_typed}
    return render(request, "admin/proposals/proposal/preview.html", context)


def _hide_addresses(proposal):
    for row in proposal.contact_rows.all():
        row.contact.email = row.contact.phone = ""


def _put_in_typed(proposal, data):
    """Let the unsaved proposal say what is in the form; what isn't valid stays as it is saved."""
    form = ProposalAdminForm(data, instance=proposal)
    form.is_valid()
    people = people_formset(data, instance=proposal)
    for name in ("co_senders", "target_groups"):
        proposal._prefetched_objects_cache[name] = form.cleaned_data.get(name, [])
    proposal.__dict__.pop("co_sender_names", None)  # as saved
    if people.is_valid():
        cards = [ProposalContact(contact=card.typed_person()) for card in people.kept_cards]
        proposal._prefetched_objects_cache["contact_rows"] = cards


@requires_view_permission
def compare(request, one, other):
    """Show two proposals side by side with shared passages marked, to find duplicates."""
    proposals = [get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key) for key in (one, other)]
    for proposal in proposals:
        if workflow.is_hidden_draft(proposal):
            return redirect("admin:proposals_proposal_change", proposal.pk)
    names = ("title", *Proposal.TEXTS)
    all_sequences = [sequences("\n".join(getattr(proposal, name) for name in names)) for proposal in proposals]
    sections = [
        (Proposal._meta.get_field(name).verbose_name, _side_by_side(proposals, all_sequences, name))
        for name in names
        if any(getattr(proposal, name) for proposal in proposals)
    ]
    context = {"proposals": proposals, "sections": sections, "can_merge": _can_merge(request, *proposals)}
    return render_page(request, "proposal/compare", "Två förslag bredvid varandra", **context)


def _can_merge(request, one, other):
    may_change = request.user.has_perm("proposals.change_proposal")
    return may_change and not (workflow.why_not_merge(one, other) and workflow.why_not_merge(other, one))


def _side_by_side(proposals, all_sequences, name):
    """Return [(proposal, field as safe HTML)] with passages that occur anywhere in the other proposal marked."""
    return [
        (proposal, marked(getattr(proposal, name), shared_spots(getattr(proposal, name), other)))
        for proposal, other in zip(proposals, reversed(all_sequences), strict=True)
    ]


@requires_change_permission
@require_POST
def add_note(request, key):
    proposal = get_object_or_404(Proposal, pk=key)
    text = clean_paragraphs(request.POST.get("text", ""))
    if len(text) > NOTE_LENGTH:
        messages.error(request, f"Anteckningen är för lång: högst {NOTE_LENGTH} tecken. Inget är sparat.")
    elif text:
        author = request.user
        name = author.get_full_name() or author.get_username()
        Note.objects.create(proposal=proposal, author=author, author_name=name[:150], text=text)
        messages.success(request, "Anteckningen är sparad.")
    return redirect("admin:proposals_proposal_change", proposal.pk)


@requires_change_permission
@require_POST
def open_draft(request, key):
    """Show a draft's text to the secretariat, to help its submitter; the history tells that it was done."""
    proposal = get_object_or_404(Proposal, pk=key)
    if workflow.is_hidden_draft(proposal):
        workflow.open_draft(proposal)
        messages.success(request, "Utkastet är öppnat. Det står i historiken.")
    return redirect("admin:proposals_proposal_change", proposal.pk)


@requires_change_permission
@require_POST
def undo(request, key):
    """Undo the latest change: a merging or withdrawal, or an edit, so that the proposal becomes what it was before."""
    proposal = get_object_or_404(Proposal, pk=key)
    version = request.GET.get("version", "")
    rows = list(proposal.history.all()[:2])
    if proposal.merged_into_id:
        return _unmerge(request, proposal)
    if proposal.status == Status.WITHDRAWN:
        workflow.restore(proposal)
        messages.success(request, f"”{proposal}” är inte längre återtaget.")
    elif len(rows) == 2 and str(rows[0].pk) == version:
        workflow.revert(proposal, rows[1])
        messages.success(request, f"”{proposal}” är som det var före ändringen.")
    else:
        messages.warning(request, "Någon har ändrat förslaget sedan dess, så inget är ångrat. Titta i historiken.")
    return redirect("admin:proposals_proposal_change", proposal.pk)


def _unmerge(request, proposal):
    try:
        workflow.unmerge(proposal)
        messages.success(request, f"Sammanslagningen är ångrad. ”{proposal}” är ett eget förslag igen.")
    except workflow.StepNotAllowed as error:
        messages.warning(request, str(error))
    return redirect("admin:proposals_proposal_change", proposal.pk)
