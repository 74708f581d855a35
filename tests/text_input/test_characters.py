"""What people see is what is stored."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from proposals.models import Contact, Meeting, Proposal, Region
from proposals.text_input.addresses import split_addresses
from proposals.text_input.characters import clean_line, clean_paragraphs, composed
from proposals.text_input.phone_numbers import split_phone_numbers

INVISIBLE = [
    "\u200b",
    "\u00ad",
    "\u2060",
    "\ufeff",
    "\u200e",
    "\u200f",
    "\u061c",
    "\u202e",
    "\u2066",
    "\ufffe",
    "\uffff",
]
LINE_BREAKS = ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("character", INVISIBLE, ids=ascii)
def test_characters_that_nobody_sees_are_taken_out_of_a_line(character):
    assert clean_line(f"{character}An{character}na Ek{character}") == "Anna Ek"


@pytest.mark.parametrize("character", [*INVISIBLE, "\u2800", "\u3164", "\u200d", "\xa0"], ids=ascii)
@pytest.mark.parametrize("clean", [clean_line, clean_paragraphs])
def test_a_text_in_which_there_is_nothing_to_see_is_empty(clean, character):
    assert clean(f" {character}\n{character} ") == ""


@pytest.mark.parametrize("character", LINE_BREAKS, ids=ascii)
def test_every_break_of_a_line_is_one_in_a_text_and_a_space_in_a_line(character):
    assert clean_paragraphs(f"Först{character}sedan") == "Först\nsedan"
    assert clean_line(f"Först{character}sedan") == "Först sedan"


def test_emoji_of_several_characters_stay_whole():
    assert clean_line("Kod \N{WOMAN}\u200d\N{PERSONAL COMPUTER}") == "Kod \N{WOMAN}\u200d\N{PERSONAL COMPUTER}"


@pytest.mark.parametrize("text", ["Åsa Öberg", "A\u030a" * 300, "naïve – ”é”", "각", "\u0323\u0307s\u0323\u0307"])
def test_letters_are_composed_as_unicode_says(text):
    assert composed(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("anna <anna@example.com>", ["anna@example.com"]),
        ("Ek, Anna <anna@example.com>; bo@example.com", ["anna@example.com", "bo@example.com"]),
        ("anna@example.com, Bo Al <bo@example.com>", ["anna@example.com", "bo@example.com"]),
        ("mailto:anna@example.com\nbo@example.com ", ["anna@example.com", "bo@example.com"]),
        ("anna@example.com; anna@example.com;", ["anna@example.com"]),
        ("Anna anna@example.com", ["Anna", "anna@example.com"]),
    ],
)
def test_addresses_are_understood_as_mail_programs_copy_them(text, addresses):
    assert split_addresses(text) == addresses


def test_two_phone_numbers_are_two_links():
    assert split_phone_numbers("070-123 45 67, vx 08-123 456 78") == [
        ("070-123 45 67", "tel:+46-70-123-45-67"),
        (", vx ", ""),
        ("08-123 456 78", "tel:+46-8-123-456-78"),
    ]


def test_what_is_no_phone_number_is_shown_as_it_is():
    assert split_phone_numbers("sök via växeln") == [("sök via växeln", "")]


@pytest.mark.django_db
class TestModels:
    def test_whatever_is_saved_is_composed_and_visible(self):
        contact = Contact.objects.create(name="\u200bA\u030asa\xa0Ek")
        contact.refresh_from_db()
        assert contact.name == "Åsa Ek"

    def test_one_person_is_not_two(self):
        Contact.objects.create(name="Åsa Ek")
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.create(name="A\u030asa Ek")
        with pytest.raises(ValidationError):
            Contact(name="A\u030asa\u00ad Ek").full_clean()

    def test_a_name_of_invisible_characters_is_refused(self):
        with pytest.raises(ValidationError, match="name"):
            Contact(name="\u3164").full_clean()

    def test_names_are_sorted_the_swedish_way_however_they_are_typed(self):
        Contact.objects.bulk_create(Contact(name=name) for name in ("A\u0308lva", "Zara", "O\u0308sten", "A\u030ake"))
        assert [contact.name for contact in Contact.objects.all()] == ["Zara", "Åke", "Älva", "Östen"]

    def test_texts_are_composed_too(self):
        meeting = Meeting.objects.create(date="2030-05-14", introduction="Va\u0308lkommen\x0bhit")
        proposal = Proposal.objects.create(meeting=meeting, title="A\u0308lv", background="bla\u030a\u2028gro\u0308n")
        meeting.refresh_from_db()
        proposal.refresh_from_db()
        assert meeting.introduction == "Välkommen\nhit"
        assert (proposal.title, proposal.background) == ("Älv", "blå\ngrön")

    def test_a_members_addresses_are_kept_one_on_each_line(self, admin_client):
        fields = {"name": "Region Exempel", "slug": "exempel", "kind": "agency", "county_code": ""}
        typed = "Ek, Anna <anna@example.com>; bo@example.com, cia@example.com"
        admin_client.post("/admin/proposals/region/add/", fields | {"member_emails": typed})
        region = Region.objects.get(slug="exempel")
        assert region.member_emails.splitlines() == ["anna@example.com", "bo@example.com", "cia@example.com"]

    def test_what_is_no_address_is_named(self, admin_client):
        fields = {"name": "Region Exempel", "slug": "exempel", "kind": "agency", "county_code": ""}
        page = admin_client.post("/admin/proposals/region/add/", fields | {"member_emails": "Anna Ek"}).content.decode()
        assert "”Anna” är ingen mejladress." in page
        assert not Region.objects.filter(slug="exempel").exists()
