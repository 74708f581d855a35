"""Proposals that kansliet reads in from a document."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from proposals.models import Change, Contact, Meeting, Proposal, ProposalContact, Status
from proposals.workflow.numbering import put_in_order, remember_numbers
from proposals.workflow.recording import recorded_change
from proposals.workflow.submission import set_contacts
from proposals.workflow.transition import StepNotAllowed, transition


def import_proposals(date, arrivals, as_published):
    """Save what a document brought to the meeting of `date`, which is made when there is none; all of it or nothing.

    Each of `arrivals` has an unsaved `proposal`, its `co_senders`, `target_groups`, `contacts` (dicts of a Contact's
    fields) and a `note` for the history. They become submitted, in their order after what waits, or published with the
    `number` that each has. Nobody gets a mail. Returns the proposals as saved.
    """
    with transaction.atomic():
        meeting, _ = Meeting.objects.select_for_update(no_key=True).get_or_create(date=date)
        waiting = list(meeting.proposals.to_publish().values_list("pk", flat=True))
        saved = [_save(arrival, meeting, as_published) for arrival in arrivals]
        if as_published:
            remember_numbers(meeting)
        else:
            put_in_order(meeting, [*waiting, *(proposal.pk for proposal in saved)])
    return saved


def undo_import(keys):
    """Delete proposals that were read in, as long as nobody has touched any of them. Returns how many."""
    with transaction.atomic():
        found = list(Proposal.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
        if not keys or len(found) != len(keys) or _is_any_touched(keys):
            raise StepNotAllowed("Någon har redan arbetat med det som lästes in, så inget är borttaget.")
        people = list(ProposalContact.objects.filter(proposal__in=found).values_list("contact", flat=True))
        Proposal.objects.filter(pk__in=keys).delete()
        Proposal.history.filter(id__in=keys).erase()
        unnamed = list(Contact.objects.filter(pk__in=people).unnamed().values_list("pk", flat=True))
        Contact.objects.filter(pk__in=unnamed).delete()
        Contact.history.filter(id__in=unnamed).delete()
    return len(found)


def _is_any_touched(keys):
    reasons = Proposal.history.filter(id__in=keys).order_by().values_list("history_change_reason", flat=True)
    worked_on = Q(notes__isnull=False) | Q(mails__isnull=False) | Q(assigned_to__isnull=False)
    is_any = Proposal.objects.filter(worked_on, pk__in=keys).exists()
    return is_any or list(reasons) != [Change.IMPORTED] * len(keys)


def _save(arrival, meeting, as_published):
    proposal = arrival.proposal
    proposal.meeting = meeting
    proposal.seen_at = timezone.now()
    transition(proposal, Status.SUBMITTED)
    if as_published:
        transition(proposal, Status.PUBLISHED)
        proposal.number = arrival.number
        # What was decided long ago is no news
        day_of_meeting = timezone.make_aware(datetime.combine(meeting.date, time()))
        proposal.published_at = min(timezone.now(), day_of_meeting)
    with recorded_change(proposal, Change.IMPORTED, arrival.note):
        proposal.save()
        proposal.co_senders.set(arrival.co_senders)
        proposal.target_groups.set(arrival.target_groups)
        set_contacts(proposal, arrival.contacts)
    return proposal
