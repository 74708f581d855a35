"""What the secretariat does with all proposals of a meeting at once; each page shows what will happen first."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from proposals import emails, workflow
from proposals.admin.desk import Desk
from proposals.booklet.advance import render_in_advance
from proposals.models import Meeting, Proposal

step = require_http_methods(["GET", "HEAD", "POST"])
for_the_secretariat = permission_required("proposals.change_proposal", raise_exception=True)


@for_the_secretariat
@step
def order(request, key):
    """The order in which what waits will be numbered; without a script a button moves a row one place."""
    meeting = get_object_or_404(Meeting, pk=key)
    if request.method == "POST":
        keys, moved = _posted_order(request)
        workflow.put_in_order(meeting, keys)
        if moved is None:
            messages.success(request, "Ordningen är sparad.")
            return redirect("admin:proposals_meeting_order", meeting.pk)
        request.session["moved"] = moved
        return redirect("admin:proposals_meeting_order", meeting.pk)
    waiting = meeting.proposals.to_publish().select_related("region")
    moved = request.session.pop("moved", None)
    return _page(request, "order", "Ordning före publicering", meeting, proposals=waiting, moved=moved)


@for_the_secretariat
@step
def publish(request, key):
    """Number and publish all that waits, after a page that shows with which numbers and who gets a mail."""
    meeting = get_object_or_404(Meeting, pk=key)
    if request.method == "POST":
        try:
            published = workflow.publish_all(meeting, request.POST.get("shown"))
        except workflow.StepNotAllowed as error:
            messages.warning(request, str(error))
            return redirect("admin:proposals_meeting_publish", meeting.pk)
        render_in_advance(meeting)
        messages.success(request, f"{len(published)} förslag är publicerade.")
        return redirect("admin:index")
    waiting = list(meeting.proposals.to_publish().with_missing_fields().select_related("region"))
    next_number = max(meeting.last_number, Proposal.objects.highest_number(meeting)) + 1
    return _page(
        request,
        "publish",
        "Publicera mötets förslag",
        meeting,
        numbered=list(enumerate(waiting, start=next_number)),
        told=sum(bool(proposal.submitter_email) for proposal in waiting),
        returned=[one for one in Desk(meeting).proposals if one.is_returned],
        shown=workflow.state_token(waiting),
    )


@for_the_secretariat
@step
def renumber(request, key):
    """Give the published proposals new numbers, in an order to choose; old addresses lead to the new ones."""
    meeting = get_object_or_404(Meeting, pk=key)
    published = list(meeting.proposals.published().order_by("number").select_related("region"))
    keys = [proposal.pk for proposal in published]
    shown = workflow.state_token(published)
    if request.method == "POST":
        posted, moved = _posted_order(request)
        if "renumber" in request.POST:
            return _renumber(request, meeting, posted)
        places = {key: place for place, key in enumerate(posted)}
        published.sort(key=lambda proposal: places.get(proposal.pk, len(keys)))
        shown = request.POST.get("shown", shown)
    else:
        moved = None
    numbered = list(enumerate(published, start=1))
    return _page(request, "renumber", "Numrera om", meeting, numbered=numbered, moved=moved, shown=shown)


def _renumber(request, meeting, keys):
    try:
        moving = workflow.renumber(meeting, keys, request.POST.get("shown"))
    except workflow.StepNotAllowed as error:
        messages.warning(request, str(error))
        return redirect("admin:proposals_meeting_renumber", meeting.pk)
    messages.success(request, f"{len(moving)} förslag har fått nytt nummer. De gamla adresserna leder till de nya.")
    return redirect("admin:index")


@for_the_secretariat
@step
def reminder(request, key):
    """Remind the members that haven't sent in anything, after a page that shows to whom and what."""
    meeting = get_object_or_404(Meeting, pk=key)
    if request.method == "POST":
        try:
            count = workflow.remind(meeting, request.POST.getlist("address"))
        except workflow.StepNotAllowed as error:
            messages.warning(request, str(error))
            return redirect("admin:proposals_meeting_reminder", meeting.pk)
        messages.success(request, f"{count} påminnelser är på väg.")
        return redirect("admin:index")
    desk = Desk(meeting)
    recipients = desk.to_remind
    example = emails.reminder(meeting, *recipients[0]) if recipients else None
    if example:
        emails.compose(example)
    return _page(request, "reminder", "Påminn dem som inte har lämnat", meeting, desk=desk, example=example)


def _posted_order(request):
    """(keys in the posted order, the one that a button moved or None), the button's move taken into account."""
    keys = [int(key) for key in request.POST.getlist("order") if key.isdecimal() and len(key) < 18]
    direction, _, moved = request.POST.get("move", "").partition(" ")
    if not (moved.isdecimal() and len(moved) < 18 and int(moved) in keys):
        return keys, None
    here = keys.index(int(moved))
    there = here + (-1 if direction == "up" else 1)
    if 0 <= there < len(keys):
        keys[here], keys[there] = keys[there], keys[here]
    return keys, int(moved)


def _page(request, name, title, meeting, **context):
    whole = {**admin.site.each_context(request), "title": f"{title}: {meeting}", "meeting": meeting, **context}
    return render(request, f"admin/proposals/meeting/{name}.html", whole)
