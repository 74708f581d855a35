"""Name and password at the door of the admin: how often, what is answered, and when a session ends."""

import re
import time
from itertools import chain

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proposals.models import RateLimit
from reglab.sign_in import known_browser
from tests.threads import in_threads

pytestmark = pytest.mark.usefixtures("free_slots")

LOGIN = reverse("admin:login")
DESK = reverse("admin:index")
PASSWORD = "only-for-tests"
COOKIE = "known_browser"
TOO_MANY = "Det har blivit för många försök. Vänta en kvart och försök sedan igen."
OF_ONE_ANSWER = ("Content-Length", "Expires", "X-Request-ID")


def sign_in(name, password=PASSWORD, client=None, **request):
    return (client or Client()).post(LOGIN, {"username": name, "password": password}, **request)


def fail(name, times, **request):
    """The statuses of `times` wrong passwords."""
    return [sign_in(name, "wrong", **request).status_code for _ in range(times)]


def is_signed_in(client):
    return client.get(DESK).status_code == 200


@pytest.fixture
def signed_in_browser():
    """A function that gives a browser in which somebody has signed in."""

    def signed_in_browser(name):
        client = Client()
        assert sign_in(name, client=client).status_code == 302
        return client

    return signed_in_browser


# What is answered


def test_a_refusal_is_the_same_whatever_is_wrong(secretary):
    User.objects.create_user("borta", password=PASSWORD, is_staff=True, is_active=False)
    User.objects.create_user("ingen", password=PASSWORD)
    tried = [("kim", "wrong"), ("finns-inte", PASSWORD), ("borta", PASSWORD), ("ingen", PASSWORD), ("ingen", "wrong")]
    answers = set()
    for name, password in tried:
        response = sign_in(name, password)
        page = response.content.decode().replace(f'value="{name}"', "")
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        headers = {key: value for key, value in response.items() if key not in OF_ONE_ANSWER}
        answers.add((response.status_code, page, str(headers)))
    assert len(answers) == 1
    assert "Namnet eller lösenordet stämmer inte." in answers.pop()[1]


def test_a_field_that_is_left_empty_is_no_attempt(secretary):
    assert [sign_in("kim", "").status_code for _ in range(11)] == [200] * 11
    assert sign_in("kim").status_code == 302


def test_signing_in_leads_to_where_one_was_going_but_to_no_other_site(secretary):
    inside = reverse("admin:proposals_proposal_changelist")
    for asked, given in ((inside, inside), ("https://example.com/", DESK), ("//example.com/", DESK), ("", DESK)):
        response = Client().post(LOGIN, {"username": "kim", "password": PASSWORD, "next": asked})
        assert response.url == given


def test_who_is_signed_in_needs_no_page_for_it(secretary, signed_in_browser):
    assert signed_in_browser("kim").get(LOGIN).url == DESK


# How often


def test_after_ten_wrong_passwords_not_even_the_right_one_is_tried(secretary):
    assert fail("kim", 11) == [200] * 10 + [429]
    client = Client()
    response = sign_in("kim", client=client)
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert TOO_MANY in response.content.decode()
    assert not is_signed_in(client)


def test_an_account_that_does_not_exist_is_counted_and_answered_alike(secretary):
    pages = []
    for name in ("kim", "finns-inte"):
        assert fail(name, 10) == [200] * 10
        page = sign_in(name).content.decode().replace(f'value="{name}"', "")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]


def test_capital_letters_make_no_further_account(secretary):
    assert fail("kim", 5) + fail("KIM", 6) == [200] * 10 + [429]


def test_from_one_address_there_are_thirty_whatever_the_accounts(secretary):
    assert [fail(f"konto{n}", 1)[0] for n in range(31)] == [200] * 30 + [429]
    assert sign_in("kim").status_code == 429
    assert sign_in("kim", REMOTE_ADDR="192.0.2.7").status_code == 302


def test_what_is_refused_unchecked_costs_the_address_nothing(secretary, reader):
    fail("kim", 40)
    assert sign_in("las").status_code == 302


