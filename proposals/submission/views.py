"""Sending in: the form, its receipt, and what to do when the form can't be taken."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from proposals import throttle, workflow
from proposals.models import LateLink, LinkKey, Meeting, Proposal
from proposals.models.key import is_key
from proposals.submission import submission_queue
from proposals.submission.edit_views import EDITS_PER_HOUR, change_sent_before, show_receipt
from proposals.submission.fields import raw_values
from proposals.submission.form_page import (
    CLOSED,
    FORM_EXPIRED,
    LINK_USED,
    TOO_MANY,
    find_alike,
    form_page,
    kept_by_browser_only,
    opened_with,
)
from proposals.submission.forms import ProposalForm
from proposals.submission.submission_forms import SubmissionForms

PER_HOUR = 20
COMPARISONS_PER_HOUR = 300  # each field that is left makes one
FORM_ONLY = {"add", "remove", "stay"}  # buttons that show the form again


@kept_by_browser_only
@require_http_methods(["GET", "HEAD", "POST"])
@submission_queue.queue_posts
def proposal_new(request):
    meeting = Meeting.objects.receiving()
    if request.method != "POST":
        return form_page(request, SubmissionForms(Proposal(meeting=meeting)))
    if meeting is None:
        return form_page(request, SubmissionForms.unvalidated(Proposal(), request.POST), refusal=CLOSED)
    return _save_new(request, Proposal(meeting=meeting))


@kept_by_browser_only
@require_http_methods(["GET", "HEAD", "POST"])
@submission_queue.queue_posts
def proposal_late(request, key):
    """The form for a late link. An expired or used one is a 404, but a post to it keeps what was typed."""
    links = LateLink.objects.select_related("meeting")
    if request.method != "POST":
        link = get_object_or_404(links.usable().with_key(key))
        LinkKey.objects.mark_opened(key)
        return form_page(
            request, SubmissionForms(Proposal(meeting=link.meeting, open_until=link.expires_at)), late_link=link
        )
    link = get_object_or_404(links.with_key(key))
    proposal = Proposal(meeting=link.meeting, open_until=link.expires_at)
    try:
        return _save_new(request, proposal, late_link=link)
    except workflow.LinkUsed:
        forms = SubmissionForms.unvalidated(Proposal(meeting=link.meeting), request.POST)
        return form_page(request, forms, late_link=link, refusal=LINK_USED)


def _save_new(request, proposal, late_link=None):
    if FORM_ONLY & request.POST.keys():
        return form_page(request, SubmissionForms.unvalidated(proposal, request.POST), late_link=late_link)
    key = request.POST.get("form_key", "")
    sent_before = _sent_before(key)
    if sent_before and request.POST.get("again") == "change":
        return change_sent_before(request, sent_before, key)
    forms = SubmissionForms(proposal, request.POST)
    is_draft = request.POST.get("action") == "draft"
    if not (forms.is_valid_draft() if is_draft else forms.is_valid()):
        return form_page(request, forms, late_link=late_link)
    if sent_before and "again" not in request.POST and not workflow.is_saved_as(sent_before, *forms.content(is_draft)):
        return form_page(request, forms, late_link=late_link, sent_before=sent_before)
    if not throttle.take_slot(request, "submit", limit=PER_HOUR, seconds=3600):
        return form_page(request, forms, late_link=late_link, refusal=TOO_MANY, status=429)
    return _saved(request, forms, is_draft, key, late_link)


def _sent_before(key):
    """The proposal that was sent from the same page and may still be changed, or None."""
    proposal = Proposal.objects.with_sender_and_meeting().with_key(key).first() if is_key(key) else None
    return proposal if proposal and proposal.is_open else None


def _saved(request, forms, is_draft, key, late_link):
    save = workflow.save_draft if is_draft else workflow.submit
    with submission_queue.saving(request):
        saved = save(*forms.content(is_draft), late_link)
        if is_key(key):
            LinkKey.objects.accept(key, saved)
    if not is_draft:
        return show_receipt(request, saved)
    messages.success(
        request, f"Utkastet är sparat, men inte inskickat än. Vi mejlar länken hit till {saved.submitter_email}."
    )
    return redirect(saved.issue_edit_url())


@never_cache
@require_POST
@submission_queue.queue_posts
def proposal_alike(request):
    """Published proposals similar to what is being written, for htmx."""
    if not throttle.take_slot(request, "alike", limit=COMPARISONS_PER_HOUR, seconds=3600):
        return render(request, "submission/_alike.html", status=429)
    return render(request, "submission/_alike.html", {"alike": find_alike(raw_values(ProposalForm(request.POST)))})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_receipt(request):
    """Posting issues a link to the form: the mailed key isn't stored."""
    own = Proposal.objects.with_sender_and_meeting().filter(pk=request.session.get("receipt")).first()
    if own is None:
        return redirect("proposal_new")
    context = {"section": "new", "proposal": own.successor, "own": own}
    if request.method == "POST":
        if throttle.take_slot(request, "edit", limit=EDITS_PER_HOUR, seconds=3600):
            return redirect(own.issue_edit_url())
        return render(request, "submission/proposal_receipt.html", context | {"is_busy": True}, status=429)
    return render(request, "submission/proposal_receipt.html", context)


def form_again(request, match):
    """Render the form that a request without a valid CSRF token was sent to, with what was typed.

    None when `match`, the request's ResolverMatch, is no form for a proposal.
    """
    link = None
    if match.url_name == "proposal_edit":
        proposal = opened_with(match.kwargs["key"], Proposal.objects.all())
    elif match.url_name == "proposal_late":
        link = get_object_or_404(LateLink.objects.with_key(match.kwargs["key"]))
        proposal = Proposal(meeting=link.meeting, open_until=link.expires_at)
    elif match.url_name == "proposal_new":
        proposal = Proposal(meeting=Meeting.objects.receiving())
    else:
        return None
    with submission_queue.validating(request):
        forms = SubmissionForms.unvalidated(proposal, request.POST)
        return form_page(request, forms, late_link=link, refusal=FORM_EXPIRED, status=403)
