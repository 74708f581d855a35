"""Back to the page of what was just sent or saved, correct it, and send again."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from proposals import workflow
from proposals.models import LinkKey, Proposal, Status
from tests.submission.test_views import text, value

FORM = reverse("proposal_new")
RECEIPT = reverse("proposal_receipt")
ASKED = "Vill du ändra det du nyss skickade in, eller lämna ett förslag till?"


@pytest.fixture
def page(client, typed):
    """What is posted from one page with a new form."""
    key = re.search(r'name="form_key" value="([\w-]{43})"', client.get(FORM).content.decode())[1]
    return typed | {"form_key": key}


def test_it_is_asked_and_nothing_is_saved_meanwhile(client, page):
    client.post(FORM, page)
    answer = client.post(FORM, page | {"title": "Grönare el"})
    assert ASKED in text(answer)
    assert value(answer, "title") == "Grönare el"
    assert value(answer, "form_key") == page["form_key"]
    assert Proposal.objects.get().title == "Grön el"


def test_changing_changes_the_one_that_was_sent(client, page):
    client.post(FORM, page)
    answer = client.post(FORM, page | {"title": "Grönare el", "again": "change"}, follow=True)
    assert "Ändringarna är sparade." in text(answer)
    assert Proposal.objects.get().title == "Grönare el"


def test_a_further_one_is_a_further_one(client, page):
    client.post(FORM, page)
    assert client.post(FORM, page | {"title": "Vind", "again": "new"}).url == RECEIPT
    assert sorted(proposal.title for proposal in Proposal.objects.all()) == ["Grön el", "Vind"]


def test_a_draft_is_sent_in_and_not_doubled(client, page):
    client.post(FORM, page | {"title": "", "action": "draft"})
    answer = client.post(FORM, page)
    assert "Vill du ändra det du nyss sparade, eller lämna ett förslag till?" in text(answer)
    assert client.post(FORM, page | {"again": "change"}).url == RECEIPT
    assert Proposal.objects.get().status == Status.SUBMITTED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["submit", "draft"])
def test_a_double_click_asks_nothing_and_saves_once(client, page, action):
    assert [client.post(FORM, page | {"action": action}).status_code for _ in range(2)] == [302, 302]
    assert Proposal.objects.count() == 1
    assert [message.to for message in mail.outbox].count(["anna@example.com"]) == 1


def test_two_pages_are_two_proposals(client, typed):
    for title in ("Ett", "Två"):
        key = re.search(r'name="form_key" value="(.*?)"', client.get(FORM).content.decode())[1]
        assert client.post(FORM, typed | {"title": title, "form_key": key}).status_code == 302
    assert Proposal.objects.count() == 2


def test_what_kansliet_has_changed_is_not_overwritten_unseen(client, page):
    client.post(FORM, page)
    workflow.revert(Proposal.objects.get(), Proposal.objects.get().history.first())
    answer = client.post(FORM, page | {"title": "Grönare el", "again": "change"})
    assert "Förslaget har ändrats sedan du öppnade det" in text(answer)
    assert "Ändringarna är inte sparade" in text(answer)
    assert value(answer, "title") == "Grönare el"
    assert Proposal.objects.get().title == "Grön el"


def test_the_conflict_page_goes_on_with_the_same_proposal(client, page):
    client.post(FORM, page)
    workflow.revert(Proposal.objects.get(), Proposal.objects.get().history.first())
    answer = client.post(FORM, page | {"title": "Grönare el", "again": "change"})
    address = re.search(r'<form method="post" id="forslag"[^>]* action="(.*?)"', answer.content.decode())[1]
    client.post(address, page | {"title": "Grönare el", "opened": value(answer, "opened")})
    assert Proposal.objects.get().title == "Grönare el"


def test_after_it_is_published_the_page_makes_a_new_one(client, page):
    client.post(FORM, page)
    workflow.publish(Proposal.objects.get())
    assert client.post(FORM, page | {"title": "Vind"}).url == RECEIPT
    assert Proposal.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x", "a" * 44, "å" * 43, "\0" * 43])
def test_a_key_that_is_none_opens_nothing(client, typed, key):
    assert client.post(FORM, typed | {"form_key": key, "again": "change"}).url == RECEIPT
    assert not LinkKey.objects.of(key).exists()


def test_the_database_keeps_no_key_of_a_page(client, page):
    client.post(FORM, page)
    assert page["form_key"] not in str(list(LinkKey.objects.values()))