def test_the_right_password_is_no_attempt(secretary):
    assert [sign_in("kim").status_code for _ in range(12)] == [302] * 12
    assert fail("kim", 11) == [200] * 10 + [429]


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_no_more_than_there_may_be():
    User.objects.create_user("kim", password=PASSWORD, is_staff=True)
    answers = in_threads(lambda _: fail("kim", 5), range(4))
    assert sorted(chain.from_iterable(answers)) == [200] * 10 + [429] * 10


def test_existing_or_not_an_account_costs_the_same_queries(secretary):
    counts = []
    for name in ("kim", "finns-inte"):
        fail(name, 1)
        with CaptureQueriesContext(connection) as queries:
            fail(name, 1)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# A browser in which somebody has signed in before


def test_strangers_cannot_shut_out_a_browser_in_which_one_has_signed_in_before(secretary, signed_in_browser):
    known = signed_in_browser("kim")
    known.post(reverse("admin:logout"))
    assert fail("kim", 11) == [200] * 10 + [429]
    fail("las", 10), fail("finns-inte", 20)
    assert sign_in("las").status_code == 429  # the whole address
    assert sign_in("kim", client=known).status_code == 302


def test_it_has_ten_wrong_passwords_of_its_own(secretary, signed_in_browser):
    known, other = signed_in_browser("kim"), signed_in_browser("kim")
    assert fail("kim", 11, client=known) == [200] * 10 + [429]
    assert sign_in("kim", client=known).status_code == 429
    assert [sign_in("kim", client=client).status_code for client in (other, Client())] == [302, 302]


def test_it_is_a_strangers_for_every_other_account(secretary, reader, signed_in_browser):
    known = signed_in_browser("las")
    assert fail("kim", 10, client=known) == [200] * 10
    assert sign_in("kim").status_code == 429
    assert sign_in("kim", client=known).status_code == 429


def test_those_who_share_a_computer_are_both_known_there(secretary, reader, signed_in_browser):
    known = signed_in_browser("las")
    sign_in("kim", client=known)
    fail("kim", 10), fail("las", 10)
    assert [sign_in(name, client=known).status_code for name in ("kim", "las", "kim")] == [302] * 3


