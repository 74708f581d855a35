"""Publication, and the numbers and addresses that come with it."""

import hashlib

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from proposals import emails
from proposals.models import Change, FormerAddress, FormerDate, Meeting, Proposal, Status
from proposals.workflow.recording import recorded_change
from proposals.workflow.transition import StepNotAllowed, lock, transition

OUT_OF_THE_WAY = 10_000  # more than the highest number that an address can hold
CHANGED = "Något har ändrats sedan du öppnade sidan, så inget är gjort. Titta igenom det som står här nu."


def publish(proposal):
    """Publish with the next number of the meeting, and mail the submitter."""
    with transaction.atomic():
        current = lock(proposal)
        transition(current, Status.PUBLISHED)
        give_number(current)
        _save_published(current)
        emails.send(emails.published(current))
    return current


def publish_all(meeting, token, left_out=()):
    """Number and publish what waits at the meeting, in its order; all of it or nothing. Each submitter gets a mail.

    `left_out` are primary keys of what waits on. `token` is what state_token() gave for the proposals that the page
    listed: when they are no longer the same, StepNotAllowed. Returns the proposals as saved.
    """
    with transaction.atomic():
        held = _lock_with_proposals(meeting)
        waiting = list(held.proposals.to_publish().exclude(pk__in=left_out))
        if state_token(waiting) != token:
            raise StepNotAllowed(CHANGED)
        for proposal in waiting:
            transition(proposal, Status.PUBLISHED)
            proposal.number = _next_number(held)
            _save_published(proposal)
        emails.send(*[emails.published(proposal) for proposal in waiting])
    return waiting


def put_in_order(meeting, keys):
    """Save the order of publication: first `keys`, then the others as they were."""
    with transaction.atomic():
        held = _lock_with_proposals(meeting)
        waiting = {proposal.pk: proposal for proposal in held.proposals.to_publish()}
        first = [key for key in dict.fromkeys(keys) if key in waiting]
        ordered = [*first, *(key for key in waiting if key not in first)]
        for place, key in enumerate(ordered, start=1):
            waiting[key].publication_order = place
        Proposal.objects.bulk_update(waiting.values(), ["publication_order"])


def renumber(meeting, keys, token):
    """Give the meeting's published proposals the numbers 1, 2, 3 … in the order of `keys`, all or none.

    An old number leads to the proposal that had it, as long as no other one has it now. Numbers of withdrawn ones are
    given up. `token` is what state_token() gave for the page; StepNotAllowed when that has changed. Returns the
    proposals whose number is another now.
    """
    with transaction.atomic():
        held = _lock_with_proposals(meeting)
        numbered = list(held.proposals.published().order_by("number"))
        if state_token(numbered) != token or set(keys) != {proposal.pk for proposal in numbered}:
            raise StepNotAllowed(CHANGED)
        remember_numbers(held)
        held.proposals.filter(status=Status.WITHDRAWN).update(number=None)
        numbers = {key: number for number, key in enumerate(keys, start=1)}
        moving = [proposal for proposal in numbered if numbers[proposal.pk] != proposal.number]
        for proposal in moving:
            _leave_address(proposal)
        Proposal.objects.filter(pk__in=[one.pk for one in moving]).update(number=F("number") + OUT_OF_THE_WAY)
        for proposal in moving:
            proposal.number = numbers[proposal.pk]
            with recorded_change(proposal, Change.RENUMBERED):
                proposal.save()
    return moving


def state_token(proposals):
    """A digest of what a page showed: which proposals, in what order, and when each was saved."""
    rows = [f"{proposal.pk} {proposal.updated_at}" for proposal in proposals]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def move(proposal, meeting):
    """Move to another meeting. A numbered one gets the next number there, and its address redirects."""
    with transaction.atomic():
        current = lock(proposal)
        held = {row.pk: row for row in _lock_meetings(current.meeting, meeting)}
        origin, target = held[current.meeting_id], held[meeting.pk]
        if current.number and origin != target:
            remember_numbers(origin)
            _leave_address(current)
            current.number = _next_number(target)
        current.meeting = target
        current.publication_order = None
        current.fingerprint = ""  # it was sent in to another meeting
        with recorded_change(current, Change.MOVED):
            current.save()
    return current


def reschedule(meeting, date):
    """Change a meeting's date; addresses of its proposals redirect."""
    with transaction.atomic():
        [current] = _lock_meetings(meeting)
        if current.date != date:
            remember_numbers(current)
            for proposal in current.proposals.exclude(number=None).select_related("meeting"):
                _leave_address(proposal)
            FormerDate.objects.update_or_create(date=current.date, defaults={"meeting": current})
            # Back where it once was: an address leads to what is there now
            here = FormerAddress.objects.filter(date=date, proposal__meeting=current, number=F("proposal__number"))
            here.delete()
            FormerDate.objects.filter(date=date).delete()
            current.date = date
            current.save()
    return current


def next_number(meeting):
    """The number that the next published proposal of the meeting gets, if nothing comes between."""
    return max(meeting.last_number, Proposal.objects.highest_number(meeting)) + 1


def give_number(proposal):
    """Set the next number, unsaved; locks the meeting until the transaction ends."""
    [meeting] = _lock_meetings(proposal.meeting)
    proposal.number = _next_number(meeting)


def _save_published(proposal):
    proposal.published_at = proposal.published_at or timezone.now()
    with recorded_change(proposal, Change.PUBLISHED):
        proposal.save()


def _leave_address(proposal):
    FormerAddress.objects.update_or_create(
        date=proposal.meeting.date, number=proposal.number, defaults={"proposal": proposal}
    )


def _lock_meetings(*meetings):
    """Lock the meetings, so that no number is given twice."""
    keys = {meeting.pk for meeting in meetings}
    return list(Meeting.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def _lock_with_proposals(meeting):
    """Lock the meeting and its proposals: proposals first, as everywhere, to avoid deadlocks."""
    list(Proposal.objects.filter(meeting=meeting).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    [held] = _lock_meetings(meeting)
    return held


def _next_number(meeting):
    """Needs the meeting locked."""
    remember_numbers(meeting)
    meeting.last_number += 1
    meeting.save()
    return meeting.last_number


def remember_numbers(meeting):
    """Record the highest number given, so that it is never given again. Needs the meeting locked."""
    meeting.last_number = max(meeting.last_number, Proposal.objects.highest_number(meeting))
    meeting.save()
