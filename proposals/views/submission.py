"""Sending in: the form, its receipt, and what to do when the form can't be taken."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.csrf import csrf_failure as default_csrf_failure
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proposals import throttle, workflow
from proposals.forms import ContactFormSet, ProposalForm, faults, typed
from proposals.models import Meeting, Proposal
from proposals.search.text import PART_WEIGHTS

PER_HOUR = 20
MOST_ALIKE = 3
COMPARED = 5_000  # letters of what somebody writes
TOO_MANY = (
    "Det har kommit ovanligt många förslag från din uppkoppling den senaste timmen. Allt du har skrivit finns kvar på "
    "sidan. Vänta en stund och tryck på Skicka in igen, eller mejla texten till kansliet."
)
NO_MEETING = "Det finns inget möte att lämna förslag till just nu. Kopiera din text och mejla den till kansliet."
FORM_EXPIRED = (
    "Vi kunde inte ta emot formuläret. Sidan kan ha varit öppen för länge, eller så tar webbläsaren inte emot kakor. "
    "Allt du har skrivit finns kvar. Tillåt kakor för den här webbplatsen och tryck på Skicka in igen."
)


# Not never_cache: with no-store the browser throws away what somebody typed and comes back to
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request):
    meeting = Meeting.objects.receiving()
    if request.method != "POST":
        return _page(request, meeting, ProposalForm(), ContactFormSet(prefix="contacts"))
    form = ProposalForm(request.POST, instance=Proposal(meeting=meeting))
    contacts = ContactFormSet(request.POST, prefix="contacts")
    if meeting is None:
        return _page(request, meeting, form, contacts, refusal=NO_MEETING)
    if "add" in request.POST:
        return _page_with_one_more_contact(request, meeting, form, contacts)
    if not (form.is_valid() & contacts.is_valid()):
        return _page(request, meeting, form, contacts)
    if not throttle.take_slot(request, "submit", limit=PER_HOUR, seconds=3600):
        return _page(request, meeting, form, contacts, refusal=TOO_MANY, status=429)
    proposal = workflow.submit(form.save(commit=False), form.cleaned_data["target_groups"], contacts.people)
    request.session["receipt"] = proposal.pk
    return redirect("proposal_receipt")


@never_cache
@require_POST
def proposal_alike(request):
    """Published proposals about the same as what is being written, for the form to show while one types."""
    return render(request, "proposals/_alike.html", {"alike": _alike(ProposalForm(request.POST))})


def _alike(form):
    """The published proposals that are about the same as what stands in the form; they never stand in the way."""
    written = typed(form) if form.is_bound else form.initial
    body = " ".join(written.get(name) or "" for name in ("background", "purpose", "expected_result"))
    parts = {"title": written.get("title") or "", "body": body[:COMPARED]}
    published = Proposal.objects.published().with_sender_and_meeting()
    return published.like_text({**dict.fromkeys(PART_WEIGHTS, ""), **parts}, MOST_ALIKE)


@never_cache
@require_safe
def proposal_receipt(request):
    proposal = Proposal.objects.with_sender_and_meeting().filter(pk=request.session.get("receipt")).first()
    if proposal is None:
        return redirect("proposal_new")
    return render(request, "proposals/proposal_receipt.html", {"proposal": proposal})


def csrf_failure(request, reason=""):
    """The form again, with what was typed, instead of Django's bare page: nothing must be lost to a missing cookie."""
    if request.path != reverse("proposal_new"):
        return default_csrf_failure(request, reason)
    meeting = Meeting.objects.receiving()
    form = ProposalForm(initial=typed(ProposalForm(request.POST)))
    rows = ContactFormSet(request.POST, prefix="contacts")
    contacts = ContactFormSet(prefix="contacts", initial=[typed(row) for row in rows])
    return _page(request, meeting, form, contacts, refusal=FORM_EXPIRED, status=403)


def _page(request, meeting, form, contacts, refusal="", status=200):
    """The form with what is wrong in it; `refusal` says why it wasn't taken for another reason than a fault."""
    links = list(faults(form, contacts)) if form.is_bound else []
    if not contacts.forms:
        contacts = ContactFormSet(prefix="contacts")
    context = {
        "section": "new",
        "meeting": meeting,
        "form": form,
        "contacts": contacts,
        "faults": links,
        "alike": _alike(form) if form.is_bound or form.initial else [],
        "refusal": refusal,
    }
    return render(request, "proposals/proposal_new.html", context, status=status)


def _page_with_one_more_contact(request, meeting, form, contacts):
    """What was typed, not judged yet, and an empty row at the end."""
    more = ContactFormSet(prefix="contacts", initial=[typed(row) for row in contacts])
    more.extra = 1
    more.forms[-1].fields["name"].widget.attrs["autofocus"] = True
    return _page(request, meeting, ProposalForm(initial=typed(form)), more)
