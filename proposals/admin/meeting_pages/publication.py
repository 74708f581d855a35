"""Ordna och publicera: the order of a meeting's proposals, their numbers, and publication in one go."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from proposals import emails, workflow
from proposals.admin.meeting_pages.ordering import SORTS, posted_order, sorted_keys
from proposals.admin.menu import meeting_of
from proposals.admin.pages import allow_get_and_post, is_key, render_page, requires_change_permission
from proposals.booklet.advance import render_in_advance
from proposals.models import Proposal, Status

BEFORE = "order_before"  # in the session: the keys as they were, for Ångra


@requires_change_permission
@allow_get_and_post
def order(request, key):
    """Arrange what waits; numbers are shown as they will be."""
    meeting = meeting_of(request, key)
    waiting = list(_to_publish(meeting))
    first = workflow.next_number(meeting)
    if request.method == "POST":
        return _save_order(request, meeting, waiting, first)
    left_out = _left_out(request)
    included = [proposal for proposal in waiting if proposal.pk not in left_out]
    return render_page(
        request,
        "meeting/order",
        "Ordna och publicera",
        meeting=meeting,
        numbered=list(enumerate(included, start=first)),
        last_number=first + len(included) - 1,
        left_out=[proposal for proposal in waiting if proposal.pk in left_out],
        moved=request.session.pop("moved", None),
        **_summary(meeting, included, len(waiting) - len(included)),
    )


def _save_order(request, meeting, waiting, first):
    keys, moved = posted_order(request.POST, first)
    if request.POST.get("sort") in SORTS:
        keys = sorted_keys([one for one in waiting if one.pk in keys], request.POST["sort"])
    before = [proposal.pk for proposal in waiting]
    workflow.put_in_order(meeting, keys)
    left_out = (_left_out(request) | _posted_keys(request, "leave")) - _posted_keys(request, "take")
    query = f"?utan={','.join(map(str, sorted(left_out)))}" if left_out else ""
    if "publish" in request.POST:
        return redirect(reverse("admin:proposals_meeting_publish", args=[meeting.pk]) + query)
    if moved:
        request.session["moved"] = moved
    elif "save" in request.POST or "sort" in request.POST:
        request.session[BEFORE] = before
        undo = reverse("admin:proposals_meeting_order_undo", args=[meeting.pk])
        messages.success(request, "Ordningen är sparad.", extra_tags=undo)
    return redirect(reverse("admin:proposals_meeting_order", args=[meeting.pk]) + query)


@requires_change_permission
@require_POST
def order_undo(request, key):
    meeting = meeting_of(request, key)
    workflow.put_in_order(meeting, request.session.pop(BEFORE, []))
    messages.success(request, "Ordningen är som den var.")
    return redirect("admin:proposals_meeting_order", meeting.pk)


@requires_change_permission
@allow_get_and_post
def publish(request, key):
    """Show what will happen once more, and publish on POST."""
    meeting = meeting_of(request, key)
    left_out = _left_out(request)
    if request.method == "POST":
        try:
            published = workflow.publish_all(meeting, request.POST.get("shown"), left_out)
        except workflow.StepNotAllowed as error:
            messages.warning(request, str(error))
            return redirect(request.get_full_path())
        render_in_advance(meeting)
        messages.success(request, f"{len(published)} förslag är publicerade.")
        return redirect("admin:index")
    all_waiting = list(_to_publish(meeting))
    waiting = [proposal for proposal in all_waiting if proposal.pk not in left_out]
    first = workflow.next_number(meeting)
    summary = _summary(meeting, waiting, len(all_waiting) - len(waiting))
    return render_page(
        request,
        "meeting/publish",
        f"Publicera {len(waiting)} förslag?",
        meeting=meeting,
        numbered=list(enumerate(waiting, start=first)),
        first_number=first,
        last_number=first + len(waiting) - 1,
        shown=workflow.state_token(waiting),
        example=_example(summary["mailed"], first),
        **summary,
    )


@requires_change_permission
@allow_get_and_post
def renumber(request, key):
    meeting = meeting_of(request, key)
    numbered = meeting.proposals.published().order_by("number").with_senders()
    published = list(numbered.with_missing_fields().with_near_duplicates())
    shown, moved = workflow.state_token(published), None
    if request.method == "POST":
        posted, moved = posted_order(request.POST, 1)
        if "renumber" in request.POST:
            return _renumber(request, meeting, posted)
        order = {key: index for index, key in enumerate(posted)}
        published.sort(key=lambda proposal: order.get(proposal.pk, len(published)))
        shown = request.POST.get("shown", shown)
    numbered = list(enumerate(published, start=1))
    title = f"Numrera om: {meeting}"
    context = {"meeting": meeting, "numbered": numbered, "moved": moved, "shown": shown}
    return render_page(request, "meeting/renumber", title, **context)


def _renumber(request, meeting, keys):
    try:
        renumbered = workflow.renumber(meeting, keys, request.POST.get("shown"))
    except workflow.StepNotAllowed as error:
        messages.warning(request, str(error))
        return redirect("admin:proposals_meeting_renumber", meeting.pk)
    messages.success(request, f"{len(renumbered)} förslag har fått nytt nummer. De gamla adresserna leder till de nya.")
    return redirect("admin:index")


def _to_publish(meeting):
    return meeting.proposals.to_publish().with_missing_fields().with_near_duplicates().with_senders().with_has_merged()


def _summary(meeting, included, left_out_count):
    others = meeting.proposals.filter(status__in=[Status.RETURNED, Status.DRAFT]).with_sender_and_meeting()
    others = list(others.order_by("-status", "pk"))
    mailed = [proposal for proposal in included if proposal.submitter_email]
    parts = Proposal.objects.merged_into([proposal.pk for proposal in mailed if proposal.has_merged])
    return {
        "others": others,
        "not_included": left_out_count + len(others),
        "mailed": mailed,
        "people": sorted({one.submitter_email.lower() for one in [*mailed, *parts]}),
        "incomplete": sum(bool(proposal.missing_fields) for proposal in included),
    }


def _example(mailed, number):
    """The mail to the first submitter, composed with the number that it would tell."""
    if not mailed:
        return None
    proposal = mailed[0]
    proposal.number = proposal.number or number
    mail = emails.published(proposal)
    emails.compose(mail)
    return mail


def _left_out(request):
    """Primary keys of what isn't to be published now, from `?utan=`."""
    return {int(key) for key in request.GET.get("utan", "").split(",") if is_key(key)}


def _posted_keys(request, name):
    return {int(key) for key in request.POST.getlist(name) if is_key(key)}
