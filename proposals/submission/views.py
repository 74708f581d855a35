"""Sending in: the form, its receipt, and what to do when the form can't be taken."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST

from proposals import sections, throttle, workflow
from proposals.models import LateLink, LinkKey, Meeting, Proposal
from proposals.models.proposal import TITLE_LENGTH
from proposals.search.text import PART_WEIGHTS
from proposals.submission import submission_queue
from proposals.submission.fields import raw_values
from proposals.submission.forms import ProposalForm
from proposals.submission.submission_forms import SubmissionForms

PER_HOUR = 20
EDITS_PER_HOUR = 100
REFUSED_PER_HOUR = 500  # forms that couldn't be taken; an office may have one address
A_WHILE = 900  # seconds, after which it is worth trying again
COMPARISONS_PER_HOUR = 300  # each field that is left makes one
MOST_ALIKE = 3
COMPARED = 5_000  # letters of what somebody writes
TOO_MANY = (
    "Det har kommit ovanligt många förslag från din uppkoppling den senaste timmen. Allt du har skrivit finns kvar på "
    "sidan. Vänta en stund och tryck på knappen igen, eller mejla texten till kansliet."
)
CLOSED = (
    "Tiden för att lämna förslag har gått ut. Allt du har skrivit finns kvar på sidan. Kopiera texten och mejla den "
    "till kansliet, så hjälper vi dig."
)
LINK_USED = (
    "Länken har redan använts, eller så har dess tid gått ut. Allt du har skrivit finns kvar på sidan. Kopiera texten "
    "och mejla den till kansliet, så hjälper vi dig."
)
FORM_EXPIRED = (
    "Vi kunde inte ta emot formuläret. Sidan kan ha varit öppen för länge, eller så tar webbläsaren inte emot kakor. "
    "Allt du har skrivit finns kvar. Tillåt kakor för den här webbplatsen och tryck på knappen igen."
)

# Not never_cache: no-store makes browsers discard what was typed when the user goes back
kept_by_browser_only = cache_control(private=True, no_cache=True)


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
    if "add" in request.POST:
        return form_page(request, SubmissionForms.unvalidated(proposal, request.POST, more=1), late_link=late_link)
    forms = SubmissionForms(proposal, request.POST)
    is_draft = request.POST.get("action") == "draft"
    if not (forms.is_valid_draft() if is_draft else forms.is_valid()):
        return form_page(request, forms, late_link=late_link)
    if not throttle.take_slot(request, "submit", limit=PER_HOUR, seconds=3600):
        return form_page(request, forms, late_link=late_link, refusal=TOO_MANY, status=429)
    with submission_queue.saving(request):
        if is_draft:
            saved = workflow.save_draft(proposal, forms.target_groups, forms.draft_data, late_link)
        else:
            saved = workflow.submit(proposal, forms.target_groups, forms.contacts.people, late_link)
    if is_draft:
        messages.success(
            request, f"Utkastet är sparat, men inte inskickat än. Vi mejlar länken hit till {saved.submitter_email}."
        )
        return redirect(saved.issue_edit_url())
    request.session["receipt"] = saved.pk
    return redirect("proposal_receipt")


@never_cache
@require_POST
@submission_queue.queue_posts
def proposal_alike(request):
    """Published proposals similar to what is being written, for htmx."""
    if not throttle.take_slot(request, "alike", limit=COMPARISONS_PER_HOUR, seconds=3600):
        return render(request, "submission/_alike.html", status=429)
    return render(request, "submission/_alike.html", {"alike": _alike(raw_values(ProposalForm(request.POST)))})


def _alike(written):
    body = " ".join(written.get(name) or "" for name in sections.names_in(sections.CONTENT))
    parts = {"title": (written.get("title") or "")[:TITLE_LENGTH], "body": body[:COMPARED]}
    published = Proposal.objects.published().with_sender_and_meeting()
    return published.like_text({**dict.fromkeys(PART_WEIGHTS, ""), **parts}, MOST_ALIKE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_receipt(request):
    """Posting issues a link to the form: the mailed key isn't stored."""
    proposal = Proposal.objects.with_sender_and_meeting().filter(pk=request.session.get("receipt")).first()
    if proposal is None:
        return redirect("proposal_new")
    context = {"section": "new", "proposal": proposal}
    if request.method == "POST":
        if throttle.take_slot(request, "edit", limit=EDITS_PER_HOUR, seconds=3600):
            return redirect(proposal.issue_edit_url())
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


def opened_with(key, proposals):
    """Return the one of `proposals` that the edit link leads to, with `edit_key` set; 404 without one."""
    proposal = get_object_or_404(proposals.with_key(key))
    proposal.edit_key = key
    return proposal


def form_page(request, forms, late_link=None, refusal="", status=200):
    """Render the form with its errors. `refusal` says why valid input wasn't saved. Raises TooManyRequests."""
    if request.method == "POST" and not throttle.take_slot(request, "refused", limit=REFUSED_PER_HOUR, seconds=3600):
        raise throttle.TooManyRequests(A_WHILE)
    proposal = forms.proposal
    meeting = proposal.meeting if proposal.meeting_id else None
    context = {
        "section": "new",
        "forms": forms,
        "proposal": proposal,
        "meeting": meeting,
        "late_link": late_link,
        "next_meeting": Meeting.objects.next_to_open() if meeting is None else None,
        "errors": list(forms.errors),
        "alike": _alike(forms.written) if forms.form.is_bound or proposal.pk or forms.form.initial.get("title") else [],
        "refusal": refusal,
    }
    name = "proposal_edit" if proposal.pk else "proposal_new"
    return render(request, f"submission/{name}.html", context, status=status)