def test_a_new_password_makes_a_browser_a_strangers_but_for_the_one_where_it_was_changed(secretary, signed_in_browser):
    here, there = signed_in_browser("kim"), signed_in_browser("kim")
    new = "ett-nytt-losenord-2030"
    here.post(reverse("admin:password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    fail("kim", 10)
    assert sign_in("kim", new, client=there).status_code == 429
    assert sign_in("kim", new, client=here).status_code == 302


@pytest.mark.parametrize(
    "forge",
    [
        lambda cookie, _: "",
        lambda cookie, _: cookie.partition(":")[0],
        lambda cookie, _: "X" + cookie,
        lambda cookie, key: signing.dumps(("x", [(key, "x")]), key="another-key" * 5, salt=known_browser.SALT),
        lambda cookie, key: signing.dumps(("x", [(key, "x")]), salt=known_browser.SALT),
    ],
)
def test_a_cookie_that_is_not_ours_makes_no_browser_known(secretary, signed_in_browser, forge):
    cookie = signed_in_browser("kim").cookies[COOKIE].value
    fail("kim", 10)
    stranger = Client()
    stranger.cookies[COOKIE] = forge(cookie, secretary.pk)
    assert sign_in("kim", client=stranger).status_code == 429


def test_a_browser_is_known_for_a_year(secretary, signed_in_browser, monkeypatch):
    known, now = signed_in_browser("kim"), time.time()
    fail("kim", 10)
    monkeypatch.setattr(time, "time", lambda: now + 365 * 24 * 3600 + 1)
    assert sign_in("kim", client=known).status_code == 429
    monkeypatch.setattr(time, "time", lambda: now + 364 * 24 * 3600)
    assert sign_in("kim", client=known).status_code == 302


def test_the_cookie_is_hidden_from_scripts_and_other_sites_and_says_no_name(settings, secretary):
    settings.SESSION_COOKIE_SECURE = True
    assert COOKIE not in Client().get(LOGIN).cookies
    assert COOKIE not in sign_in("kim", "wrong").cookies
    cookie = sign_in("kim").cookies[COOKIE]
    attributes = [cookie[name] for name in ("httponly", "secure", "samesite", "path", "domain", "max-age")]
    assert attributes == [True, True, "Lax", "/", "", 365 * 24 * 3600]
    content = str(signing.loads(cookie.value, salt=known_browser.SALT))
    assert "kim" not in content
    assert secretary.password not in content


def test_the_command_lets_an_account_try_again(secretary, reader, signed_in_browser, capsys):
    known = signed_in_browser("kim")
    assert fail("kim", 11)[-1] == fail("kim", 11, client=known)[-1] == fail("las", 11)[-1] == 429
    call_command("unlock_sign_in", "kim")
    assert capsys.readouterr().out.startswith("Forgot the wrong passwords and codes of kim")
    assert [sign_in("kim", client=client).status_code for client in (Client(), known)] == [302, 302]
    assert sign_in("las").status_code == 429
    with pytest.raises(CommandError, match="There is no account finns-inte"):
        call_command("unlock_sign_in", "finns-inte")


def test_the_name_is_not_stored(secretary):
    fail("kim", 1)
    keys = RateLimit.objects.values_list("key", flat=True)
    assert len(keys) == 2
    assert "kim" not in str(keys)


# How long


def test_signing_in_changes_the_key_of_the_session(secretary):
    client = Client()
    before = client.session.session_key
    assert client.session.exists(before)
    sign_in("kim", client=client)
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_what_was_put_into_the_session_before_is_not_there_after(secretary):
    client = Client()
    session = client.session
    session["receipt"] = session["unsaved"] = {"address": DESK, "fields": [("title", "Planterat")], "files": []}
    session.save()
    sign_in("kim", client=client)
    assert is_signed_in(client)
    assert not {"receipt", "unsaved"} & set(client.session.keys())


def test_a_session_lasts_a_working_day_from_the_last_save(secretary, chefer):
    client = Client()
    assert sign_in("kim", client=client).cookies["sessionid"]["max-age"] == 12 * 3600
    assert "sessionid" not in client.get(DESK).cookies
    address = reverse("admin:proposals_targetgroup_change", args=[chefer.pk])
    response = client.post(address, {"name": "Chefer och ledare", "slug": "chefer"})
    assert response.cookies["sessionid"]["max-age"] == 12 * 3600


def test_who_changes_their_password_stays_in_and_their_other_session_ends(secretary, signed_in_browser):
    here, there = signed_in_browser("kim"), signed_in_browser("kim")
    new = "ett-nytt-losenord-2030"
    here.post(reverse("admin:password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert sign_in("kim").status_code == 200
    assert sign_in("kim", new).status_code == 302


def test_a_session_ends_when_a_superuser_sets_the_password(secretary, signed_in_browser, kansli):
    client = signed_in_browser("kim")
    new = "ett-nytt-losenord-2030"
    address = reverse("admin:auth_user_password_change", args=[secretary.pk])
    kansli.post(address, {"password1": new, "password2": new, "usable_password": "true"})
    assert (is_signed_in(client), is_signed_in(kansli)) == (False, True)


@pytest.mark.parametrize("claim", ["is_active", "is_staff"])
def test_a_session_ends_when_the_account_is_no_longer(secretary, signed_in_browser, claim):
    client = signed_in_browser("kim")
    assert is_signed_in(client)
    User.objects.filter(pk=secretary.pk).update(**{claim: False})
    assert not is_signed_in(client)


# How the name is written


@pytest.mark.parametrize("name", ["kim", "Kim", "KIM", " kim\u200b "])
def test_capitals_in_the_name_make_no_difference(secretary, name):
    assert sign_in(name).status_code == 302


def test_accounts_that_differ_only_in_capitals_are_told_apart(make_account):
    User.objects.create_user("Åsa", password=PASSWORD, is_staff=True)
    User.objects.create_user("åsa", password="another-only-for-tests", is_staff=True)
    assert sign_in("Åsa").status_code == 302
    assert sign_in("åsa").status_code == 200
    assert sign_in("ÅSA").status_code == 200


def test_guesses_under_other_capitals_count_as_the_same_accounts(secretary):
    assert set(fail("Kim", 5) + fail("kIM", 5)) == {200}
    assert sign_in("KIM").status_code == 429
