import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("proposals", "0010_data_version")]

    operations = [
        migrations.CreateModel(
            name="LinkKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("mailed_to", models.EmailField(blank=True, max_length=254)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "late_link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="link_keys",
                        to="proposals.latelink",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="link_keys",
                        to="proposals.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "nyckel i en länk",
                "verbose_name_plural": "nycklar i länkar",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("opened_at", None), _negated=True),
                        fields=["mailed_to"],
                        name="link_key_known_addresses",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("late_link__isnull", False), ("proposal", None)),
                            models.Q(("late_link", None), ("proposal__isnull", False)),
                            _connector="OR",
                        ),
                        name="link_key_leads_to_one_thing",
                        violation_error_message="En länk leder till ett förslag eller till formuläret för den som är sen.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="mail",
            name="mailbox",
            field=models.EmailField(default="", editable=False, max_length=254),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mail",
            name="region",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="proposals.region"
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="late_link",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="mails",
                to="proposals.latelink",
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="collected_in",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="collected",
                to="proposals.mail",
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="försök"),
        ),
        migrations.AddField(
            model_name="mail",
            name="next_attempt_at",
            field=models.DateTimeField(null=True, verbose_name="nästa försök"),
        ),
        migrations.AddField(
            model_name="mail",
            name="is_refused",
            field=models.BooleanField(default=False, verbose_name="avvisat"),
        ),
        migrations.AlterField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("draft", "utkast sparat"),
                    ("receipt", "kvitto"),
                    ("changed", "kvitto på ändring"),
                    ("returned", "komplettering"),
                    ("published", "publicerat"),
                    ("withdrawn", "återtaget"),
                    ("restored", "återtagande ångrat"),
                    ("edit_links", "redigeringslänkar"),
                    ("late_link", "sen länk"),
                    ("reminder", "påminnelse"),
                    ("new_proposal", "nytt förslag"),
                    ("completed", "kompletterat förslag"),
                    ("withdrawn_by_submitter", "återtaget av förslagsställaren"),
                    ("collected", "flera händelser i ett mejl"),
                ],
                max_length=30,
                verbose_name="slag",
            ),
        ),
        migrations.AlterField(
            model_name="mail",
            name="subject",
            field=models.CharField(blank=True, max_length=500, verbose_name="ämne"),
        ),
        migrations.AlterField(
            model_name="mail", name="body", field=models.TextField(blank=True, verbose_name="text")
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["mailbox", "begun_at"], name="mail_of_mailbox"),
        ),
    ]
