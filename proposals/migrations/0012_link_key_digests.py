import hashlib
import re

from django.db import migrations
from django.db.models.functions import Lower

LEFT_OUT = "…"
KEY = re.compile(r"[\w-]{43}(?=/)")


def digest_of(key):
    return hashlib.sha256(key.encode()).hexdigest()


def keep_digests(apps, schema_editor):
    """Links that were mailed before go on working."""
    LinkKey = apps.get_model("proposals", "LinkKey")
    proposals = apps.get_model("proposals", "Proposal").objects.exclude(edit_key=None)
    links = apps.get_model("proposals", "LateLink").objects
    found = [(key, {"proposal_id": pk}) for pk, key in proposals.values_list("pk", "edit_key")]
    found += [(key, {"late_link_id": pk}) for pk, key in links.values_list("pk", "key")]
    LinkKey.objects.bulk_create([LinkKey(digest=digest_of(key), **target) for key, target in found], batch_size=500)


def leave_keys_out_of_mails(apps, schema_editor):
    """What waits is written anew when it is sent."""
    Mail = apps.get_model("proposals", "Mail")
    keys = set(apps.get_model("proposals", "Proposal").objects.values_list("edit_key", flat=True))
    keys |= set(apps.get_model("proposals", "LateLink").objects.values_list("key", flat=True))
    changed = []
    for mail in Mail.objects.only("body"):
        body = KEY.sub(lambda found: LEFT_OUT if found[0] in keys else found[0], mail.body)
        if body != mail.body:
            mail.body = body
            changed.append(mail)
    Mail.objects.bulk_update(changed, ["body"], batch_size=500)


def say_what_mails_are_about(apps, schema_editor):
    """Reminders and late links that wait need to know for whom they are."""
    Mail, LateLink = apps.get_model("proposals", "Mail"), apps.get_model("proposals", "LateLink")
    Region = apps.get_model("proposals", "Region")
    Mail.objects.update(mailbox=Lower("to"))
    for mail in Mail.objects.filter(kind="late_link", sent_at=None):
        mail.late_link = LateLink.objects.filter(meeting=mail.meeting_id, email=mail.to).order_by("-created_at").first()
        mail.save(update_fields=["late_link"])
    for mail in Mail.objects.filter(kind="reminder", sent_at=None):
        mail.region = Region.objects.filter(member_emails__icontains=mail.to).first()
        mail.save(update_fields=["region"])


class Migration(migrations.Migration):
    dependencies = [("proposals", "0011_link_keys")]

    operations = [
        migrations.RunPython(keep_digests, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(leave_keys_out_of_mails, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(say_what_mails_are_about, migrations.RunPython.noop, elidable=True),
    ]
