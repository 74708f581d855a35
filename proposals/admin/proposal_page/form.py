"""The form for a proposal at the desk."""

from django import forms

from proposals import sections
from proposals.admin.date_time_field import DateTimeField
from proposals.admin.proposal_list.rows import ColleagueField
from proposals.admin.proposal_page.edit_conflict import EditConflict
from proposals.models import Proposal, Region
from proposals.submission.fields import refuse_rather_than_cut
from proposals.submission.forms import FIELD_CLASSES, VersionedForm

WOULD_BE_EMPTY = (
    "Förslaget är publicerat, och så här blir det utan text för alla. Inget är sparat. Spara en gång till om det är "
    "meningen."
)


class ProposalAdminForm(VersionedForm):
    """What the secretariat edits. What a colleague or the submitter changed meanwhile is merged, field by field.

    `conflict` says how; when both have changed a field, the form isn't valid until one has been chosen. The instance
    gets the merged data, from which the cards of its contacts are made.
    """

    assigned_to = ColleagueField()
    open_until = DateTimeField(
        label="Får ändras till",
        required=False,
        default_time="23:59",
        help_text="Bara om förslagsställaren får ändra också efter mötets sista dag. Utan tid: till 23.59.",
    )
    may_be_empty = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Proposal
        fields = (
            *("meeting", "title", "region", "co_senders", "target_groups", *sections.NAMES),
            *("submitter_name", "submitter_email", "open_until", "assigned_to"),
        )
        field_classes = FIELD_CLASSES
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "class": "short"}),
            "co_senders": forms.CheckboxSelectMultiple,
            "target_groups": forms.CheckboxSelectMultiple,
            **{one.name: forms.Textarea(attrs={"rows": one.rows}) for one in sections.SECTIONS},
        }
        error_messages = {"title": {"required": "Skriv en rubrik."}}

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.conflict = None
        if self.is_bound and self.instance.pk and self.data.get("opened", "") != self.version:
            self.conflict = EditConflict(self.instance, self.data, self.version)
            self.data = self.instance.merged_data = self.conflict.data
        if "region" in self.fields:  # absent without change permission
            members = [(region.pk, region.name) for region in Region.objects.all()]
            self.fields["region"].choices = [("", "Ej angiven"), *members]
            self.fields["co_senders"].choices = members
        if self.instance.pk:
            self.fields.pop("meeting", None)  # a move is a step of its own
        for field in self.fields.values():
            refuse_rather_than_cut(field)

    def clean_opened(self):
        """Refuse what collides until one of the texts has been chosen; see `EditConflict`."""
        if self.conflict and self.conflict.clashes:
            self.add_error(None, "Någon sparade medan du skrev. Välj vad som ska gälla.")
        return self.cleaned_data["opened"]

    def clean(self):
        cleaned = super().clean()
        others = [one for one in cleaned.get("co_senders") or [] if one != cleaned.get("region")]
        if others and not cleaned.get("region"):
            cleaned["region"] = others.pop(0)  # the first of several is the main one
        cleaned["co_senders"] = others
        had_text = self.instance.is_published and any(self.initial.get(name) for name in sections.NAMES)
        has_text = any(cleaned.get(name) for name in sections.NAMES)
        if had_text and not has_text and not self.errors and not cleaned.get("may_be_empty"):
            self.data = self.data.copy()
            self.data["may_be_empty"] = "ja"
            self.add_error(None, WOULD_BE_EMPTY)
        return cleaned

    @property
    def text_fields(self):
        return [self[name] for name in sections.NAMES]
