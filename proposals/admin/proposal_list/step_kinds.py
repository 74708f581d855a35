"""What each step with many proposals says and does."""

from django import forms
from django.contrib import messages

from proposals import workflow
from proposals.admin.date_time_field import DateTimeField
from proposals.admin.proposal_list.rows import ColleagueField
from proposals.booklet.advance import render_in_advance
from proposals.models import Meeting, Proposal, Status, TargetGroup
from proposals.models.section_texts import TEXT_LENGTH
from proposals.text_input.form_fields import LineField, ParagraphsField


class Step:
    """One thing to do with many proposals."""

    name = ""
    button = ""
    verb = ""
    explanation = ""
    is_quiet = False
    form_class = None

    def title(self, count):
        return f"{self.verb} {count} förslag"

    def refusal(self, proposal):
        """Why it isn't possible for a proposal, or ""."""
        raise NotImplementedError

    def context(self, proposals):
        return {"recipients": [proposal for proposal in proposals if proposal.submitter_email]}

    def perform(self, request, proposals, data):
        raise NotImplementedError

    def run(self, request, proposals, function, done):
        """Call `function` for each proposal; tell how many it was done for, and what was refused."""
        count = 0
        for proposal in proposals:
            try:
                function(proposal)
                count += 1
            except workflow.StepNotAllowed as error:
                messages.warning(request, str(error))
        messages.success(request, f"{count} förslag {done}.")


class Assign(Step):
    name, button, verb = "assign", "Ge till …", "Ge en kollega"
    explanation = "Kollegans namn står i listan och på förslaget. Ingen får något mejl."

    class form_class(forms.Form):
        assigned_to = ColleagueField(label="Vem?")

    def refusal(self, proposal):
        return ""

    def context(self, proposals):
        return {"recipients": []}

    def perform(self, request, proposals, data):
        colleague = data["assigned_to"]
        Proposal.objects.filter(pk__in=[one.pk for one in proposals]).update(assigned_to=colleague)
        name = (colleague.get_full_name() or colleague.get_username()) if colleague else "ingen"
        messages.success(request, f"Ansvarig för {len(proposals)} förslag är nu {name}.")


class AddTargetGroups(Step):
    name, button, verb = "groups", "Sätt målgrupp …", "Sätt målgrupp på"
    explanation = "Målgrupperna läggs till dem som redan står. Ingen får något mejl."

    class form_class(forms.Form):
        target_groups = forms.ModelMultipleChoiceField(
            TargetGroup.objects.all(),
            label="Målgrupper",
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Välj minst en målgrupp."},
        )

    def refusal(self, proposal):
        return "är ett utkast" if proposal.is_draft else ""

    def context(self, proposals):
        return {"recipients": []}

    def perform(self, request, proposals, data):
        groups = data["target_groups"]
        self.run(request, proposals, lambda one: workflow.add_target_groups(one, groups), "har fått målgrupp")


class Publish(Step):
    name, button, verb = "publish", "Publicera …", "Publicera"
    explanation = "Förslagen får mötets nästa nummer och syns genast för alla. Numren ändras inte sedan."

    def refusal(self, proposal):
        return "" if proposal.is_submitted else f"är {proposal.get_status_display()}"

    def perform(self, request, proposals, data):
        self.run(request, proposals, workflow.publish, "är publicerade")
        for meeting in {proposal.meeting for proposal in proposals}:
            render_in_advance(meeting)


