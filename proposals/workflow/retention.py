"""What is removed when it has been kept for long enough: so many whole months after its meeting as the settings say.

What a person reads stays as it is: a published proposal keeps its number, texts and address. Whatever hangs on what is
removed goes with it: mails, history, the admin's log, the search's words, kept booklets.
"""

from calendar import monthrange
from collections import Counter
from datetime import date

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone

from proposals.models import (
    BookletFile,
    Contact,
    ContentVersion,
    ImportPreview,
    LateLink,
    Mail,
    Posting,
    Proposal,
    ProposalContact,
    RateLimit,
    Word,
)


def prune(dry_run=False):
    """Remove what has been kept for long enough, all of it or nothing. Returns how many of each kind, a Counter.

    With `dry_run` it is only counted: everything is done and taken back.
    """
    removed = Counter()
    with transaction.atomic():
        for months, remove in (
            (settings.KEEP_DRAFTS_MONTHS, _remove_drafts),
            (settings.KEEP_SUBMITTERS_MONTHS, _remove_submitters),
            (settings.KEEP_CONTACTS_MONTHS, _remove_contacts),
        ):
            if months:
                removed += remove(_months_ago(months))
        removed += _remove_sessions() + _remove_previews()
        if removed:
            Word.objects.forget_unused()
            BookletFile.objects.all().delete()
            ContentVersion.objects.bump()
        removed += _remove_expired()
        transaction.set_rollback(dry_run)
    if not dry_run:
        # Batch by batch, so that nobody who writes waits for long
        Proposal.objects.unindexed().index()
    return removed


def rewrite_file():
    """Have SQLite write its file anew: in parts that it doesn't use, what was removed stands until then.

    Raises DatabaseError when it can't.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0]:
                raise DatabaseError("somebody has been reading all the while")


def _months_ago(months):
    today = timezone.localdate()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _remove_drafts(day):
    """Of meetings before `day`: what was never sent in, and traces of deleted proposals."""
    drafts = Proposal.objects.of_meetings_before(day).never_sent_in()
    keys = list(drafts.values_list("pk", flat=True))
    versions = Proposal.history.filter(id__in=keys)
    left = Proposal.history.of_deleted().of_meetings_before(day)
    mails, links = Mail.objects.filter(proposal__in=keys), LateLink.objects.filter(proposal__in=keys)
    people = _people(ProposalContact.objects.filter(proposal__in=keys), versions) | _people((), left)
    removed = Counter(drafts=len(keys), mails=mails.count(), late_links=links.count(), traces=left.erase())
    removed["traces"] += _erase_log(drafts)
    links.delete()
    Proposal.objects.filter(pk__in=keys).delete()
    versions.erase()
    removed["traces"] += _erase_log_of_deleted(Proposal, day) + _erase_log_of_deleted(LateLink, day)
    return removed + _delete_unnamed(people)


def _remove_submitters(day):
    """Of meetings before `day`: submitters and what was written to them."""
    mails, links = Mail.objects.of_meetings_before(day), LateLink.objects.of_meetings_before(day)
    removed = Counter(mails=mails.count(), late_links=links.count())
    removed["submitters"] = Proposal.objects.of_meetings_before(day).forget_submitters()
    removed["traces"] = Proposal.history.of_meetings_before(day).forget_submitters()
    mails.delete()
    links.delete()
    removed["traces"] += _erase_log_of_deleted(Mail, day) + _erase_log_of_deleted(LateLink, day)
    return removed


def _remove_contacts(day):
    """Of meetings before `day`: contacts of proposals, and mails."""
    proposals, versions = Proposal.objects.of_meetings_before(day), Proposal.history.of_meetings_before(day)
    named, mails = ProposalContact.objects.filter(proposal__in=proposals), Mail.objects.of_meetings_before(day)
    people = _people(named, versions)
    naming = set(named.values_list("proposal", flat=True))
    removed = Counter(naming=len(naming), mails=mails.count(), traces=versions.forget_contacts())
    removed["traces"] += proposals.exclude(draft_data={}).update(draft_data={})
    removed["traces"] += _log(proposals).filter(change_message__contains='"object"').update(change_message="")
    named.delete()
    mails.delete()
    removed += _delete_unnamed(people)
    removed["traces"] += Contact.history.of_deleted().that_ended_before(day).delete()[0]
    removed["traces"] += _erase_log_of_deleted(Contact, day)
    Posting.objects.filter(proposal__in=naming).delete()
    Proposal.objects.filter(pk__in=naming).forget_index()
    return removed


def _remove_sessions():
    """Expired sessions, and receipts of proposals without a submitter."""
    removed = Counter(sessions=Session.objects.filter(expire_date__lt=timezone.now()).delete()[0])
    for session in Session.objects.all():
        data = session.get_decoded()
        receipt = data.pop("receipt", None)
        if receipt and not Proposal.objects.filter(pk=receipt).exclude(submitter_email="").exists():
            session.session_data = Session.objects.encode(data)
            session.save()
            removed["receipts"] += 1
    return removed


def _remove_previews():
    return Counter(previews=ImportPreview.objects.outdated().delete()[0])


def _remove_expired():
    return Counter(expired=BookletFile.objects.too_old().delete()[0] + RateLimit.objects.over().delete()[0])


def _people(rows, versions):
    """Keys of the contacts that these ProposalContacts and versions name."""
    return {row.contact_id for row in rows} | set(versions.contact_links().values_list("contact", flat=True))


def _delete_unnamed(people):
    """Delete contacts that nothing names any more."""
    unnamed = Contact.objects.filter(pk__in=people).unnamed()
    keys = list(unnamed.values_list("pk", flat=True))
    _erase_log(unnamed)
    Contact.objects.filter(pk__in=keys).delete()
    Contact.history.filter(id__in=keys).delete()
    return Counter(contacts=len(keys))


def _log(things):
    keys = things.order_by().annotate(object_id=Cast("pk", CharField())).values("object_id")
    return LogEntry.objects.filter(content_type=_kind(things.model), object_id__in=keys)


def _erase_log(things):
    return _log(things).delete()[0]


def _erase_log_of_deleted(model, day):
    """Delete what the admin's log says about deleted objects before `day`."""
    there = _log(model.objects.all()).order_by().values("pk")
    about = LogEntry.objects.filter(content_type=_kind(model), action_time__date__lt=day)
    return about.exclude(pk__in=there).delete()[0]


def _kind(model):
    return ContentType.objects.get_for_model(model)
