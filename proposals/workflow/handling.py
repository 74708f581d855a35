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
    """Undo a withdrawal: the proposal becomes what it was, and the submitter gets a mail. Returns it as saved."""
    with transaction.atomic():
        current = lock(proposal)
        if current.status != Status.WITHDRAWN:
            raise StepNotAllowed(f"”{current}” är inte återtaget.")
        transition(current, current.before_withdrawal, origins=[Status.WITHDRAWN])
        if current.status == Status.PUBLISHED and not current.number:
            give_number(current)
        _save(current, Change.RESTORED)
        emails.send(emails.restored(current))
    return current


def revert(proposal, version):
    """Let the proposal say what it said in `version`, a row of its history; status, number and meeting stay.

    Senders, groups and contacts that no longer exist are left out. Returns it as saved.
    """
    with transaction.atomic():
        current = lock(proposal)
        for field in Proposal.TEXTS:
            setattr(current, field, getattr(version, field))
        current.title = version.title or current.title  # a draft may have had none
        current.region = Region.objects.filter(pk=version.region_id).first()
        groups = [row.targetgroup_id for row in version.target_groups.all()]
        contacts = {row.contact_id: row.position for row in version.contacts.all()}
        with recorded_change(current, Change.REVERTED):
            current.save()
            current.target_groups.set(current.target_groups.model.objects.filter(pk__in=groups))
            current.contact_rows.all().delete()
            known = current.contacts.model.objects.filter(pk__in=contacts)
            ProposalContact.objects.bulk_create(
                ProposalContact(proposal=current, contact=contact, position=contacts[contact.pk]) for contact in known
            )
    return current


def _end_of_day(ahead):
    return timezone.make_aware(datetime.combine(timezone.localdate() + ahead, END_OF_DAY))


def _save(proposal, change):
    with recorded_change(proposal, change):
        proposal.save()
