"""What people type in the form, as they really type it."""

import pytest

from proposals.models import Mail, Proposal

FORM = "/forslag/nytt/"


@pytest.mark.parametrize("title", ["\u200b\u00ad", "\u2800 \u3164", "\ufeff\u200d"], ids=ascii)
def test_a_title_in_which_there_is_nothing_to_see_is_none(client, typed, title):
    page = client.post(FORM, typed | {"title": title}).content.decode()
    assert "Skriv en rubrik." in page
    assert not Proposal.objects.exists()


def test_a_text_in_which_there_is_nothing_to_see_is_none(client, typed):
    assert client.post(FORM, typed | {"background": "\u200b\n\u2060"}).status_code == 200
    assert not Proposal.objects.exists()


def test_a_contacts_name_in_which_there_is_nothing_to_see_is_none(client, typed):
    assert client.post(FORM, typed | {"contacts-0-name": "\u3164"}).status_code == 200
    assert not Proposal.objects.exists()


def test_a_proposal_from_another_program_is_saved_as_people_see_it(client, typed):
    given = {
        "title": "\ufeffGro\u0308n\u00ad el\u2028fo\u0308r alla",
        "background": "Rad\x0bRad tva\u030a\u2029Tre",
    }
    client.post(FORM, typed | given | {"contacts-0-name": "A\u030asa\u200b Ek"})
    proposal = Proposal.objects.get()
    assert (proposal.title, proposal.background) == ("Grön el för alla", "Rad\nRad två\nTre")
    assert proposal.contacts.get().name == "Åsa Ek"


@pytest.mark.parametrize(
    "address",
    ["Anna Ek <anna@example.com>", "mailto:anna@example.com", " anna@example.com; ", "an\u200bna@example.com"],
)
def test_an_address_is_understood_as_it_is_copied_from_a_mail(client, typed, address):
    client.post(FORM, typed | {"submitter_email": address, "contacts-0-email": "Bo Al <bo@example.com>"})
    proposal = Proposal.objects.get()
    assert proposal.submitter_email == "anna@example.com"
    assert proposal.contacts.get().email == "bo@example.com"


def test_two_addresses_are_not_one(client, typed):
    page = client.post(FORM, typed | {"submitter_email": "anna@example.com, bo@example.com"}).content.decode()
    assert "Skriv hela din mejladress" in page
    assert 'value="anna@example.com, bo@example.com"' in page
    assert not Proposal.objects.exists()


def test_a_lost_link_is_mailed_to_an_address_with_a_name_before_it(client, make_proposal):
    make_proposal(status="draft", submitter_email="anna@example.com")
    client.post("/forslag/andra/", {"email": "Anna Ek <ANNA@example.com>"})
    assert [mail.to.lower() for mail in Mail.objects.filter(kind=Mail.Kind.EDIT_LINKS)] == ["anna@example.com"]


def test_phones_show_digits_to_type_a_number_with(client, meeting):
    assert 'type="tel" name="contacts-0-phone"' in client.get(FORM).content.decode()
