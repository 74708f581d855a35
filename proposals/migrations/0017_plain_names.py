import django.db.models.deletion
from django.db import migrations, models

from proposals.migrations import _version_triggers


def forget_previews(apps, schema_editor):
    """A preview holds what a document said under the old names; the document can be read in anew."""
    apps.get_model("proposals", "ImportPreview").objects.all().delete()


RENAMED = {"likeness": "similarity", "occurrence": "posting", "dataversion": "contentversion"}


def rename_permissions(apps, schema_editor, renamed=RENAMED):
    """Django makes permissions for new names, and leaves the old ones beside them."""
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="proposals")
    for old, new in renamed.items():
        for action in ("add", "change", "delete", "view"):
            permissions.filter(codename=f"{action}_{old}").update(codename=f"{action}_{new}")


def rename_permissions_back(apps, schema_editor):
    rename_permissions(apps, schema_editor, {new: old for old, new in RENAMED.items()})


def of_proposal(name):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=name, to="proposals.proposal"
    )


class Migration(migrations.Migration):
    dependencies = [("proposals", "0016_history_names")]

    operations = [
        migrations.RunPython(forget_previews, migrations.RunPython.noop),
        migrations.RunPython(rename_permissions, rename_permissions_back),
        # The tables keep their names
        migrations.AlterModelTable("likeness", "proposals_likeness"),
        migrations.AlterModelTable("occurrence", "proposals_occurrence"),
        migrations.AlterModelTable("dataversion", "proposals_dataversion"),
        migrations.RenameModel("Likeness", "Similarity"),
        migrations.RenameModel("Occurrence", "Posting"),
        migrations.RenameModel("DataVersion", "ContentVersion"),
        migrations.AlterField("similarity", "proposal", of_proposal("similarities")),
        migrations.AlterField("posting", "proposal", of_proposal("postings")),
        migrations.AlterField(
            "posting",
            "word",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="postings",
                to="proposals.word",
            ),
        ),
        migrations.RenameField("proposal", "unfinished", "draft_data"),
        migrations.RenameField("proposal", "place", "publication_order"),
        # SQLite drops the triggers of a table that it builds anew
        migrations.RunPython(_version_triggers.install, _version_triggers.install),
    ]
