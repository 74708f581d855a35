from django.contrib.auth.management import create_permissions
from django.db import migrations

WORKED_WITH = ["proposal", "proposalcontact", "meeting", "region", "contact", "targetgroup", "synonym"]
KEPT = ["mail", "latelink", "missedquery"]  # what only Kansliet sees


def add_groups(apps, schema_editor):
    """Kansliet does everything but the accounts; Läsare sees proposals and registers and changes nothing."""
    config = apps.get_app_config("proposals")
    config.models_module = True  # else Django takes it for an app without models
    create_permissions(config, apps=apps, verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="proposals")
    group = apps.get_model("auth", "Group").objects
    secretariat, _ = group.get_or_create(name="Kansliet")
    secretariat.permissions.add(*permissions.filter(content_type__model__in=[*WORKED_WITH, *KEPT]))
    readers, _ = group.get_or_create(name="Läsare")
    readers.permissions.add(*permissions.filter(content_type__model__in=WORKED_WITH, codename__startswith="view_"))


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0006_round"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_groups, migrations.RunPython.noop)]
