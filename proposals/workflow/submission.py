"""What a submitter does: saves a draft, sends in, changes what is sent in."""

import hashlib
import json

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from proposals import emails
from proposals.models import Change, Contact, LateLink, Proposal, ProposalContact, Status
from proposals.workflow.recording import recorded_change
from proposals.workflow.transition import lock, transition


class LinkUsed(Exception):
    """The late link has been used, or its time was up, since the page was opened."""


def save_draft(proposal, target_groups, draft_data, late_link=None):
    """Keep what is typed so far, of a new proposal, a draft or one that is returned, and mail the edit link.

    `draft_data` is what isn't ready for a field of its own (see Proposal.draft_data). The link is mailed when it is
    new to the address. The same new content once more, from a double click, is saved and mailed once. Returns the
    proposal that is saved; raises LinkUsed.
    """
    is_new = proposal.pk is None
    address_is_known = (
        not is_new and Proposal.objects.filter(pk=proposal.pk, submitter_email=proposal.submitter_email).exists()
    )
    proposal.draft_data = draft_data

    def save():
        _save(proposal, target_groups, Change.DRAFTED)
        if not address_is_known:
            emails.send(emails.draft(proposal))

    return (
        _save_new_once(proposal, target_groups, draft_data, late_link, save)
        if is_new
        else _save_in_transaction(save, proposal)
    )


def submit(proposal, target_groups, contacts, late_link=None):
    """Take in a new proposal, or one that was a draft or returned; the submitter and the secretariat get a mail.

    `contacts` are dicts of a Contact's fields, in their order. The same new content for the same meeting once more,
    from a double click or a reload, saves and mails nothing. Returns the proposal that is saved; raises LinkUsed.
    """
    is_completed = proposal.status == Status.RETURNED

    def save():
        transition(proposal, Status.SUBMITTED, origins=[Status.DRAFT, Status.RETURNED])
        now = timezone.now()
        proposal.submitted_at = proposal.submitted_at or now
        proposal.revised_at = now if is_completed else None
        proposal.draft_data = {}
        _save(proposal, target_groups, Change.SUBMITTED, contacts)
        notice = emails.completed if is_completed else emails.new_proposal
        emails.send(emails.receipt(proposal), notice(proposal))

    if proposal.pk is None:
        return _save_new_once(proposal, target_groups, contacts, late_link, save)
    return _save_in_transaction(save, proposal)


def revise(proposal, target_groups, contacts):
    """Save a submitter's changes to what is sent in, and mail a receipt; nothing when nothing is changed.

    Returns whether anything was.
    """
    with transaction.atomic():
        before = _submitted_content(lock(proposal))
        proposal.draft_data = {}
        proposal.revised_at = timezone.now()
        with transaction.atomic():
            _save(proposal, target_groups, Change.REVISED, contacts)
            is_changed = _submitted_content(proposal) != before
            transaction.set_rollback(not is_changed)
        if is_changed:
            emails.send(emails.changed(proposal))
    return is_changed


def renew_edit_link(proposal):
    """Invalidate all edit links and mail a new one."""
    with transaction.atomic():
        current = lock(proposal)
        current.link_keys.all().delete()
        # One that waits would bring a new key to an address that may be the wrong one
        current.mails.filter(sent_at=None, begun_at=None).exclude(to=settings.SECRETARIAT_EMAIL).delete()
        emails.send(emails.edit_link(current))


def _save_in_transaction(save, proposal):
    with transaction.atomic():
        save()
    return proposal


def _save_new_once(proposal, target_groups, rest, late_link, save):
    """Save a new proposal, or return the existing one with the same content."""
    proposal.fingerprint = _fingerprint(proposal, target_groups, rest)
    try:
        with transaction.atomic():
            if late_link:
                proposal.open_until = late_link.expires_at
            save()
            if late_link:
                _use(late_link, proposal)
    except (IntegrityError, LinkUsed):
        earlier = Proposal.objects.filter(meeting=proposal.meeting, fingerprint=proposal.fingerprint).first()
        if earlier is None:
            raise
        return earlier
    return proposal


def _use(late_link, proposal):
    used = LateLink.objects.usable().filter(pk=late_link.pk).update(used_at=timezone.now(), proposal=proposal)
    if not used:
        raise LinkUsed


def _save(proposal, target_groups, change, contacts=None):
    if proposal.pk:
        proposal.fingerprint = ""  # what was typed first may be sent in again
    with recorded_change(proposal, change):
        proposal.save()
        proposal.target_groups.set(target_groups)
        if contacts is not None:
            set_contacts(proposal, contacts)


def set_contacts(proposal, contacts):
    """Replace the contacts by these, dicts of a Contact's fields in their order."""
    people = [Contact.objects.get_or_create(**fields)[0] for fields in contacts]
    proposal.contact_rows.all().delete()
    ProposalContact.objects.bulk_create(
        ProposalContact(proposal=proposal, contact=person, position=position)
        for position, person in enumerate(dict.fromkeys(people), start=1)
    )


def _submitted_content(proposal):
    saved = Proposal.objects.get(pk=proposal.pk)
    fields = ("title", "region_id", *Proposal.TEXTS, "submitter_name", "submitter_email")
    groups = set(saved.target_groups.values_list("pk", flat=True))
    people = list(saved.contact_rows.values_list("contact", flat=True))
    return [getattr(saved, field) for field in fields], groups, people


def is_saved_as(saved, proposal, target_groups, rest):
    """Whether `saved` is what `save_draft` or `submit` would save with the same arguments."""
    return saved.fingerprint == _fingerprint(proposal, target_groups, rest)


def _fingerprint(proposal, target_groups, rest):
    typed = [getattr(proposal, field) for field in ("title", "region_id", *Proposal.TEXTS)]
    typed += [proposal.submitter_name, proposal.submitter_email, sorted(group.pk for group in target_groups), rest]
    return hashlib.sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest()
