"""The steps of a proposal. Only this module writes `Proposal.status`, and each step is one transaction."""

import hashlib
import json

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from proposals import emails
from proposals.models import Contact, FormerAddress, FormerDate, Meeting, Proposal, ProposalContact, Status


class StepNotAllowed(Exception):
    """The proposal's status has no such step; the message says so to a person."""


def submit(proposal, target_groups, contacts):
    """Take in a new proposal and mail a receipt to the submitter and a notice to the secretariat.

    `contacts` are dicts of a Contact's fields, in their order. The same content for the same meeting once more, from a
    double click or a reload, saves and mails nothing. Returns the proposal that is saved.
    """
    proposal.fingerprint = _fingerprint(proposal, target_groups, contacts)
    try:
        with transaction.atomic():
            _step(proposal, Status.SUBMITTED)
            proposal.submitted_at = timezone.now()
            with proposal.one_snapshot():
                proposal.save()
                proposal.target_groups.set(target_groups)
                _add_contacts(proposal, contacts)
            _mail_once_saved(emails.receipt, proposal)
            _mail_once_saved(emails.new_proposal, proposal)
    except IntegrityError:
        earlier = _submitted_before(proposal)
        if earlier is None:
            raise
        return earlier
    return proposal


def register(proposal):
    """Mark a new, unsaved proposal that the secretariat typed in as submitted; nobody gets a mail."""
    _step(proposal, Status.SUBMITTED)
    proposal.submitted_at = timezone.now()


def publish(proposal):
    """Publish, with the next free number of the meeting unless it already has one. Returns the proposal as saved."""
    with transaction.atomic():
        current = _locked(proposal)
        [meeting] = _numbering(current.meeting)
        _step(current, Status.PUBLISHED)
        current.number = current.number or _next_number(meeting)
        current.published_at = current.published_at or timezone.now()
        with current.one_snapshot():
            current.save()
    return current


def withdraw(proposal):
    """Take a proposal out of what is public and of what waits; its number stays its own. Returns it as saved."""
    with transaction.atomic():
        current = _locked(proposal)
        _step(current, Status.WITHDRAWN)
        current.fingerprint = ""  # the same text may be sent in again
        with current.one_snapshot():
            current.save()
    return current


def move(proposal, meeting):
    """Move to another meeting. One with a number gets the next there, and its old address leads to the new one."""
    with transaction.atomic():
        current = _locked(proposal)
        held = {row.pk: row for row in _numbering(current.meeting, meeting)}
        origin, target = held[current.meeting_id], held[meeting.pk]
        if current.number and origin != target:
            _remember_numbers(origin)
            _leave_address(current)
            current.number = _next_number(target)
        current.meeting = target
        current.fingerprint = ""  # it was sent in to another meeting
        with current.one_snapshot():
            current.save()
    return current


def reschedule(meeting, date):
    """Change a meeting's date; the old addresses of its proposals lead to the new ones."""
    with transaction.atomic():
        [current] = _numbering(meeting)
        if current.date != date:
            _remember_numbers(current)
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


def _mail_once_saved(message, proposal):
    """Send when the transaction is committed. A mail server that fails is logged; the proposal is in all the same."""

    def send():
        message(proposal)

    transaction.on_commit(send, robust=True)


def _leave_address(proposal):
    FormerAddress.objects.update_or_create(
        date=proposal.meeting.date, number=proposal.number, defaults={"proposal": proposal}
    )


def _numbering(*meetings):
    """The meetings, held: who numbers within one waits here, so that two at once never get the same number."""
    keys = {meeting.pk for meeting in meetings}
    return list(Meeting.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def _next_number(meeting):
    """The number after the highest that the meeting has ever given; the meeting is held."""
    _remember_numbers(meeting)
    meeting.last_number += 1
    meeting.save()
    return meeting.last_number


def _remember_numbers(meeting):
    meeting.last_number = max(meeting.last_number, Proposal.objects.highest_number(meeting))
    meeting.save()


def _locked(proposal):
    """The proposal as it is now, held until the transaction ends. The bare row: PostgreSQL can't lock outer joins."""
    return Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)


def _step(proposal, status):
    if proposal.status == status:
        raise StepNotAllowed(f"”{proposal}” är redan {status.label}.")
    if not proposal.may_become(status):
        raise StepNotAllowed(
            f"”{proposal}” har status {proposal.get_status_display()} och kan inte bli {status.label}."
        )
    proposal.status = status


def _add_contacts(proposal, contacts):
    people = [Contact.objects.get_or_create(**fields)[0] for fields in contacts]
    ProposalContact.objects.bulk_create(
        ProposalContact(proposal=proposal, contact=person, position=position)
        for position, person in enumerate(dict.fromkeys(people), start=1)
    )


def _fingerprint(proposal, target_groups, contacts):
    """One string for all that the submitter typed."""
    typed = [getattr(proposal, field) for field in ("title", "region_id", *Proposal.TEXTS)]
    typed += [proposal.submitter_name, proposal.submitter_email]
    typed += [sorted(group.pk for group in target_groups), [sorted(fields.items()) for fields in contacts]]
    return hashlib.sha256(json.dumps(typed).encode()).hexdigest()


def _submitted_before(proposal):
    return Proposal.objects.filter(meeting=proposal.meeting, fingerprint=proposal.fingerprint).first()
