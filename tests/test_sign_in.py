"""Name and password at the door of the admin: how often, what is answered, and when a session ends."""

import re
from itertools import chain

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from proposals.models import RateLimit
from tests.threads import in_threads

pytestmark = pytest.mark.usefixtures("free_slots")

LOGIN = reverse("admin:login")
DESK = reverse("admin:index")
PASSWORD = "only-for-tests"
TOO_MANY = "Det har blivit för många försök. Vänta en kvart och försök sedan igen."
OF_ONE_ANSWER = ("Content-Length", "Expires", "X-Request-ID")


def sign_in(name, password=PASSWORD, client=None, **request):
    return (client or Client()).post(LOGIN, {"username": name, "password": password}, **request)


def wrong(name, times, **request):
    """The statuses of so many wrong passwords."""
    return [sign_in(name, "wrong", **request).status_code for _ in range(times)]


def is_in(client):
    return client.get(DESK).status_code == 200


@pytest.fixture
def browser_of():
    """A function that gives a browser in which somebody has signed in."""

    def browser_of(name):
        client = Client()
        assert sign_in(name, client=client).status_code == 302
        return client

    return browser_of


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


def test_who_is_signed_in_needs_no_page_for_it(secretary, browser_of):
    assert browser_of("kim").get(LOGIN).url == DESK


# How often


def test_after_ten_wrong_passwords_not_even_the_right_one_is_tried(secretary):
    assert wrong("kim", 11) == [200] * 10 + [429]
    client = Client()
    response = sign_in("kim", client=client)
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert TOO_MANY in response.content.decode()
    assert not is_in(client)


def test_an_account_that_does_not_exist_is_counted_and_answered_alike(secretary):
    pages = []
    for name in ("kim", "finns-inte"):
        assert wrong(name, 10) == [200] * 10
        page = sign_in(name).content.decode().replace(f'value="{name}"', "")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]


def test_capital_letters_make_no_further_account(secretary):
    assert wrong("kim", 5) + wrong("KIM", 6) == [200] * 10 + [429]


def test_from_one_address_there_are_thirty_whatever_the_accounts(secretary):
    assert [wrong(f"konto{n}", 1)[0] for n in range(31)] == [200] * 30 + [429]
    assert sign_in("kim").status_code == 429
    assert sign_in("kim", REMOTE_ADDR="192.0.2.7").status_code == 302


def test_what_is_refused_unchecked_costs_the_address_nothing(secretary, reader):
    wrong("kim", 40)
    assert sign_in("las").status_code == 302


def test_the_right_password_is_no_attempt(secretary):
    assert [sign_in("kim").status_code for _ in range(12)] == [302] * 12
    assert wrong("kim", 11) == [200] * 10 + [429]


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_no_more_than_there_may_be():
    User.objects.create_user("kim", password=PASSWORD, is_staff=True)
    answers = in_threads(lambda _: wrong("kim", 5), range(4))
    assert sorted(chain.from_iterable(answers)) == [200] * 10 + [429] * 10


def test_the_name_is_not_kept(secretary):
    wrong("kim", 1)
    keys = RateLimit.objects.values_list("key", flat=True)
    assert len(keys) == 2
    assert "kim" not in str(keys)


# How long


def test_signing_in_changes_the_key_of_the_session(secretary):
    client = Client()
    client.post(reverse("admin:proposals_proposal_add"), {"title": "Skrivet"})  # kept in a session
    before = client.session.session_key
    sign_in("kim", client=client)
    assert before
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_a_session_lasts_a_working_day_from_the_last_save(secretary, chefer):
    client = Client()
    assert sign_in("kim", client=client).cookies["sessionid"]["max-age"] == 12 * 3600
    assert "sessionid" not in client.get(DESK).cookies
    address = reverse("admin:proposals_targetgroup_change", args=[chefer.pk])
    response = client.post(address, {"name": "Chefer och ledare", "slug": "chefer"})
    assert response.cookies["sessionid"]["max-age"] == 12 * 3600


def test_who_changes_their_password_stays_in_and_their_other_session_ends(secretary, browser_of):
    here, there = browser_of("kim"), browser_of("kim")
    new = "ett-nytt-losenord-2030"
    here.post(reverse("admin:password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert (is_in(here), is_in(there)) == (True, False)
    assert sign_in("kim").status_code == 200
    assert sign_in("kim", new).status_code == 302


def test_a_session_ends_when_a_superuser_sets_the_password(secretary, browser_of, kansli):
    client = browser_of("kim")
    new = "ett-nytt-losenord-2030"
    address = reverse("admin:auth_user_password_change", args=[secretary.pk])
    kansli.post(address, {"password1": new, "password2": new, "usable_password": "true"})
    assert (is_in(client), is_in(kansli)) == (False, True)


@pytest.mark.parametrize("claim", ["is_active", "is_staff"])
def test_a_session_ends_when_the_account_is_no_longer(secretary, browser_of, claim):
    client = browser_of("kim")
    assert is_in(client)
    User.objects.filter(pk=secretary.pk).update(**{claim: False})
    assert not is_in(client)
