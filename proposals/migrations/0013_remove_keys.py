import secrets

from django.db import migrations, models

from proposals.migrations import _version_triggers


def make_new_keys(apps, schema_editor):
    """On the way back: a late link has to have a key. Those that were mailed are lost, and are mailed again by hand."""
    for link in apps.get_model("proposals", "LateLink").objects.all():
        link.key = secrets.token_urlsafe(32)
        link.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [("proposals", "0012_link_key_digests")]

    operations = [
        # SQLite makes the table anew and drops its triggers, on the way back as well
        migrations.RunPython(migrations.RunPython.noop, _version_triggers.install),
        migrations.RemoveField(model_name="proposal", name="edit_key"),
        # Null at first, so that on the way back each link gets a key of its own
        migrations.AlterField(
            model_name="latelink",
            name="key",
            field=models.CharField(editable=False, max_length=43, null=True, unique=True),
        ),
        migrations.RunPython(migrations.RunPython.noop, make_new_keys, elidable=True),
        migrations.RemoveField(model_name="latelink", name="key"),
        migrations.RunPython(_version_triggers.install, migrations.RunPython.noop),
    ]
