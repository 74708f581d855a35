from django.contrib.admin.widgets import AdminTextInputWidget
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from proposals.models import Proposal
from proposals.models.proposal_history import BY_SUBMITTER
from proposals.submission.fields import refuse_rather_than_cut
from proposals.submission.forms import FIELD_CLASSES, VersionedForm


class ProposalAdminForm(VersionedForm):
    class Meta:
        model = Proposal
        fields = "__all__"
        widgets = {"title": AdminTextInputWidget(attrs={"class": "vLargeTextField"})}
        field_classes = FIELD_CLASSES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            refuse_rather_than_cut(field)
        self.move_to = None

    def clean_meeting(self):
        """Leave a change of meeting to workflow.move(), called after saving."""
        meeting = self.cleaned_data["meeting"]
        if self.instance.pk and meeting != self.instance.meeting:
            self.move_to = meeting
            return self.instance.meeting
        return meeting

    def changed_meanwhile(self):
        proposal = self.instance
        latest = proposal.history.first()
        editor = (latest and latest.by_name) or "Någon annan"
        if latest and latest.history_change_reason in BY_SUBMITTER:
            editor = "Förslagsställaren"
        saved_at = timezone.localtime(proposal.updated_at)
        return format_html(
            "{} ändrade förslaget {} kl. {}, efter att du öppnade det. Din text är inte sparad men finns kvar här. "
            '<a href="{}" target="_blank" rel="noopener">Öppna den sparade versionen i en ny flik</a>, jämför och för '
            "över det som ska vara med. Spara sedan igen, så gäller det som står här.",
            editor,
            date_format(saved_at),
            date_format(saved_at, "H.i"),
            reverse("admin:proposals_proposal_change", args=[proposal.pk]),
        )
