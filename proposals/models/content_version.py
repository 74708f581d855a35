"""A name for what the public pages say, another one after each change of it.

Triggers in the database give the new name, in the transaction that makes the change: nothing that writes, now or later,
has to remember it, and every process and machine sees it at the same moment as the change itself.
"""

from datetime import UTC
from uuid import uuid4

from django.db import connection, models
from django.utils import timezone

from proposals.models.status import Status

TABLE = "proposals_dataversion"
ALWAYS = ["INSERT", "UPDATE", "DELETE"]
# The tables that public pages are made of, and which changes of them count. A proposal's target groups and the rows of
# its contacts are saved together with the proposal; a contact that is only added isn't anywhere yet.
CHANGES = {
    "proposals_proposal": ALWAYS,
    "proposals_contact": ["UPDATE"],
    "proposals_meeting": ALWAYS,
    "proposals_region": ALWAYS,
    "proposals_targetgroup": ALWAYS,
    "proposals_synonym": ALWAYS,
    "proposals_formeraddress": ALWAYS,
    "proposals_formerdate": ALWAYS,
}
ROWS = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}
# How each database makes a name and tells the time
NEW_NAME = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "replace(gen_random_uuid()::text, '-', '')"}
NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "clock_timestamp()"}


class ContentVersionQuerySet(models.QuerySet):
    def current(self):
        """Return (name, when it was set), or None before the first change.

        Asked before every public page, so without the ORM's detours.
        """
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT name, changed_at FROM {TABLE}")  # noqa: S608 (nothing from outside)
            row = cursor.fetchone()
        if row is None:
            return None
        name, moment = row
        return name, moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite knows no zones

    def bump(self):
        """Set a new name after a change that no trigger sees."""
        self.update_or_create(pk=1, defaults={"name": uuid4().hex, "changed_at": timezone.now()})


class ContentVersion(models.Model):
    """The one row that holds the name."""

    name = models.CharField(max_length=40)
    changed_at = models.DateTimeField()

    objects = ContentVersionQuerySet.as_manager()

    class Meta:
        db_table = TABLE
        verbose_name = "version av uppgifterna"
        verbose_name_plural = "versioner av uppgifterna"

    def __str__(self):
        return self.name


def install_triggers():
    """(Re)create the triggers: SQLite drops them silently when a migration rebuilds a table."""
    remove_triggers()
    name, now = NEW_NAME[connection.vendor], NOW[connection.vendor]
    step = (
        f"INSERT INTO {TABLE} (id, name, changed_at) VALUES (1, {name}, {now}) "  # noqa: S608 (nothing from outside)
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, changed_at = excluded.changed_at"
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION proposals_new_version() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {step}; RETURN NULL; END $$"
            )
            action = "FOR EACH ROW {when} EXECUTE FUNCTION proposals_new_version()"
        else:
            action = f"{{when}} BEGIN {step}; END"
        for table, event in _triggers():
            whole = f"CREATE TRIGGER {_name(table, event)} AFTER {event} ON {table} {action}"
            cursor.execute(whole.format(when=_when(table, event)))


def remove_triggers():
    with connection.cursor() as cursor:
        for table, event in _triggers():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on}")


def trigger_names():
    return [_name(table, event) for table, event in _triggers()]


def missing_triggers():
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor])
        found = {name for [name] in cursor.fetchall()}
    return sorted(set(trigger_names()) - found)


def _triggers():
    return [(table, event) for table, events in CHANGES.items() for event in events]


def _name(table, event):
    return f"version_{event.lower()}_{table}"


def _when(table, event):
    """Only proposals that are or were public count, so that submitters don't contend for the row here."""
    if table != "proposals_proposal":
        return ""
    return "WHEN (" + " OR ".join(f"{row}.status = '{Status.PUBLISHED}'" for row in ROWS[event]) + ")"
