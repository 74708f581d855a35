"""Views that act on all proposals of a meeting, after showing what will happen."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect

from proposals import emails, workflow
from proposals.admin.desk import Desk
from proposals.admin.pages import allow_get_and_post, is_key, render_page, requires_change_permission
from proposals.booklet.advance import render_in_advance
from proposals.models import Meeting, Proposal


@requires_change_permission
@allow_get_and_post
def order(request, key):
    meeting = get_object_or_404(Meeting, pk=key)
    if request.method == "POST":
        keys, moved = _posted_order(request)
        workflow.put_in_order(meeting, keys)
        if moved is None:
            messages.success(request, "Ordningen är sparad.")
        else:
            request.session["moved"] = moved
        return redirect("admin:proposals_meeting_order", meeting.pk)
    waiting = meeting.proposals.to_publish().select_related("region")
    moved = request.session.pop("moved", None)
    return _meeting_page(request, "order", "Ordning före publicering", meeting, proposals=waiting, moved=moved)


@requires_change_permission
@allow_get_and_post
def publish(request, key):
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
    return _meeting_page(
        request,
        "publish",
        "Publicera mötets förslag",
        meeting,
        numbered=list(enumerate(waiting, start=next_number)),
        mail_count=sum(bool(proposal.submitter_email) for proposal in waiting),
        returned=[proposal for proposal in Desk(meeting).proposals if proposal.is_returned],
        shown=workflow.state_token(waiting),
    )


@requires_change_permission
@allow_get_and_post
def renumber(request, key):
    meeting = get_object_or_404(Meeting, pk=key)
    published = list(meeting.proposals.published().order_by("number").select_related("region"))
    shown, moved = workflow.state_token(published), None
    if request.method == "POST":
        posted, moved = _posted_order(request)
        if "renumber" in request.POST:
            return _renumber(request, meeting, posted)
        order = {key: index for index, key in enumerate(posted)}
        published.sort(key=lambda proposal: order.get(proposal.pk, len(published)))
        shown = request.POST.get("shown", shown)
    numbered = list(enumerate(published, start=1))
    return _meeting_page(request, "renumber", "Numrera om", meeting, numbered=numbered, moved=moved, shown=shown)


def _renumber(request, meeting, keys):
    try:
        renumbered = workflow.renumber(meeting, keys, request.POST.get("shown"))
    except workflow.StepNotAllowed as error:
        messages.warning(request, str(error))
        return redirect("admin:proposals_meeting_renumber", meeting.pk)
    messages.success(request, f"{len(renumbered)} förslag har fått nytt nummer. De gamla adresserna leder till de nya.")
    return redirect("admin:index")


@requires_change_permission
@allow_get_and_post
def reminder(request, key):
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
    return _meeting_page(request, "reminder", "Påminn dem som inte har lämnat", meeting, desk=desk, example=example)


def _posted_order(request):
    """Return (ordered primary keys, primary key moved by an arrow button or None)."""
    keys = [int(key) for key in request.POST.getlist("order") if is_key(key)]
    direction, _, moved = request.POST.get("move", "").partition(" ")
    if not (is_key(moved) and int(moved) in keys):
        return keys, None
    here = keys.index(int(moved))
    there = here + (-1 if direction == "up" else 1)
    if 0 <= there < len(keys):
        keys[here], keys[there] = keys[there], keys[here]
    return keys, int(moved)


def _meeting_page(request, name, title, meeting, **context):
    return render_page(request, f"meeting/{name}", f"{title}: {meeting}", meeting=meeting, **context)
