"""Validation of imported proposals, shared with the public form where it applies."""

from dataclasses import asdict

from django import forms

from proposals.models import Proposal
from proposals.submission.fields import refuse_rather_than_cut
from proposals.submission.forms import FIELD_CLASSES, ContactForm, ProposalForm


class ImportedProposalForm(forms.ModelForm):
    class Meta:
        model = Proposal
        fields = ("title", "region", *Proposal.TEXTS, "target_groups")
        field_classes = FIELD_CLASSES
        labels = {name: ProposalForm.Meta.labels[name] for name in ("title", *Proposal.TEXTS)}
        error_messages = {"title": {"required": "Rubriken saknas."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            refuse_rather_than_cut(field)


def error_messages(form, prefix=""):
    return [f"{prefix}{message}" for messages in form.errors.values() for message in messages]


def contact_forms(people):
    return [ContactForm(asdict(person)) for person in people]
