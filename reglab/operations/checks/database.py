"""Checks of the database."""

import runpy
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.models.functions import Now
from django.utils import timezone

from proposals.models import ContentVersion
from proposals.models.content_version import missing_triggers
from reglab.operations.checks.finding import advice, fault, is_real_site
from reglab.operations.health import connection_past_the_pool, missing_migrations, newer_migrations

GUNICORN = settings.BASE_DIR / "deploy" / "gunicorn.conf.py"
OTHERS = 10  # connections for timers, commands, health checks and whoever looks after the database
MOST_APART = timedelta(minutes=1)
PREPARE = "Run manage.py prepare, and start the site anew."


def unreachable():
    own = connection_past_the_pool()
    try:
        own.ensure_connection()
    except Error as error:
        reason = str(error).strip().splitlines()[0]
        yield fault(
            f"The database doesn't answer: {reason}",
            "See that its server runs, and that DATABASE_URL has the right host, name, user and password.",
        )
    finally:
        own.close()


def has_missing_migrations():
    return bool(missing_migrations())


def migrations():
    missing, newer = missing_migrations(), newer_migrations()
    if missing:
        first = ".".join(missing[0])
        yield fault(f"The database lacks migrations of this version: {len(missing)}, the first is {first}.", PREPARE)
    if newer:
        yield fault(
            f"The database was migrated by a newer version: it has {'.'.join(newer[0])}.",
            "Take the newer version again, and see how to go back in docs/operations.md.",
        )


def triggers():
    missing = missing_triggers()
    if missing:
        yield fault(f"The database lacks triggers: {len(missing)}. Edits wouldn't show on the public pages.", PREPARE)


def connections():
    """On PostgreSQL, where each of the server's processes has a pool of them."""
    workers = runpy.run_path(str(GUNICORN))["workers"]
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    wanted = workers * pool + OTHERS
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'max_connections'")
        [allowed] = cursor.fetchone()
    if wanted > allowed:
        yield fault(
            f"PostgreSQL allows {allowed} connections, but each machine with {workers} workers may need {wanted}.",
            "Raise max_connections in postgresql.conf, or lower workers in deploy/gunicorn.conf.py.",
        )


def superuser():
    """PostgreSQL runs programs of its machine for a superuser, and so would a backup that somebody has prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        name, is_superuser = cursor.fetchone()
    if is_real_site() and is_superuser:
        yield advice(
            f"The site's account at PostgreSQL, {name}, is a superuser: a prepared backup could run any program there.",
            "Make one that is not, as docs/operations.md has it, and let it own the database.",
        )


def clock():
    """A clock that is wrong spoils time limits and the order of the history."""
    for of_database, changed_at in ContentVersion.objects.annotate(clock=Now()).values_list("clock", "changed_at"):
        now = timezone.now()
        if now - of_database > MOST_APART:
            yield _wrong_clock("ahead of the database's", now - of_database)
        if of_database - now > MOST_APART:
            yield _wrong_clock("behind the database's", of_database - now)
        if changed_at - now > MOST_APART:
            yield _wrong_clock("behind the newest edit", changed_at - now)


def _wrong_clock(how, apart):
    return fault(
        f"This machine's clock is {apart.total_seconds():.0f} seconds {how}.",
        "Let it follow the network's time on every machine: timedatectl set-ntp true",
    )
