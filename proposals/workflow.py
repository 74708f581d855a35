"""The steps of a proposal. Only this module writes `Proposal.status`, and each step is one transaction."""

import hashlib
import json

from django.db import IntegrityError, transaction
from django.utils import timezone

from proposals import emails
from proposals.models import Contact, FormerAddress, Meeting, Proposal, ProposalContact, Status


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
        meeting = _numbering(current.meeting)
        _step(current, Status.PUBLISHED)
        current.number = current.number or Proposal.objects.next_number(meeting)
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


def _mail_once_saved(message, proposal):
    """Send when the transaction is committed. A mail server that fails is logged; the proposal is in all the same."""

    def send():
        message(proposal)

    transaction.on_commit(send, robust=True)


def move(proposal, meeting):
    """Move to another meeting. One with a number gets the next there, and its old address leads to the new one."""
    with transaction.atomic():
        current = _locked(proposal)
        meeting = _numbering(meeting)
        if current.number and current.meeting != meeting:
            _leave_address(current)
            current.number = Proposal.objects.next_number(meeting)
        current.meeting = meeting
        current.fingerprint = ""  # it was sent in to another meeting
        with current.one_snapshot():
            current.save()
    return current


def reschedule(meeting, date):
    """Change a meeting's date; the old addresses of its proposals lead to the new ones."""
    with transaction.atomic():
        current = _numbering(meeting)
        if current.date != date:
            for proposal in current.proposals.exclude(number=None).select_related("meeting"):
                _leave_address(proposal)
            FormerAddress.objects.filter(date=date, proposal__meeting=current).delete()  # back where it once was
            current.date = date
            current.save()
    return current


def _leave_address(proposal):
    FormerAddress.objects.update_or_create(
        date=proposal.meeting.date, number=proposal.number, defaults={"proposal": proposal}
    )


def _numbering(meeting):
    """The meeting, held: everybody who numbers within it waits here, so that two at once never get the same number."""
    return Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)


def _locked(proposal):
    """The proposal as it is now, held until the transaction ends. The bare row: PostgreSQL can't lock outer joins."""
    return Proposal.objects.select_for_update().get(pk=proposal.pk)


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
