"""The table of the addresses that reminders go to."""

import pytest
from django.urls import reverse

from proposals.models import Region
from tests.admin.test_admin import text

PAGE = reverse("admin:proposals_region_addresses")


@pytest.fixture(autouse=True)
def agencies(db):
    for name in ("Ettverket", "Tvaverket"):
        Region.objects.create(name=name, slug=name.lower(), kind="agency")


def posted(response, **edits):
    """What the browser would post, with the addresses of some agencies, by slug, edited."""
    formset = response.context["formset"]
    data = {formset.management_form.add_prefix(name): value for name, value in formset.management_form.initial.items()}
    for form in formset:
        was = form.initial["member_emails"]
        prefix = form.prefix
        data |= {f"{prefix}-id": form.instance.pk, f"initial-{prefix}-member_emails": was}
        data[f"{prefix}-member_emails"] = edits.get(form.instance.slug, was)
    return data


def addresses():
    return dict(Region.objects.values_list("slug", "member_emails"))


def test_the_addresses_of_all_are_saved_at_once(kansli):
    both = {"ettverket": "a@example.com", "tvaverket": "b@example.com"}
    response = kansli.post(PAGE, posted(kansli.get(PAGE), **both), follow=True)
    assert "Adresserna till 2 medlemmar är sparade." in text(response)
    assert addresses() == both


def test_what_a_colleague_saved_meanwhile_is_kept(kansli):
    opened = kansli.get(PAGE)
    kansli.post(PAGE, posted(kansli.get(PAGE), ettverket="a@example.com"))
    kansli.post(PAGE, posted(opened, tvaverket="b@example.com"))
    assert addresses() == {"ettverket": "a@example.com", "tvaverket": "b@example.com"}


def test_an_address_that_is_none_comes_back_as_it_was_typed(kansli):
    response = kansli.post(PAGE, posted(kansli.get(PAGE), ettverket="a@", tvaverket="b@example.com"))
    assert "Allt du har skrivit finns kvar, och inget är sparat än." in text(response)
    assert ">a@</textarea>" in response.content.decode().replace("\r\n", "").replace("\n", "")
    assert addresses() == {"ettverket": "", "tvaverket": ""}
