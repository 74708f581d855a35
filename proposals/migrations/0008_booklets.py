from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps, schema_editor):
    """Finished booklets are kept in a table of their own."""
    call_command("createcachetable", "reglab_booklets", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0007_roles")]

    operations = [
        migrations.RunPython(create_cache_table, migrations.RunPython.noop),
    ]
