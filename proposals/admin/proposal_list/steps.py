"""Steps with many proposals at once. Each first shows a page with what will happen, then does it."""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from proposals import workflow
from proposals.admin.pages import allow_get_and_post, is_key, render_page, requires_change_permission
from proposals.admin.proposal_list.rows import with_row_details
from proposals.admin.proposal_list.step_kinds import STEPS
from proposals.models import Proposal
from proposals.workflow.numbering import CHANGED

MAX_CHOSEN = 300


def buttons(request):
    """The steps that the user may take, in the order of the bar."""
    return list(STEPS.values()) if request.user.has_perm("proposals.change_proposal") else []


def _action(step):
    """Return the admin action that leads to the page of the step."""

    @admin.action(description=step.button, permissions=["change"])
    def ask(model_admin, request, queryset):
        keys = list(queryset.order_by().values_list("pk", flat=True)[: MAX_CHOSEN + 1])
        if len(keys) > MAX_CHOSEN:
            messages.warning(request, f"Välj högst {MAX_CHOSEN} förslag åt gången.")
            return None
        address = reverse("admin:proposals_proposal_many", args=[step.name])
        return redirect(f"{address}?{urlencode({'valda': ','.join(map(str, sorted(keys)))})}")

    ask.__name__ = step.name
    return ask


ACTIONS = [_action(step) for step in STEPS.values()]


@requires_change_permission
@allow_get_and_post
def many(request, name):
    """Show what a step would do with the proposals in `?valda=`, and do it on POST."""
    if name not in STEPS:
        raise Http404
    step, chosen = STEPS[name], _chosen(request)
    refused = [(proposal, why) for proposal in chosen if (why := step.refusal(proposal))]
    possible = [proposal for proposal in chosen if not step.refusal(proposal)]
    form = step.form_class(request.POST or None) if step.form_class else None
    if request.method == "POST" and possible and (form is None or form.is_valid()):
        if request.POST.get("shown") == workflow.state_token(possible):
            step.perform(request, possible, form.cleaned_data if form else {})
            return redirect("admin:proposals_proposal_changelist")
        messages.warning(request, CHANGED)
    return render_page(
        request,
        "proposal/many",
        step.title(len(possible)),
        step=step,
        possible=possible,
        refused=refused,
        form=form,
        shown=workflow.state_token(possible),
        **step.context(possible),
    )


def _chosen(request):
    keys = [int(key) for key in request.GET.get("valda", "").split(",") if is_key(key)][:MAX_CHOSEN]
    return list(with_row_details(Proposal.objects.filter(pk__in=keys)).in_order())
