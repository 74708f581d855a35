"""The triggers that renew the version of the data, as they were when migration 0010 made them."""

TABLE = "proposals_dataversion"
ALWAYS = ["INSERT", "UPDATE", "DELETE"]
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
NEW_NAME = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "replace(gen_random_uuid()::text, '-', '')"}
NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "clock_timestamp()"}


def install(apps, schema_editor):
    remove(apps, schema_editor)
    vendor = schema_editor.connection.vendor
    step = (
        f"INSERT INTO {TABLE} (id, name, changed_at) VALUES (1, {NEW_NAME[vendor]}, {NOW[vendor]}) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, changed_at = excluded.changed_at"
    )
    action = f"BEGIN {step}; END"
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION proposals_new_version() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {step}; RETURN NULL; END $$"
        )
        action = "EXECUTE FUNCTION proposals_new_version()"
    for table, events in CHANGES.items():
        for event in events:
            each = f"FOR EACH ROW {_when(table, event)}"
            schema_editor.execute(f"CREATE TRIGGER {_name(table, event)} AFTER {event} ON {table} {each} {action}")


def remove(apps, schema_editor):
    for table, events in CHANGES.items():
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for event in events:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on}")


def _name(table, event):
    return f"version_{event.lower()}_{table}"


def _when(table, event):
    if table != "proposals_proposal":
        return ""
    return "WHEN (" + " OR ".join(f"{row}.status = 'published'" for row in ROWS[event]) + ")"
