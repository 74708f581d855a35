"""What is wrong with how this site is set up, in plain words: what `manage.py doctor` prints.

Each check is a function that yields a Finding for each thing that it finds, and nothing when all is well.
"""

from django.db import connection

from reglab.operations.checks import accounts, database, files, mail, site

FIRST = [
    *(site.packages, site.django_checks, site.debug, site.plain_http, site.hosts, site.proxy),
    *(files.running_as_root, files.readable_by_others, files.static_files, files.disk),
    *(mail.nowhere_to_send, mail.server, mail.addresses),
]
ON_SQLITE = [files.sqlite_cannot_be_written, files.sqlite_on_the_network]
ON_POSTGRESQL = [database.connections, database.superuser, files.backup_program]
WITH_DATABASE = [database.migrations]
WITH_TABLES = [
    *(database.triggers, database.clock),
    *(accounts.nobody_can_sign_in, accounts.second_factor, mail.waiting, files.backups),
    site.front_page,
]


def examine():
    """All Findings. What would only say the same again is left out: without a database nothing is asked of it."""
    findings = _run([*FIRST, *(ON_SQLITE if connection.vendor == "sqlite" else [])])
    unreachable = _run([database.unreachable])
    if unreachable:
        return findings + unreachable
    findings += _run([*WITH_DATABASE, *(ON_POSTGRESQL if connection.vendor == "postgresql" else [])])
    return findings if database.has_missing_migrations() else findings + _run(WITH_TABLES)


def _run(checks):
    return [finding for check in checks for finding in check()]