class Return(Step):
    name, button, verb = "return", "Skicka tillbaka …", "Skicka tillbaka"
    explanation = "Varje förslagsställare får ett mejl med din text och en länk som öppnar formuläret."

    class form_class(forms.Form):
        message = ParagraphsField(
            label="Vad ska kompletteras?",
            max_length=TEXT_LENGTH,
            help_text="Mejlas som det står, och visas överst i formuläret.",
            widget=forms.Textarea(attrs={"rows": 6}),
            error_messages={"required": "Skriv vad som ska kompletteras."},
        )
        open_until = DateTimeField(
            label="Kan ändras till",
            required=False,
            default_time="23:59",
            help_text="Behövs bara när det ska gå att ändra längre än mötets sista dag, och en vecka.",
        )

    def refusal(self, proposal):
        if not proposal.is_submitted:
            return f"är {proposal.get_status_display()}"
        return "" if proposal.submitter_email else "har ingen förslagsställare att mejla"

    def perform(self, request, proposals, data):
        self.run(request, proposals, lambda one: workflow.return_to_submitter(one, **data), "är skickade tillbaka")


class Move(Step):
    name, button, verb = "move", "Flytta …", "Flytta"
    explanation = (
        "Ett publicerat förslag får nästa nummer på det nya mötet, och den gamla adressen leder dit. "
        "De andra behåller sitt läge. Ingen får något mejl."
    )

    class form_class(forms.Form):
        meeting = forms.ModelChoiceField(
            Meeting.objects.order_by("-date"),
            label="Till vilket möte?",
            error_messages={"required": "Välj ett möte."},
        )

    def refusal(self, proposal):
        return ""

    def context(self, proposals):
        return {"recipients": []}

    def perform(self, request, proposals, data):
        meeting = data["meeting"]
        self.run(request, proposals, lambda one: workflow.move(one, meeting), f"hör nu till {meeting}")


class Letter(Step):
    name, button, verb = "letter", "Mejla …", "Mejla om"
    explanation = "Ett mejl till varje adress, med dina egna ord. Mottagarna ser inte varandra, och mejlet sparas."

    class form_class(forms.Form):
        recipients = forms.ChoiceField(
            label="Till vilka?",
            choices=[("submitters", "Förslagsställarna"), ("contacts", "Kontaktpersonerna")],
            widget=forms.RadioSelect,
            initial="submitters",
        )
        subject = LineField(label="Ämne", max_length=200, error_messages={"required": "Skriv en ämnesrad."})
        text = ParagraphsField(
            label="Text",
            max_length=5000,
            help_text="Under texten står förslagets referens och kansliets namn och adress.",
            widget=forms.Textarea(attrs={"rows": 8}),
            error_messages={"required": "Skriv vad mejlet ska säga."},
        )

    def refusal(self, proposal):
        has_address = proposal.submitter_email or not proposal.lacks_email
        return "" if has_address else "har ingen adress"

    def context(self, proposals):
        return {"recipients": [], "letters": _addresses(proposals)}

    def perform(self, request, proposals, data):
        addresses = _addresses(proposals)[data["recipients"]]
        count = workflow.write_letters(addresses, data["subject"], data["text"])
        messages.success(request, f"{count} mejl är på väg. De står under Mejl.")


class Withdraw(Step):
    name, button, verb, is_quiet = "withdraw", "Återta …", "Återta", True
    explanation = "De tas bort från webben och från det som väntar. Texten finns kvar, och det går att ångra."

    def refusal(self, proposal):
        return "" if proposal.may_become(Status.WITHDRAWN) else "är redan återtaget"

    def perform(self, request, proposals, data):
        self.run(request, proposals, workflow.withdraw, "är återtagna")


STEPS = {step.name: step for step in (Assign(), AddTargetGroups(), Publish(), Return(), Move(), Letter(), Withdraw())}


def _addresses(proposals):
    """{"submitters" or "contacts": [(address, proposal)]}, each address once."""
    complete = Proposal.objects.in_full().in_bulk([proposal.pk for proposal in proposals])
    parts = Proposal.objects.merged_into([proposal.pk for proposal in proposals])
    submitters = {one.submitter_email.lower(): one for one in [*parts, *proposals] if one.submitter_email}
    people = [(row.contact.email.lower(), one) for one in complete.values() for row in one.contact_rows.all()]
    return {
        "submitters": list(submitters.items()),
        "contacts": list({address: one for address, one in people if address}.items()),
    }
