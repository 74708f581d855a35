"""When something goes wrong people get a page that says so and keeps what they typed; nothing is taken in twice."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from proposals.models import Proposal, Status
from tests.outages import OUTAGES, gone, locked, without_sessions

FORM = reverse("proposal_new")
KEY = "k" * 43
# Longer than a page of SQLite's
TEXT = '\r\n\r\nFörsta <b>stycket</b> & "mer".\r\n\r\n- en punkt\r\n  till' + " och mer" * 1000

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("free_slots")]


@pytest.fixture
def person():
    """A browser that keeps to the rules about forms from other pages, and gets what a person would get."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def text(response):
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


def fields(response):
    """What a browser posts from the last form of a page: {name: value or list of values}."""
    form = response.content.decode().rpartition("<form")[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    # A browser leaves out the first line break of a textarea
    found += re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL)
    posted = {}
    for name, value in found:
        posted.setdefault(html.unescape(name), []).append(html.unescape(value))
    return {name: values if len(values) > 1 else values[0] for name, values in posted.items()}


def token(person, address):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', person.get(address).content.decode())[1]


def fill_in(person, address, data):
    return person.post(address, data | {"csrfmiddlewaretoken": token(person, address)})


def post_in_outage(outage, person, address, data):
    data = data | {"csrfmiddlewaretoken": token(person, address)}
    with outage():
        return person.post(address, data)


@pytest.mark.parametrize("outage", OUTAGES)
class TestOutage:
    def test_a_new_proposal_is_kept_on_the_page_and_taken_in_once_from_there(self, person, typed, chefer, outage):
        data = typed | {"background": TEXT, "target_groups": str(chefer.pk), "contacts-0-phone": "08-1"}
        page = post_in_outage(outage, person, FORM, data)
        assert page.status_code == 503
        assert page["Retry-After"] == "60"
        assert "Allt du skrev finns kvar på den här sidan" in text(page)
        kept = fields(page)
        assert {**kept, "csrfmiddlewaretoken": ""} == {**data, "csrfmiddlewaretoken": ""}
        assert Proposal.objects.count() == 0
        for _ in range(2):  # and once more, from a double click
            assert person.post(FORM, kept)["Location"] == reverse("proposal_receipt")
        proposal = Proposal.objects.get()
        assert (proposal.status, proposal.background) == (Status.SUBMITTED, TEXT.replace("\r\n", "\n").strip())
        assert [group.pk for group in proposal.target_groups.all()] == [chefer.pk]

    def test_a_change_by_edit_link_too(self, person, typed, make_proposal, outage):
        proposal = make_proposal(key=KEY, submitter_email="anna@example.com", people=["Bo Exempel"])
        opened = proposal.updated_at.isoformat()
        data = typed | {"title": "Blå el", "background": TEXT, "opened": opened}
        page = post_in_outage(outage, person, proposal.issue_edit_url(), data)
        assert page.status_code == 503
        assert person.post(proposal.issue_edit_url(), fields(page)).status_code == 302
        proposal.refresh_from_db()
        assert proposal.title == "Blå el"

    def test_the_secretariats_edit_too(self, person, admin_user, make_proposal, outage):
        proposal = make_proposal(people=["Bo Exempel"])
        person.force_login(admin_user)
        address = reverse("admin:proposals_proposal_change", args=[proposal.pk])
        form = person.get(address).context["adminform"].form
        data = {"meeting": proposal.meeting_id, "title": "Rättad", "background": TEXT, "opened": form["opened"].value()}
        data |= {"contact_rows-TOTAL_FORMS": "0", "contact_rows-INITIAL_FORMS": "0", "_continue": "Spara"}
        page = post_in_outage(outage, person, address, data)
        assert page.status_code == 503
        assert person.post(address, fields(page))["Location"] == address
        proposal.refresh_from_db()
        assert proposal.title == "Rättad"

    def test_service_comes_back_by_itself(self, person, typed, outage):
        assert post_in_outage(outage, person, FORM, typed | {"background": TEXT}).status_code == 503
        assert person.get(FORM).status_code == 200


@pytest.mark.parametrize("before", [0, 1])
def test_saved_but_without_a_receipt_it_is_not_saved_again(person, typed, before):
    """Also when the browser has a session already, from a proposal that was sent in before."""
    for number in range(before):
        fill_in(person, FORM, typed | {"title": f"Förslag {number}"})
    page = post_in_outage(without_sessions, person, FORM, typed)
    assert page.status_code == 503
    assert Proposal.objects.count() == before + 1
    assert person.post(FORM, fields(page))["Location"] == reverse("proposal_receipt")
    assert Proposal.objects.count() == before + 1
    assert "Grön el" in text(person.get(reverse("proposal_receipt")))


