"""Sending: each mail is saved with what it tells of, and sent at most once after the commit."""

import logging
import time
from functools import partial
from smtplib import SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from threading import Lock, Thread

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connections, transaction

from proposals import throttle
from proposals.emails.composing import compose
from proposals.models import Mail, Proposal

PER_HOUR = 5  # mails that a stranger can cause, to one mailbox
PER_HOUR_TO_SECRETARIAT = 30
BATCH_SIZE = 50  # mails over one connection
SEND_LOCK, SEND_LOCK_SECONDS = "mail", 120  # seconds, should the process that is sending be killed
MAX_POLLS = 10  # times, a second apart
RELATED = ("proposal__meeting", "proposal__region", "meeting", "region", "late_link__meeting")

Kind = Mail.Kind
# To all who have sent in what a proposal consists of
TO_ALL_SUBMITTERS = (
    *(Kind.RECEIPT, Kind.CHANGED, Kind.RETURNED, Kind.PUBLISHED, Kind.WITHDRAWN, Kind.RESTORED),
    *(Kind.MERGED, Kind.UNMERGED),
)

logger = logging.getLogger(__name__)


def send(*mails):
    """Save the mails in the current transaction and send them after the commit; None is skipped.

    Of what concerns all submitters of a merged proposal, each gets one.
    """
    kept = [mail for mail in mails if mail]
    kept += _to_the_others(kept)
    for mail in kept:
        mail.save()
    if kept:
        begin = _sender.wake if settings.SEND_MAIL_IN_BACKGROUND else partial(deliver, kept)
        transaction.on_commit(begin, robust=True)


def _to_the_others(mails):
    """Mails like these to the submitters of what has been merged into their proposals."""
    shared = {mail.proposal_id: mail for mail in mails if mail.kind in TO_ALL_SUBMITTERS}
    others = Proposal.objects.merged_into(shared) if shared else []
    copies = {}
    for other in others:
        mail, address = shared[other.merged_into_id], other.submitter_email
        if address.lower() != mail.to.lower():
            copy = Mail(kind=mail.kind, to=address, reply_to=mail.reply_to, proposal=other)
            copies.setdefault((mail.proposal_id, address.lower()), copy)
    return list(copies.values())


class _Sender:
    """The thread of this process that sends what is due, so that nobody who saves waits for a mail server.

    It ends when there is nothing more to send, and the server waits for it when it stops.
    """

    def __init__(self):
        self._lock = Lock()
        self._thread = None
        self._is_wanted = False

    def wake(self):
        with self._lock:
            self._is_wanted = True
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="mail")
                self._thread.start()

    def _run(self):
        while self._is_still_wanted():
            try:
                _send_due()
            except DatabaseError as error:
                logger.error("Mails wait", exc_info=error)
            finally:
                connections.close_all()

    def _is_still_wanted(self):
        with self._lock:
            is_wanted, self._is_wanted = self._is_wanted, False
            if not is_wanted:
                self._thread = None
            return is_wanted


_sender = _Sender()


def _send_due():
    """Send what is due, or wait until the process that is sending has. The rest waits for `manage.py send_mails`."""
    for _ in range(MAX_POLLS):
        if deliver_due() or not Mail.objects.due().exists():
            return
        time.sleep(1)


def deliver_due():
    """Send all that is due; False when another process is sending."""
    turn = throttle.take_lock(SEND_LOCK, SEND_LOCK_SECONDS)
    if not turn:
        return False
    try:
        while due := list(Mail.objects.due().select_related(*RELATED)[:BATCH_SIZE]):
            deliver(due)
    finally:
        throttle.give_back([turn])
    return True


def deliver(mails):
    """Send those of the mails that wait, over one connection. A failure is logged and kept; nothing is raised.

    When the server doesn't answer the rest isn't tried: each attempt would last as long.
    """
    waiting = list(mails)
    if not waiting:
        return
    try:
        with get_connection() as connection:
            while waiting:
                if not _is_over_limit(waiting[0]):
                    _deliver_one(waiting[0], connection)
                del waiting[0]
    except OSError as error:
        for mail in waiting:
            _fail(mail, error)


def greet_server():
    """Connect and sign in without sending anything. Raises OSError."""
    with get_connection():
        pass


def _is_over_limit(mail):
    """Whether the mailbox is over its limit, so that the mail is summarized later."""
    if mail.kind not in Mail.LIMITED:
        return False
    limit = PER_HOUR_TO_SECRETARIAT if mail.to == settings.SECRETARIAT_EMAIL else PER_HOUR
    until = Mail.objects.full_until(mail.mailbox, limit)
    if until:
        Mail.objects.collect(mail, until)
    return bool(until)


def _deliver_one(mail, connection):
    """Raises OSError when the server is gone."""
    if not Mail.objects.begin(mail):
        return
    try:
        message = compose(mail)
    except Exception as error:  # whatever it is, it holds up none of the others
        Mail.objects.give_back(mail)
        _fail(mail, error)
        return
    Mail.objects.filter(pk=mail.pk).update(subject=mail.subject, body=mail.body)
    message.connection = connection
    try:
        message.send()
    except (TimeoutError, SMTPServerDisconnected):
        Mail.objects.give_back(mail)
        raise
    except (OSError, ValueError) as error:  # this mail or its address
        Mail.objects.give_back(mail)
        _fail(mail, error, is_refused=_is_permanent(error))
    else:
        Mail.objects.finish(mail)


def _is_permanent(error):
    """Whether the refusal is permanent: 5xx, or a mail that can't be written."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


def _fail(mail, error, is_refused=False):
    # Without the address and the subject: logs hold no personal data
    logger.error("Mail %s (%s) wasn't sent: %s", mail.pk, mail.kind, type(error).__name__)
    Mail.objects.postpone(mail, f"{type(error).__name__}: {error}", is_refused)
