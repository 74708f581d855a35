"""The checks that a proposal from a document goes through, the same as one from the public form where they apply."""

from django import forms

from proposals.models import Proposal
from proposals.submission.fields import refuse_rather_than_cut
from proposals.submission.forms import FIELD_CLASSES, ContactForm, ProposalForm


class ImportedForm(forms.ModelForm):
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


def faults_of(form, name=""):
    """The messages of a form, each one sentence; `name` says whose they are."""
    return [f"{name}{message}" for messages in form.errors.values() for message in messages]


def contact_forms(people):
    """A ContactForm for each Person."""
    return [
        ContactForm({"name": one.name, "title": one.title, "email": one.email, "phone": one.phone}) for one in people
    ]
