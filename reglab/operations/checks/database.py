import runpy

from django.conf import settings
from django.core.checks import Error, Tags, Warning
from django.db import Error as DatabaseError
from django.db import connection

from reglab.operations.checks import content, is_real_site, register_live
from reglab.operations.health import missing_migrations, newer_migrations, unpooled_connection

GUNICORN = settings.BASE_DIR / "deploy" / "gunicorn.conf.py"
OTHERS = 10  # connections for timers, commands, health checks and whoever looks after the database


@register_live(Tags.database)
def check_database():
    """One check, so that each cause is reported once: what can't be reached or read is asked nothing more."""
    if errors := list(_unreachable()) or list(_unreadable()):
        return errors
    messages = [*_server(), *_newer_migrations()]
    missing = list(_missing_migrations())
    return messages + (missing or [message for check in content.CHECKS for message in check()])


def _unreachable():
    own = unpooled_connection()
    try:
        own.ensure_connection()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        yield Error(
            f"The database doesn't answer: {reason}",
            hint="See that its server runs, and that DATABASE_URL has the right host, name, user and password.",
            id="reglab.E030",
        )
    finally:
        own.close()


def _unreadable():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            yield from _encoding(cursor)
            yield from _date_style(cursor)


def _encoding(cursor):
    cursor.execute("SHOW server_encoding")
    [encoding] = cursor.fetchone()
    if encoding != "UTF8":
        yield Error(
            f"The database is encoded in {encoding}, which lacks characters that people type.",
            hint="Make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and restore a backup into it.",
            id="reglab.E038",
        )


def _date_style(cursor):
    """The site asks for ISO; the options of DATABASE_URL may take that away."""
    cursor.execute("SHOW datestyle")
    [style] = cursor.fetchone()
    if not style.startswith("ISO"):
        yield Error(
            f"PostgreSQL writes dates in the style {style}, which can't be read.",
            hint="Set datestyle to ISO in postgresql.conf, or add it to the options in DATABASE_URL: -c datestyle=ISO",
            id="reglab.E039",
        )


def _missing_migrations():
    if missing := missing_migrations():
        first = ".".join(missing[0])
        yield Error(
            f"The database lacks migrations of this version: {len(missing)}, the first is {first}.",
            hint=content.PREPARE,
            id="reglab.E031",
        )


def _newer_migrations():
    if newer := newer_migrations():
        yield Error(
            f"The database was migrated by a newer version: it has {'.'.join(newer[0])}.",
            hint="Take the newer version again, and see how to go back in docs/operations.md.",
            id="reglab.E032",
        )


def _server():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            yield from _connections(cursor)
            yield from _superuser(cursor)


def _connections(cursor):
    workers = runpy.run_path(str(GUNICORN))["workers"]
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    wanted = workers * pool + OTHERS
    cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'max_connections'")
    [allowed] = cursor.fetchone()
    if wanted > allowed:
        yield Error(
            f"PostgreSQL allows {allowed} connections, but each machine with {workers} workers may need {wanted}.",
            hint="Raise max_connections in postgresql.conf, or lower workers in deploy/gunicorn.conf.py.",
            id="reglab.E034",
        )


def _superuser(cursor):
    """PostgreSQL runs programs of its machine for a superuser, and so would a backup that somebody has prepared."""
    cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
    name, is_superuser = cursor.fetchone()
    if is_real_site() and is_superuser:
        yield Warning(
            f"The site's account at PostgreSQL, {name}, is a superuser: a prepared backup could run any program there.",
            hint="Make one that is not, as docs/operations.md has it, and let it own the database.",
            id="reglab.W035",
        )
