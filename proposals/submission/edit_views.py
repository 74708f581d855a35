"""What a submitter does with the edit link: change, send in, withdraw, and get a lost link again."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from proposals import emails, throttle, workflow
from proposals.models import LinkKey, Proposal
from proposals.models.proposal_history import BY_SUBMITTER
from proposals.submission import submission_queue
from proposals.submission.form_page import (
    CLOSED,
    CLOSED_FOR_CHANGES,
    TAKEN_OVER,
    TOO_MANY,
    form_page,
    kept_by_browser_only,
    opened_with,
)
from proposals.submission.forms import EditLinkForm
from proposals.submission.submission_forms import SubmissionForms

EDITS_PER_HOUR = 100
REQUESTS_PER_HOUR = 10
LINKS_PER_HOUR = 3  # to one address, so that nobody's mailbox is filled


@kept_by_browser_only
@require_http_methods(["GET", "HEAD", "POST"])
@submission_queue.queue_posts
def proposal_edit(request, key):
    """The form while its window is open, afterwards the proposal to read."""
    proposal = opened_with(key, Proposal.objects.with_sender_and_meeting())
    if request.method == "POST":
        return _save_changes(request, proposal)
    if request.method == "GET":
        LinkKey.objects.mark_opened(key)
    if proposal.is_open:
        return form_page(request, SubmissionForms(proposal))
    return render(request, "submission/proposal_closed.html", {"section": "new", "proposal": proposal})


def _save_changes(request, proposal):
    """Save, or show what is wrong: rendering takes long, so the proposal isn't locked meanwhile."""
    forms, problem = _validated(request, proposal)
    if problem is None and not throttle.take_slot(request, "edit", limit=EDITS_PER_HOUR, seconds=3600):
        problem = {"refusal": TOO_MANY, "status": 429}
    if problem is None:
        with submission_queue.saving(request), transaction.atomic(durable=True):
            # Locked and validated once more, so that the check for newer edits can be relied on
            current = opened_with(proposal.edit_key, Proposal.objects.select_for_update(no_key=True))
            forms, problem = _validated(request, current)
            if problem is None:
                return _save(request, forms)
    return form_page(request, forms, **problem)


def _validated(request, proposal):
    """(the posted SubmissionForms, None or keyword arguments of form_page() that say why they can't be saved)"""
    if not proposal.is_open:
        return SubmissionForms.unvalidated(proposal, request.POST), {"refusal": _why_not(proposal)}
    if {"add", "remove"} & request.POST.keys():
        return SubmissionForms.unvalidated(proposal, request.POST), {}
    forms = SubmissionForms(proposal, request.POST)
    if proposal.is_submitted and forms.is_sent_in_already:
        return forms, None
    is_valid = forms.is_valid_draft() if _is_draft(request, proposal) else forms.is_valid()
    return forms, None if is_valid else {}


def _why_not(proposal):
    if proposal.status not in Proposal.OPEN:
        return TAKEN_OVER
    return CLOSED if proposal.is_draft else CLOSED_FOR_CHANGES


def _is_draft(request, proposal):
    return request.POST.get("action") == "draft" and not proposal.is_submitted


def _save(request, forms):
    proposal = forms.proposal
    if _is_draft(request, proposal):
        workflow.save_draft(proposal, forms.target_groups, forms.draft_data)
        messages.success(request, "Utkastet är sparat, men inte inskickat än.")
        return redirect(proposal.get_edit_url())
    if proposal.is_submitted and not forms.is_sent_in_already:
        is_changed = workflow.revise(proposal, forms.target_groups, forms.contacts.people)
        messages.success(request, _outcome(proposal, is_changed))
        return redirect(proposal.get_edit_url())
    if not proposal.is_submitted:
        workflow.submit(proposal, forms.target_groups, forms.contacts.people)
    return show_receipt(request, proposal)


def show_receipt(request, proposal):
    request.session["receipt"] = (proposal.opened_as or proposal).pk
    return redirect("proposal_receipt")


def change_sent_before(request, proposal, key):
    """Save what the page for a new proposal posts as a change of the one that was sent from it before."""
    latest = proposal.history.first()
    if latest and latest.history_change_reason in BY_SUBMITTER:  # else the page says that somebody else has changed it
        request.POST = request.POST.copy()
        request.POST["opened"] = proposal.updated_at.isoformat()
    return _save_changes(request, opened_with(key, Proposal.objects.with_sender_and_meeting()))


def _outcome(proposal, is_changed):
    if not is_changed:
        return "Ingenting var ändrat, så förslaget är som det var."
    recipients = "alla som har skickat in det" if proposal.is_shared else proposal.submitter_email
    return f"Ändringarna är sparade. Vi mejlar hela texten till {recipients}."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@submission_queue.queue_posts
def proposal_withdraw(request, key):
    """Asks once. Only the secretariat withdraws what is published."""
    proposal = opened_with(key, Proposal.objects.with_sender_and_meeting())
    if proposal.status not in Proposal.OPEN or proposal.is_shared:  # what several have sent in isn't one's to withdraw
        return redirect(proposal.get_edit_url())
    context = {"section": "new", "proposal": proposal}
    if request.method == "POST":
        if not throttle.take_slot(request, "edit", limit=EDITS_PER_HOUR, seconds=3600):
            return render(request, "submission/proposal_withdraw.html", context | {"is_busy": True}, status=429)
        with submission_queue.saving(request):
            workflow.withdraw(proposal, by_submitter=True)
        return redirect(proposal.get_edit_url())
    return render(request, "submission/proposal_withdraw.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_link_request(request):
    """Mail the edit links. The answer is the same whether or not the address is known."""
    form = EditLinkForm(request.POST or None)
    context = {"section": "new", "form": form}
    if request.method == "POST" and form.is_valid():
        if not throttle.take_slot(request, "edit-link", limit=REQUESTS_PER_HOUR, seconds=3600):
            return render(request, "submission/edit_link_request.html", context | {"is_busy": True}, status=429)
        _mail_links(form.cleaned_data["email"])
        context["sent_to"] = form.cleaned_data["email"]
    return render(request, "submission/edit_link_request.html", context)


def _mail_links(email):
    proposal = Proposal.objects.of_submitter(email).first()
    if throttle.take_slot_of(email.lower(), "edit-link-to", limit=LINKS_PER_HOUR, seconds=3600) and proposal:
        with transaction.atomic():
            emails.send(emails.edit_links(proposal.submitter_email))
