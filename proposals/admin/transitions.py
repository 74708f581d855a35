"""Changes of a proposal's status: the buttons of the change form, and the pages that ask for details first."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from proposals import workflow
from proposals.admin.date_time_field import DateTimeField
from proposals.admin.pages import allow_get_and_post, render_page, requires_change_permission
from proposals.booklet.advance import render_in_advance
from proposals.models import Proposal, Status
from proposals.models.section_texts import TEXT_LENGTH
from proposals.submission.fields import refuse_rather_than_cut
from proposals.templatetags.proposal_texts import moment
from proposals.text_input.form_fields import ParagraphsField
from proposals.workflow.handling import COMPLETION_TIME

# {name: (workflow function, outcome for the message)}
TRANSITIONS = {
    "publish": (workflow.publish, "är publicerat"),
    "return": (workflow.return_to_submitter, "är skickat tillbaka för komplettering"),
    "cancel_return": (workflow.cancel_return, "är inskickat"),
    "withdraw": (workflow.withdraw, "är återtaget"),
    "restore": (workflow.restore, "är inte längre återtaget"),
}


@dataclass(frozen=True)
class TransitionButton:
    name: str
    label: str
    description: str
    asks_first: bool = False


def transition_buttons(proposal):
    mail = _mail_notice(proposal)
    if proposal.is_submitted:
        yield TransitionButton("publish", "Publicera", f"Förslaget får mötets nästa nummer och syns för alla. {mail}")
        if proposal.submitter_email:
            description = "Du skriver på nästa sida vad som ska kompletteras. Det mejlas med en länk till "
            description += f"{proposal.submitter_email}."
            yield TransitionButton("return", "Skicka tillbaka …", description, asks_first=True)
    if proposal.is_returned:
        description = "Förslaget blir inskickat som det är. Ingen får något mejl."
        yield TransitionButton("cancel_return", "Avsluta kompletteringen", description)
    if proposal.may_become(Status.WITHDRAWN):
        description = f"{_withdrawal(proposal)} Du får frågan en gång till."
        yield TransitionButton("withdraw", "Återta …", description, asks_first=True)
    if proposal.is_withdrawn:
        description = f"Förslaget får tillbaka statusen {proposal.before_withdrawal.label}. {mail}"
        yield TransitionButton("restore", "Ångra återtagandet", description)


def _withdrawal(proposal):
    consequence = (
        "Förslaget tas bort från webben, men numret är kvar." if proposal.number else "Förslaget väntar inte mer."
    )
    return f"{consequence} {_mail_notice(proposal)}"


def _mail_notice(proposal):
    return f"{proposal.submitter_email} får ett mejl." if proposal.submitter_email else "Ingen får något mejl."


def perform_transition(request, name, proposal, **details):
    """Run the transition and report its outcome as a message. `details` are passed to the workflow function."""
    transition, outcome = TRANSITIONS[name]
    try:
        messages.success(request, f"”{transition(proposal, **details)}” {outcome}.")
    except workflow.StepNotAllowed as error:
        messages.warning(request, str(error))
    if name == "publish":
        render_in_advance(proposal.meeting)


class ReturnForm(forms.Form):
    message = ParagraphsField(
        label="Vad ska kompletteras?",
        max_length=TEXT_LENGTH,
        help_text="Skriv till förslagsställaren. Texten mejlas som den står och visas överst i formuläret.",
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField", "autofocus": True}),
        error_messages={"required": "Skriv vad som ska kompletteras."},
    )
    open_until = DateTimeField(
        label="Kan ändras till",
        required=False,
        default_time="23:59",
        help_text="Behövs bara när det ska gå att ändra längre än mötets sista dag. Utan tid: till 23.59.",
    )

    def __init__(self, *args, proposal, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        refuse_rather_than_cut(self.fields["message"])
        if proposal.closes_at <= timezone.now():
            last_day = timezone.localtime() + COMPLETION_TIME
            self.initial.setdefault("open_until", last_day.replace(hour=23, minute=59, second=0, microsecond=0))

    def clean_open_until(self):
        open_until = self.cleaned_data["open_until"]
        if open_until and open_until <= timezone.now():
            raise forms.ValidationError("Tiden har redan varit. Välj en senare.")
        if not open_until and self.proposal.closes_at <= timezone.now():
            raise forms.ValidationError("Mötets sista dag har varit. Välj till när förslaget kan ändras.")
        return open_until


@requires_change_permission
@allow_get_and_post
def return_to_submitter(request, key):
    proposal = get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key)
    form = ReturnForm(request.POST or None, proposal=proposal)
    if request.method == "POST" and form.is_valid():
        perform_transition(request, "return", proposal, **form.cleaned_data)
        return redirect("admin:proposals_proposal_change", proposal.pk)
    description = f"{proposal.submitter_email} får ett mejl med din text och en länk som öppnar formuläret. "
    description += "Så länge det inte är inskickat igen går förslaget inte att publicera. "
    description += f"Mötets sista dag: {moment(timezone.localtime(proposal.meeting.closes_at))}."
    context = {"proposal": proposal, "description": description, "button": "Skicka tillbaka", "form": form}
    return render_page(request, "proposal/confirm", "Skicka tillbaka för komplettering", **context)


@requires_change_permission
@allow_get_and_post
def withdraw(request, key):
    proposal = get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key)
    if request.method == "POST":
        perform_transition(request, "withdraw", proposal)
        return redirect("admin:proposals_proposal_change", proposal.pk)
    if not proposal.may_become(Status.WITHDRAWN):
        messages.warning(request, f"”{proposal}” är redan återtaget.")
        return redirect("admin:proposals_proposal_change", proposal.pk)
    description = f"{_withdrawal(proposal)} Texten finns kvar här, och återtagandet går att ångra."
    context = {"proposal": proposal, "description": description, "button": "Återta"}
    return render_page(request, "proposal/confirm", "Återta förslaget?", **context)
