"""The secretariat's own words in the mails."""

import pytest
from django.urls import reverse

from proposals import emails
from proposals.emails.words import EDITABLE, standard_words
from proposals.models import Mail
from tests.admin.test_admin import text

PAGE = reverse("admin:proposals_mail_text", args=["receipt"])
STANDARD = "Tack, ditt förslag har kommit in."


def posted(response, words):
    return {"text": words, "seen": response.context["form"]["seen"].value()}


def receipt(proposal):
    mail = emails.receipt(proposal)
    emails.compose(mail)
    return mail.body


@pytest.fixture
def proposal(make_proposal):
    return make_proposal(submitter_email="anna@example.com")


def test_own_words_stand_in_the_frame_until_the_standard_ones_are_chosen(kansli, proposal):
    assert STANDARD in receipt(proposal)
    kansli.post(PAGE, posted(kansli.get(PAGE), "Tusen tack! Vi hörs i september."))
    assert "Tusen tack! Vi hörs i september." in receipt(proposal)
    assert STANDARD not in receipt(proposal)
    assert proposal.reference in receipt(proposal)
    kansli.post(PAGE, {"standard": "1"})
    assert STANDARD in receipt(proposal)


def test_what_a_colleague_saved_meanwhile_is_not_overwritten_unseen(kansli):
    opened = kansli.get(PAGE)
    kansli.post(PAGE, posted(kansli.get(PAGE), "Den förstas ord."))
    asked = kansli.post(PAGE, posted(opened, "Den andras ord."))
    assert "En kollega har ändrat texten sedan du öppnade sidan." in text(asked)
    assert "Den andras ord." in asked.content.decode()
    kansli.post(PAGE, posted(asked, "Den andras ord."))
    assert "Den andras ord." in text(kansli.get(PAGE))


def test_words_that_look_like_a_template_are_words(kansli, proposal):
    kansli.post(PAGE, posted(kansli.get(PAGE), "{{ settings.SECRET_KEY }} {% now %} <b>"))
    assert "{{ settings.SECRET_KEY }} {% now %} <b>" in receipt(proposal)


def test_only_mails_with_words_of_their_own_have_such_a_page(kansli):
    for kind in Mail.Kind.values:
        status = kansli.get(reverse("admin:proposals_mail_text", args=[kind])).status_code
        assert status == (200 if kind in EDITABLE else 404)
    assert all(standard_words(kind) for kind in EDITABLE)
