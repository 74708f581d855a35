"""Steps with many proposals: each first shows what will happen, and does nothing before somebody says yes."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.http import urlencode

from proposals.models import Mail, Meeting, Proposal, Status
from tests.admin.test_admin import text

STEPS = ["assign", "groups", "publish", "return", "move", "letter", "withdraw"]


@pytest.fixture
def two(make_proposal):
    return [
        make_proposal(title=title, submitter_email=f"{name}@example.com")
        for title, name in (("Grön el", "anna"), ("Vatten", "bo"))
    ]


def page_of(step, proposals):
    keys = ",".join(str(proposal.pk) for proposal in proposals)
    return f"{reverse('admin:proposals_proposal_many', args=[step])}?{urlencode({'valda': keys})}"


def confirm(client, step, proposals, **data):
    address = page_of(step, proposals)
    shown = client.get(address).context["shown"]
    return client.post(address, data | {"shown": shown}, follow=True)


def state():
    return list(Proposal.objects.values_list("pk", "status", "meeting", "assigned_to")), Mail.objects.count()


@pytest.mark.parametrize("step", STEPS)
def test_the_page_of_a_step_names_the_proposals_and_changes_nothing(kansli, two, step):
    before = state()
    page = text(kansli.get(page_of(step, two)))
    assert "Grön el" in page
    assert "Vatten" in page
    assert state() == before


@pytest.mark.parametrize("step", STEPS)
def test_a_step_without_what_was_shown_changes_nothing(kansli, two, step):
    before = state()
    kansli.post(page_of(step, two), {"meeting": two[0].meeting_id, "message": "x", "subject": "x", "text": "x"})
    assert state() == before


def test_what_a_colleague_does_meanwhile_stops_the_step(kansli, two):
    address = page_of("withdraw", two)
    shown = kansli.get(address).context["shown"]
    two[0].title = "Ändrat"
    two[0].save()
    kansli.post(address, {"shown": shown})
    assert not Proposal.objects.filter(status=Status.WITHDRAWN).exists()


def test_two_are_published_and_both_submitters_get_a_mail(kansli, two):
    confirm(kansli, "publish", two)
    assert sorted(Proposal.objects.values_list("number", flat=True)) == [1, 2]
    assert set(Mail.objects.filter(kind="published").values_list("to", flat=True)) == {
        "anna@example.com",
        "bo@example.com",
    }


def test_a_colleague_is_given_two_of_them(kansli, two, secretary):
    response = confirm(kansli, "assign", two, assigned_to=secretary.pk)
    assert "Ansvarig för 2 förslag är nu kim." in text(response)
    assert set(Proposal.objects.values_list("assigned_to", flat=True)) == {User.objects.get(username="kim").pk}


def test_target_groups_are_added_to_those_that_are_there(kansli, two, chefer):
    confirm(kansli, "groups", two, target_groups=[chefer.pk])
    assert all(list(proposal.target_groups.all()) == [chefer] for proposal in two)


def test_two_are_moved_to_another_meeting(kansli, two):
    later = Meeting.objects.create(title="Nästa", date="2031-05-14")
    confirm(kansli, "move", two, meeting=later.pk)
    assert set(Proposal.objects.values_list("meeting", flat=True)) == {later.pk}


def test_a_letter_goes_once_to_each_address(kansli, two, make_proposal):
    third = make_proposal(title="Annas andra", submitter_email="Anna@example.com")
    confirm(kansli, "letter", [*two, third], recipients="submitters", subject="Mötet", text="Vi ses klockan nio.")
    letters = Mail.objects.filter(kind="letter")
    assert sorted(mail.to for mail in letters) == ["anna@example.com", "bo@example.com"]
    assert {mail.own_text for mail in letters} == {"Vi ses klockan nio."}


def test_a_letter_without_a_subject_keeps_its_text(kansli, two):
    response = confirm(kansli, "letter", two, recipients="submitters", subject="", text="Vi ses klockan nio.")
    assert "Skriv en ämnesrad." in text(response)
    assert "Vi ses klockan nio." in response.content.decode()
    assert not Mail.objects.exists()
