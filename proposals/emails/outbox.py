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
from proposals.models import Mail

PER_HOUR = 5  # mails that a stranger can cause, to one mailbox
PER_HOUR_TO_SECRETARIAT = 30
AT_ONCE = 50  # mails over one connection
TURN, TURN_LASTS = "mail", 120  # seconds, should the process that is sending be killed
ASK_AGAIN = 10  # times, a second apart
RELATED = ("proposal__meeting", "proposal__region", "meeting", "region", "late_link__meeting")

logger = logging.getLogger(__name__)


def send(*mails):
    """Save the mails in the transaction that is open, and send them after the commit; None stands for no mail."""
    kept = [mail for mail in mails if mail]
    for mail in kept:
        mail.save()
    if kept:
        begin = _sender.wake if settings.SEND_MAIL_IN_BACKGROUND else partial(deliver, kept)
        transaction.on_commit(begin, robust=True)


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
                _take_turns()
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


def _take_turns():
    """Send what is due, or see that the process that is sending does. What is left waits for `manage.py send_mails`."""
    for _ in range(ASK_AGAIN):
        if deliver_due() or not Mail.objects.due().exists():
            return
        time.sleep(1)


def deliver_due():
    """Send all that is due and return True; False when another process is sending."""
    turn = throttle.take_lock(TURN, TURN_LASTS)
    if not turn:
        return False
    try:
        while due := list(Mail.objects.due().select_related(*RELATED)[:AT_ONCE]):
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
                if not _is_put_off(waiting[0]):
                    _deliver_one(waiting[0], connection)
                del waiting[0]
    except OSError as error:
        for mail in waiting:
            _fail(mail, error)


def greet_server():
    """Connect to the mail server, sign in and leave; OSError when that fails. Nothing is sent."""
    with get_connection():
        pass


def _is_put_off(mail):
    """Whether the mailbox has had so many that this one is told of later, in a mail together with others."""
    if mail.kind not in Mail.LIMITED:
        return False
    limit = PER_HOUR_TO_SECRETARIAT if mail.to == settings.SECRETARIAT_EMAIL else PER_HOUR
    until = Mail.objects.full_until(mail.mailbox, limit)
    if until:
        Mail.objects.collect(mail, until)
    return bool(until)


def _deliver_one(mail, connection):
    """Send a mail that waits; OSError when the server is gone."""
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
        _fail(mail, error, is_refused=_is_for_good(error))
    else:
        Mail.objects.finish(mail)


def _is_for_good(error):
    """Whether trying again would come to the same: the server said 5xx, or the mail can't be written."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


def _fail(mail, error, is_refused=False):
    # Without the address and the subject: logs hold no personal data
    logger.error("Mail %s (%s) wasn't sent: %s", mail.pk, mail.kind, type(error).__name__)
    Mail.objects.postpone(mail, f"{type(error).__name__}: {error}", is_refused)
