"""A session that ends while somebody is writing in the admin: nothing that was typed is lost, nothing is sent twice."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from proposals.models import Proposal
from tests.addresses import address, routes
from tests.admin.test_admin import change, form_data
from tests.authenticator import Authenticator
from tests.project.test_sign_in import DESK, LOGIN, PASSWORD, is_signed_in

pytestmark = pytest.mark.usefixtures("free_slots")

UNSAVED = reverse("admin:unsaved")
ADD = reverse("admin:proposals_proposal_add")
INTAKE = reverse("admin:proposals_meeting_intake")
WRITTEN = 'Två stycken.\r\n\r\n  Det andra, med <b> & "citat".'
HERE = {"Origin": "http://testserver"}


class Browser(Client):
    """One whose posts need the token of a page, as those of real ones do."""

    def __init__(self):
        super().__init__(enforce_csrf_checks=True)

    def sign_in(self, page=None, name="kim"):
        """From `page`, which came instead of another; gives the page after."""
        data = fields(page or self.get(LOGIN)) | {"username": name, "password": PASSWORD}
        return self.post(LOGIN, data, follow=True)

    def press(self, page):
        """Press the button of the page's form."""
        address = unescape(re.search(r'<form method="post" action="([^"]+)">\s+<input', page.content.decode())[1])
        return self.post(address, fields(page), follow=True)


def token(page):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]


def fields(page):
    """What a browser would send of the page: its hidden fields and its texts."""
    page = page.content.decode().rpartition("<main")[2]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    found += re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    data = {}
    for name, value in found:
        data.setdefault(unescape(name), []).append(unescape(value))
    return data


@pytest.fixture
def browser(secretary):
    """A browser in which the secretary has signed in."""
    browser = Browser()
    browser.sign_in()
    return browser


@pytest.fixture
def proposal(make_proposal, chefer, dalarna):
    return make_proposal(number=1, groups=[chefer], people=["Bo Exempel"], region=dalarna)


def write(browser, proposal, **more):
    """Edit the proposal's texts and save, when the session has ended in the meantime; gives the page that comes."""
    page = browser.get(change(proposal))
    data = form_data(page, title="Ny rubrik", background=WRITTEN, csrfmiddlewaretoken=token(page))
    Session.objects.all().delete()
    return browser.post(change(proposal), data | {"_continue": "Spara"} | more, follow=True)


def saved(proposal):
    proposal.refresh_from_db()
    return proposal.title, proposal.background


def test_what_somebody_was_writing_waits_behind_the_sign_in_and_is_saved_by_a_press(browser, proposal):
    page = write(browser, proposal)
    assert page.redirect_chain[-1][0] == f"{LOGIN}?next={UNSAVED}"
    assert "Det du hade skrivit finns kvar" in page.content.decode()
    page = browser.sign_in(page)
    assert page.redirect_chain[-1][0] == UNSAVED
    assert "Du är inloggad igen. Det du hade skrivit finns kvar" in page.content.decode()
    assert fields(page)["background"] == [WRITTEN]
    assert saved(proposal) == ("Grön el", "Vi behöver el.")
    page = browser.press(page)
    assert page.redirect_chain == [(change(proposal), 302)]  # as the button said that was pressed
    assert saved(proposal) == ("Ny rubrik", WRITTEN.replace("\r\n", "\n"))
    assert [group.slug for group in proposal.target_groups.all()] == ["chefer"]
    assert [row.contact.name for row in proposal.contact_rows.all()] == ["Bo Exempel"]


def test_once_it_is_saved_it_waits_no_more(browser, proposal):
    browser.press(browser.sign_in(write(browser, proposal)))
    assert browser.get(UNSAVED).url == DESK


def test_it_waits_on_while_the_page_it_goes_to_finds_a_fault(browser, proposal):
    page = browser.press(browser.sign_in(write(browser, proposal, title="")))
    assert page.context["errors"]
    assert fields(browser.get(UNSAVED))["background"] == [WRITTEN]