def test_reading_during_an_outage_says_when_to_come_back(person):
    with gone():
        page = person.get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "Vänta en minut och försök igen" in text(page)
    assert "<form" not in page.content.decode()
    assert page["X-Request-ID"] in text(page)


def test_pages_that_need_no_database_are_read_during_an_outage(person):
    with gone():
        assert [person.get(path).status_code for path in ("/om/", "/integritet/", "/finns-inte/")] == [200, 200, 404]


def test_a_locked_database_can_be_read_where_it_is_sqlite(person, make_proposal):
    make_proposal(number=1)
    with locked():
        assert person.get("/").status_code == (200 if connection.vendor == "sqlite" else 503)


def test_a_password_is_not_shown_again(person, admin_user):
    person.force_login(admin_user)
    data = {"old_password": "gammalt-hemligt", "new_password1": "nytt-hemligt", "otp_token": "123456", "to": "x"}
    page = post_in_outage(gone, person, reverse("admin:password_change"), data)
    assert page.status_code == 503
    assert set(fields(page)) == {"csrfmiddlewaretoken", "to"}
    assert "hemligt" not in text(page)
    assert "123456" not in page.content.decode()
    assert "Lösenord och koder behåller vi inte" in text(page)


def test_a_file_is_to_be_chosen_again(person, admin_user, tmp_path):
    person.force_login(admin_user)
    address = reverse("admin:proposals_meeting_intake")
    document = tmp_path / "förslag.txt"
    document.write_text("1. Barn och unga")
    with document.open("rb") as file:
        page = post_in_outage(gone, person, address, {"date": "2030-05-14", "file": file})
    assert page.status_code == 503
    assert fields(page)["date"] == "2030-05-14"
    assert "Filer kan vi inte behålla" in text(page)


def test_what_another_site_posts_can_be_copied_but_not_sent_on_with_a_click(person, typed):
    with gone():
        page = person.post(FORM, typed | {"background": TEXT})
    assert page.status_code == 503
    assert "Första <b>stycket</b>" in html.unescape(page.content.decode())
    assert "csrfmiddlewaretoken" not in page.content.decode()
    assert "Försök igen</button>" not in page.content.decode()


def test_a_form_of_the_desk_that_was_open_for_too_long_shows_its_texts_to_copy(person, admin_user, make_proposal):
    person.force_login(admin_user)
    address = reverse("admin:proposals_proposal_change", args=[make_proposal().pk])
    page = person.post(address, {"title": "Rättad", "background": TEXT, "password": "hemligt"})
    assert page.status_code == 403
    assert "Sidan har varit öppen för länge" in text(page)
    assert fields(page)["background"].strip() == TEXT.strip()
    assert "Försök igen</button>" not in page.content.decode()
    assert "hemligt" not in page.content.decode()


class TestFault:
    @pytest.fixture(autouse=True)
    def addresses(self, settings):
        settings.ROOT_URLCONF = "tests.failing_urls"

    def test_any_other_fault_keeps_what_was_typed_as_well(self, person, meeting):
        data = {"text": TEXT, "count": ["1", "2"], "csrfmiddlewaretoken": token(person, FORM)}
        page = person.post("/fault/", data)
        assert page.status_code == 500
        assert {**fields(page), "csrfmiddlewaretoken": ""} == {**data, "csrfmiddlewaretoken": ""}
        assert "Allt du skrev finns kvar på den här sidan" in text(page)
        assert f"Ange {page['X-Request-ID']} om du skriver till kansliet" in text(page)
        assert "hemligt" not in text(page)
        assert "Retry-After" not in page

    def test_a_full_disk_passes(self, person):
        assert person.get("/no-room/").status_code == 503

    def test_a_page_that_cannot_be_drawn_becomes_a_line_of_text(self, person, settings, tmp_path):
        settings.STATIC_ROOT = tmp_path
        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        }
        page = person.get("/fault/")
        assert (page.status_code, page["Content-Type"]) == (500, "text/plain; charset=utf-8")
        assert page["X-Request-ID"] in page.content.decode()


def test_a_request_that_makes_no_sense_gets_a_page_with_its_id(person):
    page = person.get("/", headers={"Host": "example.org"})
    assert page.status_code == 400
    assert f"Ange {page['X-Request-ID']} om du skriver till kansliet" in text(page)
    assert "example.org" not in page.content.decode()
