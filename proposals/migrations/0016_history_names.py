from collections import defaultdict

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.utils import translation
from django.utils.formats import date_format

GONE = "(borttagen)"
BATCH = 500
DELETION = 3  # of the admin's log


def keep_names(apps, schema_editor):
    """Give the history the names that are known: of what is there, of what it was called, or of its deletion."""
    rows, contacts = apps.get_model("proposals", "HistoricalProposal"), apps.get_model("proposals", "HistoricalContact")
    for model in (rows, contacts):
        accounts = apps.get_model("auth", "User").objects.filter(pk=OuterRef("history_user_id"))
        model.objects.exclude(history_user=None).update(by_name=Subquery(accounts.values("username")[:1]))
    groups = apps.get_model("proposals", "HistoricalProposal_target_groups")
    _name(apps, rows, "region", "region_name")
    _name(apps, rows, "meeting", "meeting_name")
    _name(apps, groups, "targetgroup", "name")
    _name_contacts(apps)


def _name(apps, model, thing, column):
    """Fill the column with the name of the thing that the row refers to."""
    names = _names_of_deleted(apps, thing)
    names |= {one.pk: _called(one) for one in apps.get_model("proposals", thing).objects.all()}
    key = f"{thing}_id"
    for pk in set(model.objects.exclude(**{key: None}).values_list(key, flat=True)):
        model.objects.filter(**{key: pk}).update(**{column: names.get(pk, GONE)})


def _called(thing):
    if not hasattr(thing, "date"):
        return thing.name
    with translation.override("sv"):
        return f"{thing.title} {date_format(thing.date)}"


def _names_of_deleted(apps, thing):
    log = apps.get_model("admin", "LogEntry").objects.filter(action_flag=DELETION)
    log = log.filter(content_type__app_label="proposals", content_type__model=thing).order_by("action_time")
    return {int(key): name for key, name in log.values_list("object_id", "object_repr")}


def _name_contacts(apps):
    """As they were at the moment of the version; before the first that is known, as that says."""
    known = defaultdict(list)
    for row in apps.get_model("proposals", "HistoricalContact").objects.order_by("history_date", "history_id"):
        known[row.id].append((row.history_date, _described(row)))
    for contact in apps.get_model("proposals", "Contact").objects.exclude(pk__in=list(known)):
        known[contact.pk].append((None, _described(contact)))
    links = apps.get_model("proposals", "HistoricalProposalContact").objects
    named = []
    for link in links.select_related("history").only("contact_id", "history__history_date"):
        told = known[link.contact_id] or [(None, GONE)]
        earlier = [name for when, name in told if when and when <= link.history.history_date]
        link.name = earlier[-1] if earlier else told[0][1]
        named.append(link)
    links.bulk_update(named, ["name"], batch_size=BATCH)


def _described(person):
    return ", ".join(filter(None, [person.name, person.title, person.email]))


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0015_limits_and_booklets"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "historicalcontact", "by_name", models.CharField(blank=True, max_length=150, verbose_name="vem")
        ),
        migrations.AddField(
            "historicalproposal", "by_name", models.CharField(blank=True, max_length=150, verbose_name="vem")
        ),
        migrations.AddField("historicalproposal", "meeting_name", models.CharField(blank=True, max_length=250)),
        migrations.AddField("historicalproposal", "region_name", models.CharField(blank=True, max_length=100)),
        migrations.AddField("historicalproposal_target_groups", "name", models.TextField(blank=True)),
        migrations.AddField("historicalproposalcontact", "name", models.TextField(blank=True)),
        migrations.AlterField(
            "latelink",
            "created_by",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to=settings.AUTH_USER_MODEL,
                verbose_name="skapad av",
            ),
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop),
    ]
