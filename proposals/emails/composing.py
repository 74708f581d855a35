"""From a row of the outbox to a message. It is done when the mail is sent, so that nobody who saves waits for it."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from proposals.emails.words import words_of
from proposals.history.versions import changes_since_submission
from proposals.models import LinkKey, Mail, Proposal

Kind = Mail.Kind
WITH_EDIT_LINK = {
    *(Kind.DRAFT, Kind.RECEIPT, Kind.CHANGED, Kind.RETURNED, Kind.RESTORED, Kind.MERGED, Kind.UNMERGED),
    Kind.UNFINISHED,
}
MOST_LISTED, MOST_COLLECTED = 20, 200  # proposals, and mails, that one mail tells of
# Other programs don't answer such a mail
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def compose(mail):
    """Return the EmailMessage, with new keys in its links; the Mail gets subject and body without them."""
    keys = []
    context = _context(mail, keys)
    # A subject is one line, whatever the title holds
    mail.subject = " ".join(render_to_string(f"emails/{mail.kind}.subject.txt", context).split())[:500]
    body = render_to_string(f"emails/{mail.kind}.body.txt", context).rstrip() + "\n"
    mail.body = body
    for key in keys:
        mail.body = mail.body.replace(key, "…")
    return EmailMessage(mail.subject, body, to=[mail.to], reply_to=[mail.reply_to], headers=HEADERS)


def _context(mail, keys):
    """Template context. Each new key is appended to `keys`."""
    proposal, link = mail.proposal and _as_seen_by_submitter(mail.proposal), mail.late_link
    context = {
        "proposal": proposal,
        "meeting": mail.meeting or (proposal and proposal.meeting),
        "region": mail.region,
        "link": link,
        "own_subject": mail.own_subject,
        "own_text": mail.own_text,
        "words": words_of(mail.kind),
        "reminder_number": mail.reminder_number,
        "name_in_subject": _name_in_subject(mail),
        "organisation": settings.ORGANISATION,
        "site_url": settings.SITE_URL,
        "secretariat_email": settings.SECRETARIAT_EMAIL,
    }
    if mail.kind in WITH_EDIT_LINK:
        proposal.edit_key = _issue(mail, keys, proposal=mail.proposal)
    elif mail.kind == Kind.EDIT_LINKS:
        context["proposals"] = _with_links(mail, keys, [mail.proposal] if proposal else _of_recipient(mail))
    elif mail.kind == Kind.LATE_LINK:
        link.key = _issue(mail, keys, late_link=link)
    elif mail.kind == Kind.PUBLISHED:
        context["changes"] = changes_since_submission(proposal)
    elif mail.kind == Kind.COLLECTED:
        context |= _collected(mail, keys)
    if proposal and mail.to == settings.SECRETARIAT_EMAIL:
        context["desk"] = settings.SITE_URL + reverse("admin:proposals_proposal_change", args=[proposal.pk])
    return context


def _name_in_subject(mail):
    """The proposal's title, or its reference for an address that may be of one who has never asked for a mail.

    Somebody who has opened a link that was mailed there has; else a stranger's words would arrive as ours.
    """
    if mail.proposal is None:
        return ""
    is_known = mail.to == settings.SECRETARIAT_EMAIL or LinkKey.objects.is_known(mail.to)
    return (mail.proposal.title if is_known else "") or mail.proposal.reference


def _as_seen_by_submitter(proposal):
    """The proposal that the submitter's own has become a part of, with the submitter's own name, or their own."""
    found = proposal.successor
    found.submitter_name, found.submitter_email = proposal.submitter_name, proposal.submitter_email
    return found


def _issue(mail, keys, **target):
    keys.append(LinkKey.objects.issue(mailed_to=mail.to, **target))
    return keys[-1]


def _with_links(mail, keys, proposals):
    found = []
    for proposal in proposals:
        found.append(_as_seen_by_submitter(proposal))
        found[-1].edit_key = _issue(mail, keys, proposal=proposal)
    return found


def _of_recipient(mail):
    return list(Proposal.objects.of_submitter(mail.to).with_sender_and_meeting()[:MOST_LISTED])


def _collected(mail, keys):
    collected = mail.collected.select_related("proposal__meeting").order_by("-pk")[:MOST_COLLECTED]
    happened = {}
    for one in reversed(collected):
        if one.proposal:
            happened.setdefault(one.proposal, {})[one.get_kind_display()] = None
    proposals = list(happened)
    if mail.to != settings.SECRETARIAT_EMAIL:
        # An address may have been corrected since
        proposals = [one for one in proposals if one.submitter_email.lower() == mail.to.lower()]
        if any(one.proposal is None for one in collected):
            proposals = list(dict.fromkeys([*proposals, *_of_recipient(mail)]))
        linked = _with_links(mail, keys, proposals[:MOST_LISTED])
        happened = {seen: happened.get(own, {}) for seen, own in zip(linked, proposals, strict=False)}
        proposals = [*linked, *proposals[MOST_LISTED:]]
    return {
        "listed": [(proposal, list(happened.get(proposal, ()))) for proposal in proposals[:MOST_LISTED]],
        "more": len(proposals) - MOST_LISTED,
        "is_for_secretariat": mail.to == settings.SECRETARIAT_EMAIL,
    }
