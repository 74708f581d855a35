"""The mails that the site sends: one function each gives the mail, `send` keeps it and sends it. Nothing else does."""

import logging
import time
from functools import partial
from smtplib import SMTPServerDisconnected

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from proposals.models import Mail
from proposals.versions import changes_since_submission

# In the shared cache: who is sending, over all processes, and whether the mail server has just been silent
TURN, SILENCE = "mails:turn", "mails:silence"
LONGEST_SENDING = 10  # seconds that somebody waits for it who has sent in; the rest is left to the next turn
TURN_LASTS = 120  # seconds, should the one whose turn it is be killed
SILENCE_LASTS = 60  # seconds
MOST_OF_OTHERS = 20  # mails that one person's turn sends for others

logger = logging.getLogger(__name__)
Kind = Mail.Kind


# To the submitter


def draft(proposal):
    """A draft is saved, and this link leads back to it."""
    return _to_submitter(Kind.DRAFT, proposal)


def receipt(proposal):
    """The proposal has arrived, this is what it says, and until when it may be changed."""
    return _to_submitter(Kind.RECEIPT, proposal)


def changed(proposal):
    """The submitter's changes are saved, and this is what it says now."""
    return _to_submitter(Kind.CHANGED, proposal)


def returned(proposal):
    """The secretariat asks for something, in its own words."""
    return _to_submitter(Kind.RETURNED, proposal)


def published(proposal):
    """The proposal has a number and an address, and this is what the secretariat has changed in it."""
    return _to_submitter(Kind.PUBLISHED, proposal, changes=changes_since_submission(proposal) if proposal.pk else [])


def withdrawn(proposal):
    """The proposal is withdrawn."""
    return _to_submitter(Kind.WITHDRAWN, proposal)


def restored(proposal):
    """The withdrawal is undone."""
    return _to_submitter(Kind.RESTORED, proposal)


def edit_links(address, proposals):
    """The links to these proposals, once more; all are the submitter's with that address."""
    return _mail(Kind.EDIT_LINKS, to=address, proposals=proposals)


def late_link(link):
    """A link with which to send in although the window is closed."""
    return _mail(Kind.LATE_LINK, to=link.email, meeting=link.meeting, link=link)


def reminder(meeting, region, address):
    """To a member that hasn't sent in anything: the window closes soon."""
    return _mail(Kind.REMINDER, to=address, meeting=meeting, region=region)


# To the secretariat


def new_proposal(proposal):
    """A proposal has come in."""
    return _to_secretariat(Kind.NEW_PROPOSAL, proposal)


def completed(proposal):
    """A proposal that was returned is back."""
    return _to_secretariat(Kind.COMPLETED, proposal)


def withdrawn_by_submitter(proposal):
    """A submitter has withdrawn what was sent in."""
    return _to_secretariat(Kind.WITHDRAWN_BY_SUBMITTER, proposal)


# Sending


def send(*mails):
    """Keep the mails in the transaction that is open, and send them when it is committed; None stands for no mail."""
    kept = [mail for mail in mails if mail]
    for mail in kept:
        mail.save()
    if kept:
        transaction.on_commit(partial(_deliver_in_turn, kept), robust=True)


def _deliver_in_turn(mails):
    """Send the mails, and those that others have left meanwhile because somebody was sending.

    One sends at a time, and nobody for a while after the server was silent, so that a server that hangs holds up one
    person and not all who send in. What isn't sent waits, for the next turn or for `manage.py send_mails`.
    """
    if cache.get(SILENCE) or not cache.add(TURN, True, TURN_LASTS):
        return
    until = time.monotonic() + LONGEST_SENDING
    try:
        deliver(mails, until)
        if not cache.get(SILENCE):
            deliver(Mail.objects.untried().order_by("pk")[:MOST_OF_OTHERS], until)
    finally:
        cache.delete(TURN)


def deliver(mails, until=None):
    """Send those of the mails that wait, over one connection. A failure is logged and kept; nothing is raised.

    `until`, by time.monotonic(), is when no further one is begun. When the server doesn't answer the rest isn't tried:
    each attempt would make somebody wait.
    """
    waiting = list(mails)
    if not waiting:
        return
    try:
        with get_connection() as connection:
            while waiting and (until is None or time.monotonic() < until):
                _deliver_one(waiting[0], connection)
                del waiting[0]
    except OSError as error:
        cache.set(SILENCE, True, SILENCE_LASTS)
        for mail in waiting:
            _fail(mail, error)


def greet_server():
    """Connect to the mail server, sign in and leave; OSError when that fails. Nothing is sent."""
    with get_connection():
        pass


def _deliver_one(mail, connection):
    """Send a mail that waits; OSError when the server is gone."""
    if not Mail.objects.begin(mail):
        return
    message = EmailMessage(mail.subject, mail.body, to=[mail.to], reply_to=[mail.reply_to], connection=connection)
    try:
        message.send()
    except (TimeoutError, SMTPServerDisconnected):
        Mail.objects.give_back(mail)
        raise
    except (OSError, ValueError) as error:  # this mail or its address
        Mail.objects.give_back(mail)
        _fail(mail, error)
    else:
        Mail.objects.finish(mail)


def _fail(mail, error):
    # Without the address and the subject: logs hold no personal data
    logger.error("Mail %s (%s) wasn't sent: %s", mail.pk, mail.kind, type(error).__name__)
    Mail.objects.explain(mail, f"{type(error).__name__}: {error}")


# What the mails are made of


def _to_submitter(kind, proposal, **context):
    """None when nobody is known to have sent the proposal in."""
    if not proposal.submitter_email:
        return None
    return _mail(kind, to=proposal.submitter_email, proposal=proposal, **context)


def _to_secretariat(kind, proposal):
    desk = settings.SITE_URL + reverse("admin:proposals_proposal_change", args=[proposal.pk])
    to, reply_to = settings.SECRETARIAT_EMAIL, proposal.submitter_email
    return _mail(kind, to=to, reply_to=reply_to, proposal=proposal, desk=desk)


def _mail(kind, to, reply_to="", proposal=None, meeting=None, **context):
    """An unsaved Mail from the templates emails/<kind>.subject.txt and .body.txt."""
    context |= {
        "proposal": proposal,
        "meeting": meeting or (proposal and proposal.meeting),
        "site_url": settings.SITE_URL,
        "secretariat_email": settings.SECRETARIAT_EMAIL,
    }
    return Mail(
        kind=kind,
        to=to,
        reply_to=reply_to or settings.SECRETARIAT_EMAIL,
        # A subject is one line, whatever the title holds
        subject=" ".join(render_to_string(f"emails/{kind}.subject.txt", context).split())[:500],
        body=render_to_string(f"emails/{kind}.body.txt", context).rstrip() + "\n",
        proposal=proposal,
        meeting=meeting,
    )
