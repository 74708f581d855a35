"""What the secretariat does with one proposal; a submitter may withdraw as well."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from proposals import emails
from proposals.models import Change, Proposal, ProposalContact, Region, Status
from proposals.models.meeting import END_OF_DAY
from proposals.workflow.numbering import give_number
from proposals.workflow.recording import recorded_change
from proposals.workflow.transition import StepNotAllowed, lock, transition

# At least, for what is returned, whatever becomes of the meeting's last day
COMPLETION_TIME = timedelta(days=7)


def register(proposal):
    """Submit a new, unsaved proposal that the secretariat typed in, without any mail."""
    transition(proposal, Status.SUBMITTED)
    proposal.submitted_at = proposal.seen_at = timezone.now()


def is_hidden_draft(proposal):
    """Whether it is a draft that the secretariat hasn't opened: only its title, sender and age are to be seen."""
    return proposal.is_draft and not proposal.history.filter(history_change_reason=Change.OPENED).exists()


def open_draft(proposal):
    """Let the secretariat see a draft, to help its submitter; the history tells who did. Returns it as saved."""
    with transaction.atomic():
        current = lock(proposal)
        _save(current, Change.OPENED)
    return current


def take_in(proposal):
    """Send in a draft for its submitter, who gets the receipt. Returns it as saved."""
    with transaction.atomic():
        current = lock(proposal)
        transition(current, Status.SUBMITTED, origins=[Status.DRAFT])
        if not current.title:
            raise StepNotAllowed("Utkastet behöver en rubrik innan det kan tas in.")
        current.submitted_at = current.seen_at = timezone.now()
        _save(current, Change.TAKEN_IN)
        emails.send(emails.receipt(current) if current.submitter_email else None)
    return current


def return_to_submitter(proposal, message, open_until=None):
    """Ask the submitter to complete the proposal: `message` is mailed with the edit link.

    It can be changed for COMPLETION_TIME at least, and until `open_until`. Returns it as saved.
    """
    with transaction.atomic():
        current = lock(proposal)
        transition(current, Status.RETURNED)
        if not current.submitter_email:
            raise StepNotAllowed(f"”{current}” har ingen förslagsställare att skicka tillbaka till.")
        current.return_message = message
        current.open_until = max(filter(None, [open_until, current.open_until, _end_of_day(COMPLETION_TIME)]))
        current.fingerprint = ""  # it will change
        _save(current, Change.RETURNED)
        emails.send(emails.returned(current))
    return current


def cancel_return(proposal):
    """Accept a returned proposal as it is, without any mail."""
    with transaction.atomic():
        current = lock(proposal)
        transition(current, Status.SUBMITTED, origins=[Status.RETURNED])
        _save(current, Change.TAKEN_BACK)
    return current


def withdraw(proposal, by_submitter=False):
    """Take a proposal out of what is public and of what waits; its number stays its own. Returns it as saved.

    The submitter gets a mail; so does the secretariat when the submitter withdraws what was sent in.
    """
    with transaction.atomic():
        current = lock(proposal)
        was_sent_in = current.status != Status.DRAFT
        transition(current, Status.WITHDRAWN)
        current.fingerprint = ""  # the same text may be sent in again
        _save(current, Change.WITHDRAWN)
        notice = emails.withdrawn_by_submitter(current) if by_submitter and was_sent_in else None
        emails.send(emails.withdrawn(current), notice)
    return current


def restore(proposal):
    """Undo a withdrawal: the proposal becomes what it was, and the submitter gets a mail. Returns it as saved.

    One that was merged into another becomes its own again; the other stays as it is.
    """
    with transaction.atomic():
        current = lock(proposal)
        if current.status != Status.WITHDRAWN:
            raise StepNotAllowed(f"”{current}” är inte återtaget.")
        transition(current, current.before_withdrawal, origins=[Status.WITHDRAWN])
        current.merged_into = None
        if current.status == Status.PUBLISHED and not current.number:
            give_number(current)
        _save(current, Change.RESTORED)
        emails.send(emails.restored(current))
    return current


def add_target_groups(proposal, groups):
    """Add target groups to those that the proposal has. Returns it as saved."""
    with transaction.atomic():
        current = lock(proposal)
        with recorded_change(current):
            current.target_groups.add(*groups)
            current.save()
    return current


REVERTED_FIELDS = ("title", "region", "co_senders", *Proposal.TEXTS, "target_groups", "contacts")


def revert(proposal, version, fields=REVERTED_FIELDS, change=Change.REVERTED):
    """Let the proposal say in `fields` what it said in `version`, a row of its history; all else stays.

    Senders, groups and contacts that no longer exist are left out. Returns it as saved.
    """
    with transaction.atomic():
        current = lock(proposal)
        for field in set(Proposal.TEXTS) & set(fields):
            setattr(current, field, getattr(version, field))
        if "title" in fields:
            current.title = version.title or current.title  # a draft may have had none
        if "region" in fields:
            current.region = Region.objects.filter(pk=version.region_id).first()
        with recorded_change(current, change):
            current.save()
            if "co_senders" in fields:
                senders = [row.region_id for row in version.co_senders.all()]
                current.co_senders.set(Region.objects.filter(pk__in=senders))
            if "target_groups" in fields:
                groups = [row.targetgroup_id for row in version.target_groups.all()]
                current.target_groups.set(current.target_groups.model.objects.filter(pk__in=groups))
            if "contacts" in fields:
                _revert_contacts(current, version)
    return current


def _revert_contacts(proposal, version):
    positions = {row.contact_id: row.position for row in version.contacts.all()}
    proposal.contact_rows.all().delete()
    ProposalContact.objects.bulk_create(
        ProposalContact(proposal=proposal, contact=contact, position=positions[contact.pk])
        for contact in proposal.contacts.model.objects.filter(pk__in=positions)
    )


def _end_of_day(ahead):
    return timezone.make_aware(datetime.combine(timezone.localdate() + ahead, END_OF_DAY))


def _save(proposal, change):
    with recorded_change(proposal, change):
        proposal.save()
