"""Påminn: whom to remind, with the secretariat's own words above the standard text."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format

from proposals import emails, workflow
from proposals.admin.menu import meeting_of
from proposals.admin.pages import allow_get_and_post, render_page, requires_change_permission
from proposals.text_input.form_fields import ParagraphsField


class ReminderForm(forms.Form):
    """Recipients to choose among; those who haven't been reminded are chosen from the beginning."""

    own_text = ParagraphsField(
        label="Egen text (valfritt)",
        required=False,
        max_length=2000,
        help_text="Står överst i mejlet, före den vanliga texten.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    address = forms.MultipleChoiceField(label="Medlemmar", required=False, widget=forms.CheckboxSelectMultiple)
    proposal = forms.MultipleChoiceField(
        label="Utkast och kompletteringar", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, recipients, unfinished, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["address"].choices = [(one.address, _named(one.region, one.times)) for one in recipients]
        self.fields["proposal"].choices = [(str(one.pk), _about(one)) for one in unfinished]
        self.initial = {
            "address": [one.address for one in recipients if not one.times],
            "proposal": [],
        }

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not (cleaned["address"] or cleaned["proposal"]):
            raise forms.ValidationError("Välj minst en mottagare.")
        return cleaned


@requires_change_permission
@allow_get_and_post
def reminder(request, key):
    meeting = meeting_of(request, key)
    members = workflow.members(meeting)
    recipients = [] if meeting.is_closed else workflow.recipients(members)
    unfinished = workflow.unfinished(meeting)
    form = ReminderForm(request.POST or None, recipients=recipients, unfinished=unfinished)
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, meeting, form.cleaned_data)
        except workflow.StepNotAllowed as error:
            messages.warning(request, str(error))
            return redirect("admin:proposals_meeting_reminder", meeting.pk)
    silent = [member for member in members if not member.count]
    return render_page(
        request,
        "meeting/reminder",
        "Påminn",
        meeting=meeting,
        form=form,
        example=_example(meeting, recipients, unfinished),
        shown=workflow.reminder_token(workflow.recipients(members), unfinished),
        silent=silent,
        without_address=[member.region for member in silent if not member.region.addresses],
    )


def _send(request, meeting, data):
    keys = {int(key) for key in data["proposal"]}
    count = workflow.remind(meeting, data["address"], keys, data["own_text"], request.POST.get("shown"))
    messages.success(request, f"{count} {'påminnelse' if count == 1 else 'påminnelser'} är på väg.")
    return redirect("admin:index")


def _example(meeting, recipients, unfinished):
    """The mail that the first recipient would get."""
    if recipients:
        mail = emails.reminder(meeting, recipients[0].region, recipients[0].address)
    elif unfinished:
        mail = emails.unfinished(unfinished[0])
    else:
        return None
    emails.compose(mail)
    return mail


def _named(region, times):
    return f"{region}{_reminded(times)}"


def _about(proposal):
    times = [proposal.reminded_at] if proposal.reminded_at else []
    kind = "utkast" if proposal.is_draft else "komplettering"
    return f"{proposal.title or 'Utan rubrik'} ({kind}){_reminded(times)}"


def _reminded(times):
    return f" · påmind {date_format(timezone.localtime(times[-1]), 'j F')}" if times else ""
