from django.conf import settings
from django.core.checks import Error, Warning, register

from proposals import emails
from reglab.operations.checks import is_real_site, register_live

EXAMPLES = ("example.com", "example.org", "example.net")


@register("mail", deploy=True)
def check_mail_settings(**kwargs):
    if not is_real_site():
        return
    if "smtp" not in settings.EMAIL_BACKEND:
        yield Error(
            "EMAIL_URL isn't set: mails are printed in the log, and nobody gets a receipt or a link.",
            hint="Set EMAIL_URL to your mail server, such as smtp+tls://user:password@smtp.example.com:587",
            id="reglab.E010",
        )
    for name in ("SECRETARIAT_EMAIL", "DEFAULT_FROM_EMAIL"):
        domain = getattr(settings, name).rpartition("@")[2]
        if domain in EXAMPLES:
            message = f"{name} is an example, at {domain}: what is sent there is lost."
            yield Error(message, hint=f"Set {name}.", id="reglab.E011")
        elif not f".{settings.SITE.hostname}".endswith(f".{domain}"):
            yield Warning(
                f"{name} is at {domain}, the site at {settings.SITE.hostname}: mails may be taken for spam.",
                hint=f"See that the SPF record of {domain} names your mail server, and that it signs with DKIM.",
                id="reglab.W012",
            )


@register_live("mail")
def check_mail_server():
    """Connects and signs in; sends nothing."""
    if "smtp" not in settings.EMAIL_BACKEND:
        return
    try:
        emails.greet_server()
    except OSError as error:
        address = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        yield Error(
            f"The mail server {address} can't be used: {error or type(error).__name__}",
            hint="See that host, port, user and password in EMAIL_URL are right, and that the firewall lets mail out.",
            id="reglab.E013",
        )
