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
from tests.project.test_sign_in import DESK, LOGIN, PASSWORD, is_in

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
def window(secretary):
    """A browser in which the secretary has signed in."""
    window = Browser()
    window.sign_in()
    return window


@pytest.fixture
def proposal(make_proposal, chefer, dalarna):
    return make_proposal(number=1, groups=[chefer], people=["Bo Exempel"], region=dalarna)


def write(window, proposal, **more):
    """Edit the proposal's texts and save, when the session has ended in the meantime; gives the page that comes."""
    page = window.get(change(proposal))
    data = form_data(page, title="Ny rubrik", background=WRITTEN, csrfmiddlewaretoken=token(page))
    Session.objects.all().delete()
    return window.post(change(proposal), data | {"_continue": "Spara"} | more, follow=True)


def saved(proposal):
    proposal.refresh_from_db()
    return proposal.title, proposal.background


def test_what_somebody_was_writing_waits_behind_the_sign_in_and_is_saved_by_a_press(window, proposal):
    page = write(window, proposal)
    assert page.redirect_chain[-1][0] == f"{LOGIN}?next={UNSAVED}"
    assert "Det du hade skrivit finns kvar" in page.content.decode()
    page = window.sign_in(page)
    assert page.redirect_chain[-1][0] == UNSAVED
    assert "Du är inloggad igen. Det du hade skrivit finns kvar" in page.content.decode()
    assert fields(page)["background"] == [WRITTEN]
    assert saved(proposal) == ("Grön el", "Vi behöver el.")
    page = window.press(page)
    assert page.redirect_chain == [(change(proposal), 302)]  # as the button said that was pressed
    assert saved(proposal) == ("Ny rubrik", WRITTEN.replace("\r\n", "\n"))
    assert [group.slug for group in proposal.target_groups.all()] == ["chefer"]
    assert [row.contact.name for row in proposal.contact_rows.all()] == ["Bo Exempel"]


def test_once_it_is_saved_it_waits_no_more(window, proposal):
    window.press(window.sign_in(write(window, proposal)))
    assert window.get(UNSAVED).url == DESK


def test_it_waits_on_while_the_page_it_goes_to_finds_a_fault(window, proposal):
    page = window.press(window.sign_in(write(window, proposal, title="")))
    assert page.context["errors"]
    assert fields(window.get(UNSAVED))["background"] == [WRITTEN]


def test_somebody_elses_newer_edit_is_not_overwritten(window, proposal):
    page = window.sign_in(write(window, proposal))
    proposal.title = "Någon annans"
    proposal.save()
    window.press(page)
    assert saved(proposal)[0] == "Någon annans"


def test_it_waits_behind_wrong_passwords_and_a_second_factor_too(window, proposal, settings):
    page = write(window, proposal)
    settings.REQUIRE_MFA = True
    wrong = window.post(LOGIN, fields(page) | {"username": "kim", "password": "wrong"})
    assert "Det du hade skrivit finns kvar" in wrong.content.decode()
    page = window.sign_in(wrong)
    app = Authenticator(page.content.decode())
    page = window.post(reverse("admin:login_set_up"), fields(page) | {"code": app.code()})
    assert f'href="{UNSAVED}"' in page.content.decode()
    assert fields(window.get(UNSAVED))["title"] == ["Ny rubrik"]


def test_a_password_that_was_being_set_is_not_kept(kansli, secretary):
    new = "ett-nytt-losenord-2030"
    address = reverse("admin:auth_user_password_change", args=[secretary.pk])
    Session.objects.all().delete()
    response = kansli.post(address, {"password1": new, "password2": new, "usable_password": "true"})
    assert response.url == f"{LOGIN}?next={address}"
    assert "unsaved" not in kansli.session


def test_a_file_is_not_kept_and_the_page_says_so(window):
    file = SimpleUploadedFile("förra-året.docx", b"PK")
    data = {"file": file, "date": "2030-05-14", "csrfmiddlewaretoken": token(window.get(LOGIN, follow=True))}
    Session.objects.all().delete()
    page = window.sign_in(window.post(INTAKE, data, follow=True))
    assert "Välj igen på nästa sida: förra-året.docx." in page.content.decode()
    assert "Välj en fil." in window.press(page).content.decode()


def test_what_is_too_long_to_keep_stays_on_the_page(window, proposal):
    page = write(window, proposal, background="x" * 300_000)
    assert page.status_code == 403
    assert fields(page)["background"] == ["x" * 300_000]
    assert not Session.objects.exists()


