"""The steps that the secretariat takes with one proposal, and what each of them says before it is taken."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from proposals import emails, workflow
from proposals.admin.day_and_time import DayAndTimeField
from proposals.booklet.advance import render_in_advance
from proposals.models import Proposal, Status
from proposals.models.section_texts import TEXT_LENGTH
from proposals.submission.fields import ParagraphsField, refuse_rather_than_cut
from proposals.templatetags.proposal_texts import moment

EXTRA_TIME = timedelta(days=7)


@dataclass(frozen=True)
class Step:
    """A step as a button: its name, what stands on it, what it does, and whether it asks something first."""

    name: str
    label: str
    what_happens: str
    asks_first: bool = False


def steps_of(proposal):
    """The steps that may be taken with the proposal now."""
    told = f"{proposal.submitter_email} får ett mejl." if proposal.submitter_email else "Ingen får något mejl."
    if proposal.is_submitted:
        yield Step("publish", "Publicera", f"Förslaget får mötets nästa nummer och syns för alla. {told}")
        if proposal.submitter_email:
            what = "Du skriver på nästa sida vad som ska kompletteras. Det mejlas med en länk till"
            yield Step("return", "Skicka tillbaka …", f"{what} {proposal.submitter_email}.", asks_first=True)
    if proposal.is_returned:
        yield Step(
            "cancel_return", "Avsluta kompletteringen", "Förslaget blir inskickat som det är. Ingen får något mejl."
        )
    if proposal.may_become(Status.WITHDRAWN):
        what = (
            "Förslaget tas bort från webben, men numret är kvar." if proposal.number else "Förslaget väntar inte mer."
        )
        yield Step("withdraw", "Återta …", f"{what} {told} Du får frågan en gång till.", asks_first=True)
    if proposal.is_withdrawn:
        what = f"Förslaget får tillbaka statusen {proposal.before_withdrawal.label}."
        yield Step("restore", "Ångra återtagandet", f"{what} {told}")


class ReturnForm(forms.Form):
    """What the submitter is asked for, and until when, where the window doesn't say."""

    message = ParagraphsField(
        label="Vad ska kompletteras?",
        max_length=TEXT_LENGTH,
        help_text="Skriv till förslagsställaren. Texten mejlas som den står och visas överst i formuläret.",
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField", "autofocus": True}),
        error_messages={"required": "Skriv vad som ska kompletteras."},
    )
    open_until = DayAndTimeField(
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
            last_day = timezone.localtime() + EXTRA_TIME
            self.initial.setdefault("open_until", last_day.replace(hour=23, minute=59, second=0, microsecond=0))

    def clean_open_until(self):
        wanted = self.cleaned_data["open_until"]
        if wanted and wanted <= timezone.now():
            raise forms.ValidationError("Tiden har redan varit. Välj en senare.")
        if not wanted and self.proposal.closes_at <= timezone.now():
            raise forms.ValidationError("Mötets sista dag har varit. Välj till när förslaget kan ändras.")
        return wanted


@permission_required("proposals.change_proposal", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def return_to_submitter(request, key):
    proposal = get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key)
    form = ReturnForm(request.POST or None, proposal=proposal)
    if request.method == "POST" and form.is_valid():
        _take(
            request,
            workflow.return_to_submitter,
            proposal,
            "är skickat tillbaka för komplettering",
            **form.cleaned_data,
        )
        return redirect("admin:proposals_proposal_change", proposal.pk)
    what = f"{proposal.submitter_email} får ett mejl med din text och en länk som öppnar formuläret. "
    what += "Så länge det inte är inskickat igen går förslaget inte att publicera. "
    what += f"Mötets sista dag: {moment(timezone.localtime(proposal.meeting.closes_at))}."
    return _page(request, proposal, "return", "Skicka tillbaka för komplettering", what, "Skicka tillbaka", form)


@permission_required("proposals.change_proposal", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, key):
    proposal = get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key)
    if request.method == "POST":
        _take(request, workflow.withdraw, proposal, "är återtaget")
        return redirect("admin:proposals_proposal_change", proposal.pk)
    steps = {step.name: step for step in steps_of(proposal)}
    if "withdraw" not in steps:
        messages.warning(request, f"”{proposal}” är redan återtaget.")
        return redirect("admin:proposals_proposal_change", proposal.pk)
    what = steps["withdraw"].what_happens.removesuffix(" Du får frågan en gång till.")
    what += " Texten finns kvar här, och återtagandet går att ångra."
    return _page(request, proposal, "withdraw", "Återta förslaget?", what, "Återta")


@permission_required("proposals.change_proposal", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_link(request, key):
    """Mail the edit link again, or exchange it when it has come into the wrong hands."""
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
    return _page(request, proposal, "edit_link", "Redigeringslänk", "", "")


@permission_required("proposals.view_proposal", raise_exception=True)
def preview(request, key):
    """The public page as it will look."""
    proposal = get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key)
    return render(request, "admin/proposals/proposal/preview.html", {"section": "list", "proposal": proposal})


def take(request, step, proposal):
    """Take a step that asks nothing, by its name, and tell how it went."""
    outcomes = {
        "publish": (workflow.publish, "är publicerat"),
        "cancel_return": (workflow.cancel_return, "är inskickat"),
        "withdraw": (workflow.withdraw, "är återtaget"),
        "restore": (workflow.restore, "är inte längre återtaget"),
    }
    _take(request, outcomes[step][0], proposal, outcomes[step][1])
    if step == "publish":
        render_in_advance(proposal.meeting)


def _take(request, step, proposal, outcome, **details):
    try:
        messages.success(request, f"”{step(proposal, **details)}” {outcome}.")
    except workflow.StepNotAllowed as error:
        messages.warning(request, str(error))


def _page(request, proposal, step, title, what_happens, button, form=None):
    context = {
        **admin.site.each_context(request),
        "title": title,
        "proposal": proposal,
        "step": step,
        "what_happens": what_happens,
        "button": button,
        "form": form,
    }
    return render(request, "admin/proposals/proposal/step.html", context)
