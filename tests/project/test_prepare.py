import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from proposals.models import Contact, Proposal

pytestmark = pytest.mark.django_db


def test_the_first_run_loads_the_proposals_and_prints_the_account_once(client, capsys):
    call_command("prepare")
    output = capsys.readouterr().out
    assert "Loaded 28 proposals." in output
    output = re.search(r"User name: (kansli-[a-z2-9]{5})  Password: (\S{16})$", output, re.MULTILINE)
    assert client.login(username=output[1], password=output[2])
    assert client.get("/admin/").status_code == 200


def test_each_site_has_another_name_for_its_first_account():
    names = set()
    for _ in range(2):
        call_command("prepare")
        names.add(get_user_model().objects.get().username)
        get_user_model().objects.all().delete()
    assert len(names) == 2


def test_a_second_run_keeps_every_edit_and_says_nothing(capsys):
    call_command("prepare")
    Proposal.objects.filter(number=7).update(title="Rättad")
    Proposal.objects.get(number=8).contact_rows.all().delete()
    user = get_user_model().objects.get()
    capsys.readouterr()
    call_command("prepare")
    assert capsys.readouterr().out == ""
    assert Proposal.objects.get(number=7).title == "Rättad"
    assert not Proposal.objects.get(number=8).contact_rows.exists()
    assert get_user_model().objects.get().password == user.password


def test_a_database_that_is_in_use_gets_no_fixture(make_proposal):
    make_proposal()
    call_command("prepare")
    assert Proposal.objects.count() == 1
    assert not Contact.objects.exists()
