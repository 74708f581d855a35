"""The page with the form: for something new, a draft or changes; with its errors, or with why it can't be taken."""

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.views.decorators.cache import cache_control

from proposals import sections, throttle
from proposals.models import Meeting, Proposal
from proposals.models.key import is_key, new_key
from proposals.models.proposal import TITLE_LENGTH
from proposals.search.text import PART_WEIGHTS

REFUSED_PER_HOUR = 500  # forms that couldn't be taken; an office may have one address
A_WHILE = 900  # seconds, after which it is worth trying again
MOST_ALIKE = 3
COMPARED = 5_000  # letters of what somebody writes

# Why something valid wasn't saved; {kansliet} becomes a link
TOO_MANY = (
    "Det har kommit ovanligt många förslag från din uppkoppling den senaste timmen. Allt du har skrivit finns kvar på "
    "sidan. Vänta en stund och tryck på knappen igen, eller mejla texten till {kansliet}."
)
CLOSED = (
    "Tiden för att lämna förslag har gått ut. Allt du har skrivit finns kvar på sidan. Kopiera texten och mejla den "
    "till {kansliet}, så hjälper vi dig."
)
CLOSED_FOR_CHANGES = (
    "Tiden för att ändra har gått ut. Förslaget är kvar som du skickade in det. Det du har skrivit nu finns kvar på "
    "sidan. Kopiera texten och mejla den till {kansliet}, så hjälper vi dig."
)
TAKEN_OVER = (
    "Förslaget går inte längre att ändra här: det är {status}. Allt du har skrivit finns kvar på sidan. Kopiera texten "
    "och mejla den till {kansliet}, så hjälper vi dig."
)
LINK_USED = (
    "Länken har redan använts, eller så har dess tid gått ut. Allt du har skrivit finns kvar på sidan. Kopiera texten "
    "och mejla den till {kansliet}, så hjälper vi dig."
)
FORM_EXPIRED = (
    "Vi kunde inte ta emot formuläret. Sidan kan ha varit öppen för länge, eller så tar webbläsaren inte emot kakor. "
    "Allt du har skrivit finns kvar. Tillåt kakor för den här webbplatsen och tryck på knappen igen."
)

# Not never_cache: no-store makes browsers discard what was typed when the user goes back
kept_by_browser_only = cache_control(private=True, no_cache=True)


def opened_with(key, proposals):
    """Return the one of `proposals` that the edit link leads to, with `edit_key` set; 404 without one.

    The link to what has been merged into another leads to that one.
    """
    own = get_object_or_404(proposals.with_key(key))
    proposal = proposals.get(pk=own.merged_into_id) if own.merged_into_id else own
    proposal.edit_key, proposal.opened_as = key, own
    return proposal


def find_alike(written):
    """Published proposals similar to what is being written, {field: text}."""
    body = " ".join(written.get(name) or "" for name in sections.names_in(sections.CONTENT))
    parts = {"title": (written.get("title") or "")[:TITLE_LENGTH], "body": body[:COMPARED]}
    published = Proposal.objects.published().with_sender_and_meeting()
    return published.like_text({**dict.fromkeys(PART_WEIGHTS, ""), **parts}, MOST_ALIKE)


def form_page(request, forms, late_link=None, refusal="", sent_before=None, status=200):
    """Render the form with its errors.

    `refusal` says why valid input wasn't saved. `sent_before` is the proposal that was sent from the same page: whether
    it is to be changed is asked. Raises TooManyRequests.
    """
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
        "errors": list(forms.errors),
        "alike": find_alike(forms.written) if any(forms.written.values()) else [],
        "refusal": refusal and format_html(refusal, kansliet=_link_to_secretariat(), status=_status_in_words(proposal)),
        "sent_before": sent_before,
        "sent_action": request.POST.get("action", ""),
        "form_key": _form_key(request),
    }
    if meeting is None:
        context |= {"next_meeting": Meeting.objects.next_to_open(), "closed_meeting": Meeting.objects.just_closed()}
    name = "proposal_edit" if proposal.pk else "proposal_new"
    return render(request, f"submission/{name}.html", context, status=status)


def _form_key(request):
    """The page's own; a further one for whoever has chosen to send in another proposal."""
    key = request.POST.get("form_key", "")
    return key if is_key(key) and request.POST.get("again") != "new" else new_key()


def _link_to_secretariat():
    return format_html('<a href="mailto:{0}">{0}</a>', settings.SECRETARIAT_EMAIL)


def _status_in_words(proposal):
    return proposal.get_status_display().lower()
