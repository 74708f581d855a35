from django.core.management import call_command
from django.db import migrations, models

TABLES = ["reglab_cache", "reglab_booklets"]


def drop_cache_tables(apps, schema_editor):
    """What they held is never read again: it was pickled."""
    for table in TABLES:
        schema_editor.execute(f"DROP TABLE IF EXISTS {schema_editor.quote_name(table)}")


def make_cache_tables(apps, schema_editor):
    call_command("createcachetable", *TABLES, database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0014_import_preview")]

    operations = [
        migrations.CreateModel(
            name="BookletFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64, unique=True)),
                ("content", models.BinaryField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "färdigt häfte",
                "verbose_name_plural": "färdiga häften",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RateLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("count", models.PositiveIntegerField()),
                ("resets_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "räkning",
                "verbose_name_plural": "räkningar",
                "default_permissions": (),
            },
        ),
        migrations.RunPython(drop_cache_tables, make_cache_tables),
    ]
