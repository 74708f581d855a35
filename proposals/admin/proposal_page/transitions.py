"""Changes of a proposal's status: the buttons beside its form, and the pages that ask for details first."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from proposals import workflow
from proposals.admin.date_time_field import DateTimeField
from proposals.admin.pages import allow_get_and_post, render_page, requires_change_permission
from proposals.booklet.advance import render_in_advance
from proposals.enumeration import enumerate_names
from proposals.models import Meeting, Proposal, Status
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
    "take_in": (workflow.take_in, "är inskickat"),
}


@dataclass(frozen=True)
class TransitionButton:
    name: str
    label: str
    description: str
    asks_first: bool = False
    is_quiet: bool = False


def transition_buttons(proposal):
    mail = _mail_notice(proposal)
    if proposal.is_draft:
        description = f"För den som ringer och vill lämna in. {mail}"
        yield TransitionButton("take_in", "Ta in som inskickat", description)
    if proposal.is_submitted:
        description = f"Du ser numret, och det som saknas, innan något syns. {mail}"
        yield TransitionButton("publish", "Publicera …", description, asks_first=True)
        if proposal.submitter_email:
            description = "Du skriver på nästa sida vad som ska kompletteras. Det mejlas med en länk till "
            description += f"{enumerate_names(proposal.submitter_addresses)}."
            yield TransitionButton("return", "Skicka tillbaka …", description, asks_first=True)
    if proposal.is_returned:
        description = "Förslaget blir inskickat som det är. Ingen får något mejl."
        yield TransitionButton("cancel_return", "Avsluta kompletteringen", description)
    if proposal.may_become(Status.WITHDRAWN):
        description = f"{_withdrawal(proposal)} Det går att ångra."
        yield TransitionButton("withdraw", "Återta …", description, asks_first=True, is_quiet=True)
    if proposal.is_withdrawn:
        description = f"Förslaget får tillbaka statusen {proposal.before_withdrawal.label}. {mail}"
        if proposal.merged_into_id:
            description = f"Det gemensamma förslaget är kvar som det är. {description}"
        yield TransitionButton("restore", "Ångra återtagandet", description)


def _withdrawal(proposal):
    consequence = (
        "Förslaget tas bort från webben, men numret är kvar." if proposal.number else "Förslaget väntar inte mer."
    )
    return f"{consequence} {_mail_notice(proposal)}"


def _mail_notice(proposal):
    addresses = proposal.submitter_addresses
    each = "var sitt" if len(addresses) > 1 else "ett"
    return f"{enumerate_names(addresses)} får {each} mejl." if addresses else "Ingen får något mejl."


def perform_transition(request, name, proposal, **details):
    """Run the transition and report its outcome as a message. `details` are passed to the workflow function."""
    transition, outcome = TRANSITIONS[name]
    try:
        changed = transition(proposal, **details)
    except workflow.StepNotAllowed as error:
        messages.warning(request, str(error))
        return
    undo = reverse("admin:proposals_proposal_undo", args=[changed.pk]) if name == "withdraw" else ""
    messages.success(request, f"”{changed}” {outcome}.", extra_tags=undo)
    if name == "publish":
        render_in_advance(proposal.meeting)


class ReturnForm(forms.Form):
    message = ParagraphsField(
        label="Vad ska kompletteras?",
        max_length=TEXT_LENGTH,
        help_text="Mejlas som det står, och visas överst i formuläret.",
        widget=forms.Textarea(attrs={"rows": 6, "autofocus": True}),
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


class MoveForm(forms.Form):
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label="Till vilket möte?",
        empty_label="Välj möte",
        error_messages={"required": "Välj ett möte."},
    )

    def __init__(self, *args, proposal, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = Meeting.objects.exclude(pk=proposal.meeting_id).order_by("-date")


@requires_change_permission
@allow_get_and_post
def publish(request, key):
    """Show what will be published, with its number and what is missing; publish on POST."""
    proposal = get_object_or_404(_with_details(), pk=key)
    if request.method == "POST":
        if workflow.state_token([proposal]) != request.POST.get("shown"):
            messages.warning(request, workflow.CHANGED)
            return redirect("admin:proposals_proposal_publish", proposal.pk)
        perform_transition(request, "publish", proposal)
        return redirect("admin:proposals_proposal_change", proposal.pk)
    if not proposal.is_submitted:
        messages.warning(request, f"”{proposal}” är {proposal.get_status_display()} och kan inte publiceras.")
        return redirect("admin:proposals_proposal_change", proposal.pk)
    number = workflow.next_number(proposal.meeting)
    context = {"proposal": proposal, "number": number, "shown": workflow.state_token([proposal])}
    return render_page(request, "proposal/publish", "Publicera förslaget?", mail=_mail_notice(proposal), **context)


@requires_change_permission
@allow_get_and_post
def return_to_submitter(request, key):
    proposal = get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key)
    form = ReturnForm(request.POST or None, proposal=proposal)
    if request.method == "POST" and form.is_valid():
        perform_transition(request, "return", proposal, **form.cleaned_data)
        return redirect("admin:proposals_proposal_change", proposal.pk)
    addresses = enumerate_names(proposal.submitter_addresses)
    description = f"{addresses} får ett mejl med din text och en länk som öppnar formuläret. "
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


@requires_change_permission
@allow_get_and_post
def move(request, key):
    """Move the proposal to another meeting, after telling what becomes of its number and address."""
    proposal = get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key)
    form = MoveForm(request.POST or None, proposal=proposal)
    if request.method == "POST" and form.is_valid():
        moved = workflow.move(proposal, form.cleaned_data["meeting"])
        messages.success(request, f"”{moved}” hör nu till {moved.meeting}.")
        return redirect("admin:proposals_proposal_change", moved.pk)
    description = "Förslaget behåller text, läge och historik. Ingen får något mejl."
    if proposal.number:
        description = (
            f"Förslaget har nummer {proposal.number} och får nästa nummer på det nya mötet. "
            f"Den gamla adressen leder dit, och nummer {proposal.number} ges inte till något annat. "
            "Ingen får något mejl."
        )
    context = {"proposal": proposal, "description": description, "button": "Flytta", "form": form}
    return render_page(request, "proposal/confirm", "Flytta till ett annat möte", **context)


def _with_details():
    return Proposal.objects.with_sender_and_meeting().with_missing_fields().with_near_duplicates()
