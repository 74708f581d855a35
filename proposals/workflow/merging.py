"""Merging two proposals into one, and undoing it within the day."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from proposals import emails
from proposals.models import Change, Proposal, ProposalContact, Status
from proposals.workflow.handling import revert
from proposals.workflow.recording import recorded_change
from proposals.workflow.transition import StepNotAllowed, transition

UNDO_TIME = timedelta(days=1)
MERGEABLE = (Status.SUBMITTED, Status.RETURNED, Status.PUBLISHED)


def why_not_merge(proposal, other):
    """Return why `other` can't become a part of `proposal`, to tell a person, or ""."""
    for one in (proposal, other):
        if one.status not in MERGEABLE:
            return f"”{one}” har status {one.get_status_display()} och kan inte slås ihop med ett annat."
    if proposal.pk == other.pk:
        return "Välj två olika förslag."
    if proposal.meeting_id != other.meeting_id:
        return "Förslagen hör till olika möten. Flytta det ena först."
    if other.is_published and not proposal.is_published:
        return f"”{other}” är publicerat, så det är det som får bli kvar."
    if other.merged.exists():
        return f"”{other}” består redan av flera förslag, så det är det som får bli kvar."
    return ""


def merge(proposal, other, texts):
    """Make `other` a part of `proposal`, which from now on says `texts`, {"title" or a section: text}.

    Both senders, the contacts and target groups stay. `other` is withdrawn; its address, edit link and reference lead
    to `proposal`. Both submitters get a mail. Returns the proposal as saved; raises StepNotAllowed.
    """
    with transaction.atomic():
        current, part = _lock_both(proposal, other)
        if refusal := why_not_merge(current, part):
            raise StepNotAllowed(refusal)
        with recorded_change(current, Change.MERGED, note=f"{part.reference} {part.title}"):
            _take_over(current, part, texts)
        transition(part, Status.WITHDRAWN)
        part.merged_into, part.fingerprint = current, ""
        with recorded_change(part, Change.MERGED, note=f"{current.reference} {current.title}"):
            part.save()
        emails.send(emails.merged(current))
    return current


def can_unmerge(latest, other):
    """Whether merging `other` is `latest`, the newest row of the merged proposal's history, and of the last day."""
    return (
        other.merged_into_id == latest.id
        and latest.history_change_reason == Change.MERGED
        and latest.note.startswith(f"{other.reference} ")
        and latest.history_date > timezone.now() - UNDO_TIME
    )


def unmerge(other):
    """Undo the merging of `other`: both proposals are as they were, and both submitters get a mail.

    Returns the proposal that it had become a part of; raises StepNotAllowed when that has been changed since.
    """
    with transaction.atomic():
        if not other.merged_into_id:
            raise StepNotAllowed(f"”{other}” är inte hopslaget med något.")
        current, part = _lock_both(other.merged_into, other)
        if not can_unmerge(current.history.first(), part):
            raise StepNotAllowed(
                "Det gemensamma förslaget har ändrats efter sammanslagningen, eller så är den äldre än ett dygn. "
                "Ångra återtagandet av det andra förslaget i stället, så finns båda."
            )
        emails.send(emails.unmerged(current))  # while both are known to belong together
        transition(part, part.before_withdrawal, origins=[Status.WITHDRAWN])
        part.merged_into = None
        with recorded_change(part, Change.UNMERGED):
            part.save()
        before = current.history.all()[1]
        if before.submitter_email != current.submitter_email:
            current.link_keys.all().delete()
        submitter = {"submitter_name": before.submitter_name, "submitter_email": before.submitter_email}
        Proposal.objects.filter(pk=current.pk).update(**submitter)
        return revert(current, before, change=Change.UNMERGED)


def _lock_both(one, other):
    """Return both rows as they are now, locked in the order of their keys."""
    held = Proposal.objects.select_for_update(no_key=True).filter(pk__in=[one.pk, other.pk]).order_by("pk")
    by_key = {proposal.pk: proposal for proposal in held}
    return by_key[one.pk], by_key[other.pk]


def _take_over(proposal, other, texts):
    for name in {"title", *Proposal.TEXTS} & texts.keys():
        setattr(proposal, name, texts[name])
    senders = list(dict.fromkeys([*proposal.senders, *other.senders]))
    proposal.region = next(iter(senders), None)
    proposal.fingerprint = ""
    if not proposal.submitter_email:
        proposal.submitter_name, proposal.submitter_email = other.submitter_name, other.submitter_email
    proposal.save()
    proposal.co_senders.set(senders[1:])
    proposal.target_groups.add(*other.target_groups.all())
    position = max((row.position for row in proposal.contact_rows.all()), default=0)
    known = set(proposal.contact_rows.values_list("contact", flat=True))
    new = [row.contact_id for row in other.contact_rows.all() if row.contact_id not in known]
    ProposalContact.objects.bulk_create(
        ProposalContact(proposal=proposal, contact_id=contact, position=place)
        for place, contact in enumerate(new, start=position + 1)
    )
