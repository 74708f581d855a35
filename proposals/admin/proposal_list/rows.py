"""A proposal's row in the list, and editing sender, target groups and colleague in it."""

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from proposals.admin.pages import allow_get_and_post, render_page, requires_change_permission
from proposals.models import Proposal
from proposals.submission.forms import FIELD_CLASSES, VersionedForm
from proposals.workflow.recording import recorded_change


def with_marks(proposals):
    """With what the queryset itself can tell of each: who has it, what is missing, since when it waits."""
    detailed = proposals.with_sender_and_meeting().select_related("assigned_to")
    return detailed.with_missing_fields().with_waiting_since()


def with_relations(proposals):
    """With target groups and near-duplicates, a query each."""
    return proposals.prefetch_related("target_groups").with_near_duplicates()


def with_row_details(proposals):
    return with_relations(with_marks(proposals))


def colleagues():
    """Accounts that may be given a proposal: those who use the desk, by name."""
    staff = get_user_model().objects.filter(is_active=True, is_staff=True)
    return staff.order_by("first_name", "last_name", "username")


class ColleagueField(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        options = {"label": "Ansvarig", "required": False, "empty_label": "Ingen", "queryset": colleagues()}
        super().__init__(**(options | kwargs))

    def label_from_instance(self, user):
        return user.get_full_name() or user.get_username()


class RowForm(VersionedForm):
    """The few fields that are edited in the list."""

    assigned_to = ColleagueField()

    class Meta:
        model = Proposal
        fields = ("region", "assigned_to", "target_groups")
        field_classes = FIELD_CLASSES
        widgets = {"target_groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=f"row-{kwargs['instance'].pk}-%s", **kwargs)
        self.fields["region"].empty_label = "Ej angiven"

    def changed_meanwhile(self):
        return "Någon har ändrat förslaget sedan du öppnade raden. Titta igenom den och spara igen, så gäller det här."


@requires_change_permission
@allow_get_and_post
def row(request, key):
    """Edit a row: a piece of the table for htmx, a page of its own without script."""
    proposal = get_object_or_404(Proposal, pk=key)
    is_piece = request.headers.get("HX-Request") == "true"
    if is_piece and "avbryt" in request.GET:
        return _drawn(request, proposal)
    form = RowForm(request.POST or None, instance=proposal)
    if request.method == "POST" and form.is_valid():
        _save(form)
        if is_piece:
            return _drawn(request, proposal)
        undo = reverse("admin:proposals_proposal_undo", args=[proposal.pk])
        undo += f"?version={proposal.history.latest().pk}"
        messages.success(request, f"”{proposal}” är sparat.", extra_tags=undo)
        return redirect("admin:proposals_proposal_changelist")
    if is_piece:
        return render(request, "admin/proposals/proposal/_row_form.html", {"proposal": proposal, "form": form})
    return render_page(request, "proposal/row", "Ändra i listan", proposal=proposal, form=form)


def _save(form):
    with recorded_change(form.instance):
        form.save()


def _drawn(request, proposal):
    proposal = with_row_details(Proposal.objects).get(pk=proposal.pk)
    return render(request, "admin/proposals/proposal/_row.html", {"proposal": proposal, "is_back": True})