def test_one_browser_leaves_no_more_than_thirty_an_hour(window):
    data = {"title": "Skrivet", "csrfmiddlewaretoken": token(window.get(LOGIN, follow=True))}
    Session.objects.all().delete()
    assert [window.post(ADD, data).status_code for _ in range(31)] == [302] * 30 + [403]


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
    window = Browser()
    path = reverse("admin:proposals_targetgroup_change", args=[chefer.pk])
    data = {"name": WRITTEN.splitlines()[0], "slug": "chefer", "csrfmiddlewaretoken": token(window.get(LOGIN))}
    page = window.post(path, data)
    assert page.status_code == 403
    window.sign_in()  # in another tab
    page = window.post(path, fields(page), headers=HERE, follow=True)
    assert page.redirect_chain[-1][0] == UNSAVED
    window.press(page)
    chefer.refresh_from_db()
    assert chefer.name == "Två stycken."


def test_an_address_without_a_page_keeps_nothing(client, db):
    assert UNSAVED not in client.post("/admin/finns-inte/", {"title": "x"}).url
    assert "unsaved" not in client.session


# Forged posts


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://example.com"}, {"Origin": "null"}])
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_forged_post_keeps_nothing(window, headers, is_signed_in):
    if not is_signed_in:
        Session.objects.all().delete()
    response = window.post(ADD, {"title": "Inte min"}, headers=headers)
    assert response.status_code == 403
    assert "unsaved" not in window.session


def test_a_page_from_before_one_signed_in_again_elsewhere_keeps_its_text(window, proposal):
    page = window.get(change(proposal))
    data = form_data(page, background=WRITTEN, csrfmiddlewaretoken=token(page))
    Session.objects.all().delete()
    window.sign_in()  # in another tab
    page = window.post(change(proposal), data, headers=HERE, follow=True)
    assert page.redirect_chain[-1][0] == UNSAVED
    assert saved(proposal)[1] == "Vi behöver el."
    window.press(page)
    assert saved(proposal)[1] == WRITTEN.replace("\r\n", "\n")


def test_so_does_one_from_before_the_password_was_changed_elsewhere(window, proposal, secretary):
    page = window.get(change(proposal))
    data = form_data(page, background=WRITTEN, csrfmiddlewaretoken="x" * 64)
    secretary.set_password("ett-nytt-losenord-2030")
    secretary.save()
    page = window.post(change(proposal), data, headers=HERE, follow=True)
    assert page.redirect_chain[-1][0] == f"{LOGIN}?next={UNSAVED}"
    secretary.set_password(PASSWORD)
    secretary.save()
    assert fields(window.sign_in(page))["background"] == [WRITTEN]


def test_without_cookies_there_is_nothing_to_keep_it_in(secretary):
    response = Browser().post(ADD, {"title": "x"}, headers=HERE)
    assert response.status_code == 403
    assert "Gå tillbaka med webbläsarens bakåtknapp" in response.content.decode()


def test_another_account_that_signs_in_after_the_session_has_ended_does_not_see_it(window, proposal, reader):
    write(window, proposal)
    window.sign_in(name="las")
    assert is_in(window)
    assert "unsaved" not in window.session
    assert window.get(UNSAVED).url == DESK


def test_what_was_kept_in_another_browser_is_not_shown_though_its_session_was_planted_here(window, proposal):
    """As somebody could do who once sat at a computer where the secretary has signed in."""
    page = write(window, proposal)
    elsewhere = Browser()
    elsewhere.sign_in()
    elsewhere.cookies["sessionid"] = window.cookies["sessionid"].value
    assert "Det du hade skrivit finns kvar" in elsewhere.get(LOGIN).content.decode()
    page = elsewhere.sign_in()
    assert is_in(elsewhere)
    assert "unsaved" not in elsewhere.session
    assert WRITTEN not in page.content.decode()


def test_another_account_in_the_same_browser_does_not_see_it(window, proposal, secretary, reader):
    """While the first one is still known: here somebody whose account is closed to the admin for a while."""
    User.objects.filter(pk=secretary.pk).update(is_staff=False)
    page = window.get(change(proposal))
    assert page.status_code == 302
    data = {"title": "Hemligt", "csrfmiddlewaretoken": token(window.get(LOGIN, follow=True))}
    window.post(change(proposal), data)
    assert window.session["unsaved"]
    window.sign_in(name="las")
    assert is_in(window)
    assert "unsaved" not in window.session
    assert not Proposal.objects.filter(title="Hemligt").exists()
