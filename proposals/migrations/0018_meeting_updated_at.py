from django.db import migrations, models

from proposals.migrations import _version_triggers


class Migration(migrations.Migration):
    dependencies = [("proposals", "0017_plain_names")]

    operations = [
        migrations.AddField("meeting", "updated_at", models.DateTimeField(auto_now=True, null=True)),
        # SQLite drops the triggers of a table that it builds anew
        migrations.RunPython(_version_triggers.install, _version_triggers.install),
    ]
