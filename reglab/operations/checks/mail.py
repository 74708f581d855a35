"""Checks of the mails."""

from django.conf import settings

from proposals import emails
from proposals.models import Mail
from reglab.operations.checks.finding import advice, fault, is_real_site

EXAMPLES = ("example.com", "example.org", "example.net")


def nowhere_to_send():
    if is_real_site() and "smtp" not in settings.EMAIL_BACKEND:
        yield fault(
            "EMAIL_URL isn't set: mails are printed in the log, and nobody gets a receipt or a link.",
            "Set EMAIL_URL to your mail server, such as smtp+tls://user:password@smtp.example.com:587",
        )


def server():
    """Connects and signs in; sends nothing."""
    if "smtp" not in settings.EMAIL_BACKEND:
        return
    try:
        emails.greet_server()
    except OSError as error:
        place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        yield fault(
            f"The mail server {place} can't be used: {error or type(error).__name__}",
            "See that host, port, user and password in EMAIL_URL are right, and that the firewall lets mail out.",
        )


def addresses():
    if not is_real_site():
        return
    for name in ("SECRETARIAT_EMAIL", "DEFAULT_FROM_EMAIL"):
        domain = getattr(settings, name).rpartition("@")[2]
        if domain in EXAMPLES:
            yield fault(f"{name} is an example, at {domain}: what is sent there is lost.", f"Set {name}.")
        elif not f".{settings.SITE.hostname}".endswith(f".{domain}"):
            yield advice(
                f"{name} is at {domain}, the site at {settings.SITE.hostname}: mails may be taken for spam.",
                f"See that the SPF record of {domain} names your mail server, and that it signs with DKIM.",
            )


def waiting():
    overdue = Mail.objects.overdue().count()
    if overdue:
        yield fault(
            f"Mails have waited for more than a quarter of an hour: {overdue}.",
            "The desk says why each hasn't gone. What waits is sent by systemctl enable --now reglab-mails.timer",
        )
