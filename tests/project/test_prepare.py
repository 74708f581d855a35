import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from proposals.models import Contact, Meeting, Proposal

pytestmark = pytest.mark.django_db


def test_the_first_run_loads_the_proposals_and_prints_the_account_once(client, capsys):
    call_command("prepare")
    output = capsys.readouterr().out
    assert "Loaded 28 proposals." in output
    output = re.search(r"User name: (kansli-[a-z2-9]{5})  Password: (\S{16})$", output, re.MULTILINE)
    assert client.login(username=output[1], password=output[2])
    assert client.get("/admin/").status_code == 200


def test_the_form_is_open_after_the_first_run_for_a_meeting_that_says_it_is_an_example(admin_client):
    call_command("prepare")
    example = Meeting.objects.receiving()
    assert 60 <= (example.date - timezone.localdate()).days <= 65
    form = admin_client.get("/forslag/nytt/").content.decode()
    assert "Det här mötet är ett exempel" in form
    assert "Skicka in" in form
    assert "18 september 2024" in admin_client.get("/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    desk = admin_client.get("/admin/").content.decode()
    for page in ("change", "delete"):
        assert f'href="{reverse(f"admin:proposals_meeting_{page}", args=[example.pk])}"' in desk


def test_a_second_run_does_not_bring_the_example_back(capsys):
    call_command("prepare")
    Meeting.objects.receiving().delete()
    call_command("prepare")
    assert Meeting.objects.receiving() is None


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