def test_somebody_elses_newer_edit_is_not_overwritten(browser, proposal):
    page = browser.sign_in(write(browser, proposal))
    proposal.title = "Någon annans"
    proposal.save()
    browser.press(page)
    assert saved(proposal)[0] == "Någon annans"


def test_it_waits_behind_wrong_passwords_and_a_second_factor_too(browser, proposal, settings):
    page = write(browser, proposal)
    settings.REQUIRE_MFA = True
    wrong = browser.post(LOGIN, fields(page) | {"username": "kim", "password": "wrong"})
    assert "Det du hade skrivit finns kvar" in wrong.content.decode()
    page = browser.sign_in(wrong)
    app = Authenticator(page.content.decode())
    page = browser.post(reverse("admin:login_set_up"), fields(page) | {"code": app.code()})
    assert f'href="{UNSAVED}"' in page.content.decode()
    assert fields(browser.get(UNSAVED))["title"] == ["Ny rubrik"]


def test_a_password_is_not_stashed(kansli, secretary):
    new = "ett-nytt-losenord-2030"
    address = reverse("admin:auth_user_password_change", args=[secretary.pk])
    Session.objects.all().delete()
    response = kansli.post(address, {"password1": new, "password2": new, "usable_password": "true"})
    assert response.url == f"{LOGIN}?next={address}"
    assert "unsaved" not in kansli.session


def test_a_file_is_not_stashed_and_the_page_says_so(browser):
    file = SimpleUploadedFile("förra-året.docx", b"PK")
    data = {"file": file, "date": "2030-05-14", "csrfmiddlewaretoken": token(browser.get(LOGIN, follow=True))}
    Session.objects.all().delete()
    page = browser.sign_in(browser.post(INTAKE, data, follow=True))
    assert "Välj igen på nästa sida: förra-året.docx." in page.content.decode()
    assert "Välj en fil." in browser.press(page).content.decode()


def test_what_is_too_long_to_keep_stays_on_the_page(browser, proposal):
    page = write(browser, proposal, background="x" * 300_000)
    assert page.status_code == 403
    assert fields(page)["background"] == ["x" * 300_000]
    assert not Session.objects.exists()


def test_one_browser_leaves_no_more_than_thirty_an_hour(browser):
    data = {"title": "Skrivet", "csrfmiddlewaretoken": token(browser.get(LOGIN, follow=True))}
    Session.objects.all().delete()
    assert [browser.post(ADD, data).status_code for _ in range(31)] == [302] * 30 + [403]


# Strangers


def test_what_a_stranger_posts_is_on_the_page_and_nowhere_else(db):
    for number in range(3):
        page = Client().post(ADD, {"title": f"Rad {number}", "background": WRITTEN, "password": "hemligt"})
        assert page.status_code == 403
        assert "Du behöver logga in" in page.content.decode()
        assert fields(page) | {"csrfmiddlewaretoken": []} == {
            "csrfmiddlewaretoken": [],
            "title": [f"Rad {number}"],
            "background": [WRITTEN],
        }
        assert "sessionid" not in page.cookies
    assert not Session.objects.exists()


@pytest.mark.parametrize("is_forged", [True, False])
@pytest.mark.parametrize("data", [{"title": WRITTEN, "username": "kim", "password": "x"}, {"title": "x" * 300_001}, {}])
def test_nothing_that_a_stranger_posts_to_the_admin_makes_a_session(things, data, is_forged):
    addresses = [address(route, things) for route in routes().values() if route.startswith("admin/")]
    assert len(addresses) > 50
    for path in addresses:
        stranger = Client(enforce_csrf_checks=is_forged)
        stranger.cookies["csrftoken"] = "x" * 32
        stranger.post(path, data, headers=HERE)
    assert not Session.objects.exists()


