"""Checks of what is in the database, for one that answers and is migrated."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Error
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from proposals.models import ContentVersion, Mail
from proposals.models.content_version import missing_triggers

CLOCK_TOLERANCE = timedelta(minutes=1)
PREPARE = "Run manage.py prepare, and start the site anew."


def triggers():
    if missing := missing_triggers():
        yield Error(
            f"The database lacks triggers: {len(missing)}. Edits wouldn't show on the public pages.",
            hint=PREPARE,
            id="reglab.E033",
        )


def clock():
    """A clock that is wrong spoils time limits and the order of the history."""
    for of_database, changed_at in ContentVersion.objects.annotate(clock=Now()).values_list("clock", "changed_at"):
        now = timezone.now()
        differences = {
            "ahead of the database's": now - of_database,
            "behind the database's": of_database - now,
            "behind the newest edit": changed_at - now,
        }
        for how, difference in differences.items():
            if difference > CLOCK_TOLERANCE:
                yield Error(
                    f"This machine's clock is {difference.total_seconds():.0f} seconds {how}.",
                    hint="Let it follow the network's time on every machine: timedatectl set-ntp true",
                    id="reglab.E036",
                )


def accounts():
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    users = [user for user in users if user.has_usable_password()]
    hint = "Run manage.py createsuperuser"
    if not users:
        yield Error("No account can sign in to the desk.", hint=hint, id="reglab.E040")
    elif not any(user.is_superuser for user in users):
        yield Error("No account can make accounts: there is no superuser.", hint=hint, id="reglab.E041")


def overdue_mail():
    if overdue := Mail.objects.overdue().count():
        yield Error(
            f"Mails have waited for more than a quarter of an hour: {overdue}.",
            hint="The desk says why each hasn't gone. What waits is sent by systemctl enable --now reglab-mails.timer",
            id="reglab.E042",
        )


def front_page():
    """Rendered in this process, so that the answer is the same before the site is started."""
    try:
        status = Client(headers={"Host": settings.SITE.netloc}).get("/", secure=settings.IS_HTTPS).status_code
        reason = "" if status == 200 else f"it answers {status}"
    except Exception as error:  # whatever it is, this is where it is reported
        reason = f"{type(error).__name__}: {error}"
    if reason:
        yield Error(
            f"The front page can't be made: {' '.join(reason.split())}",
            hint="What the log says of it tells where.",
            id="reglab.E043",
        )


CHECKS = (triggers, clock, accounts, overdue_mail, front_page)
