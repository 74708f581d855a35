"""Everything survives a move to another database, as docs/operations.md has it: dumpdata, flush, loaddata."""

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command

from proposals import workflow
from proposals.models import Mail, Proposal

# What a new database makes itself; the same list stands in docs/operations.md
LEFT_OUT = ["contenttypes", "auth.permission", "sessions", "proposals.ratelimit", "proposals.bookletfile"]
RENAMED = ["proposals.contentversion"]  # by every change


def tables():
    """Every row of every table that is moved, with what it refers to; times to the millisecond, as in the file."""
    labels = {*LEFT_OUT, *RENAMED}
    moved = [one for one in apps.get_models() if not {one._meta.app_label, one._meta.label_lower} & labels]
    rows = {one._meta.label: one._base_manager.order_by("pk") for one in moved}
    return {name: serializers.serialize("json", rows[name], use_natural_foreign_keys=True) for name in rows}


@pytest.mark.django_db(transaction=True)
def test_every_row_is_there_after_a_move(first_synonyms, make_account, meeting, dalarna, chefer, tmp_path):
    account = make_account("kim", "Kansliet")
    sent_in = Proposal(meeting=meeting, region=dalarna, title="Grön el", submitter_email="anna@example.com")
    sent_in.background = "Energi.\r\nEn rad\x0b till"
    workflow.submit(sent_in, [chefer], [{"name": "Bo Exempel"}])
    workflow.publish(sent_in)
    Proposal.history.filter(title="Grön el").update(history_user=account)
    before = tables()
    assert Mail.objects.count() == 3
    assert Proposal.history.filter(history_user=account).exists()
    assert list(Proposal.objects.published().search("energier")) == [sent_in]

    file = str(tmp_path / "everything.json")
    call_command("dumpdata", output=file, exclude=LEFT_OUT, use_natural_foreign_keys=True, verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    assert not Proposal.objects.exists()
    call_command("loaddata", file, verbosity=0)

    assert tables() == before
    assert list(Proposal.objects.published().search("energier")) == [sent_in]
    assert type(account).objects.get(username="kim").has_perm("proposals.change_proposal")