def test_who_signs_in_beside_the_page_sends_it_from_there(secretary, chefer):
    """In a browser that has lost its cookies, or has had none of the kind."""
    browser = Browser()
    path = reverse("admin:proposals_targetgroup_change", args=[chefer.pk])
    data = {"name": WRITTEN.splitlines()[0], "slug": "chefer", "csrfmiddlewaretoken": token(browser.get(LOGIN))}
    page = browser.post(path, data)
    assert page.status_code == 403
    browser.sign_in()  # in another tab
    page = browser.post(path, fields(page), headers=HERE, follow=True)
    assert page.redirect_chain[-1][0] == UNSAVED
    browser.press(page)
    chefer.refresh_from_db()
    assert chefer.name == "Två stycken."


def test_an_address_without_a_page_keeps_nothing(client, db):
    assert UNSAVED not in client.post("/admin/finns-inte/", {"title": "x"}).url
    assert "unsaved" not in client.session


# Forged posts


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://example.com"}, {"Origin": "null"}])
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_forged_post_keeps_nothing(browser, headers, is_signed_in):
    if not is_signed_in:
        Session.objects.all().delete()
    response = browser.post(ADD, {"title": "Inte min"}, headers=headers)
    assert response.status_code == 403
    assert "unsaved" not in browser.session


def test_a_page_from_before_one_signed_in_again_elsewhere_keeps_its_text(browser, proposal):
    page = browser.get(change(proposal))
    data = form_data(page, background=WRITTEN, csrfmiddlewaretoken=token(page))
    Session.objects.all().delete()
    browser.sign_in()  # in another tab
    page = browser.post(change(proposal), data, headers=HERE, follow=True)
    assert page.redirect_chain[-1][0] == UNSAVED
    assert saved(proposal)[1] == "Vi behöver el."
    browser.press(page)
    assert saved(proposal)[1] == WRITTEN.replace("\r\n", "\n")


def test_so_does_one_from_before_the_password_was_changed_elsewhere(browser, proposal, secretary):
    page = browser.get(change(proposal))
    data = form_data(page, background=WRITTEN, csrfmiddlewaretoken="x" * 64)
    secretary.set_password("ett-nytt-losenord-2030")
    secretary.save()
    page = browser.post(change(proposal), data, headers=HERE, follow=True)
    assert page.redirect_chain[-1][0] == f"{LOGIN}?next={UNSAVED}"
    secretary.set_password(PASSWORD)
    secretary.save()
    assert fields(browser.sign_in(page))["background"] == [WRITTEN]


def test_without_cookies_there_is_nothing_to_keep_it_in(secretary):
    response = Browser().post(ADD, {"title": "x"}, headers=HERE)
    assert response.status_code == 403
    assert "Gå tillbaka med webbläsarens bakåtknapp" in response.content.decode()


def test_another_account_that_signs_in_after_the_session_has_ended_does_not_see_it(browser, proposal, reader):
    write(browser, proposal)
    browser.sign_in(name="las")
    assert is_signed_in(browser)
    assert "unsaved" not in browser.session
    assert browser.get(UNSAVED).url == DESK


def test_a_post_stashed_in_another_browser_is_not_shown_though_its_session_was_planted_here(browser, proposal):
    """As somebody could do who once sat at a computer where the secretary has signed in."""
    page = write(browser, proposal)
    elsewhere = Browser()
    elsewhere.sign_in()
    elsewhere.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert "Det du hade skrivit finns kvar" in elsewhere.get(LOGIN).content.decode()
    page = elsewhere.sign_in()
    assert is_signed_in(elsewhere)
    assert "unsaved" not in elsewhere.session
    assert WRITTEN not in page.content.decode()


def test_another_account_in_the_same_browser_does_not_see_it(browser, proposal, secretary, reader):
    """While the first one is still known: here somebody whose account is closed to the admin for a while."""
    User.objects.filter(pk=secretary.pk).update(is_staff=False)
    page = browser.get(change(proposal))
    assert page.status_code == 302
    data = {"title": "Hemligt", "csrfmiddlewaretoken": token(browser.get(LOGIN, follow=True))}
    browser.post(change(proposal), data)
    assert browser.session["unsaved"]
    browser.sign_in(name="las")
    assert is_signed_in(browser)
    assert "unsaved" not in browser.session
    assert not Proposal.objects.filter(title="Hemligt").exists()
