"""The code from an app at sign-in, where REQUIRE_MFA asks for one; see test_roles for who gets in nowhere without."""

import re
import time
from base64 import b32decode
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from reglab.sign_in import second_factor
from tests.authenticator import Authenticator
from tests.project.test_sign_in import DESK, LOGIN, PASSWORD, is_signed_in, sign_in

CODE = reverse("admin:login_code")
SET_UP = reverse("admin:login_set_up")
LIST = reverse("admin:proposals_proposal_changelist")
USERS = reverse("admin:auth_user_changelist")
WRONG = "000000"


@pytest.fixture(autouse=True)
def _required(settings, free_slots):
    settings.REQUIRE_MFA = True


def set_up(name):
    """(browser, app, page with the recovery codes) of somebody who signs in for the first time."""
    client = Client()
    page = sign_in(name, client=client, follow=True).content.decode()
    app = Authenticator(page)
    return client, app, client.post(SET_UP, {"code": app.code()}).content.decode()


def recovery_codes(page):
    return re.findall(r"<code>(\d{5} \d{5})</code>", page)


@pytest.fixture
def kim(secretary):
    """(browser, app, recovery codes) of the secretary, who has set up a second factor."""
    client, app, page = set_up("kim")
    return client, app, recovery_codes(page)


@pytest.fixture
def after_password(kim):
    """A browser in which the secretary's password has been given, and no code."""
    client = Client()
    sign_in("kim", client=client)
    return client


def code(client, code):
    return client.post(CODE, {"code": code})


# Setting up


def test_the_first_sign_in_sets_up_an_app_and_gives_ten_recovery_codes(secretary):
    client = Client()
    response = client.post(f"{LOGIN}?next={LIST}", {"username": "kim", "password": PASSWORD}, follow=True)
    assert [address for address, _ in response.redirect_chain] == [CODE, SET_UP]
    assert not is_signed_in(client)
    page = response.content.decode()
    assert 'src="data:image/svg+xml' in page
    app = Authenticator(page)
    invitation = urlsplit(unescape(re.search(r'href="(otpauth:[^"]+)"', page)[1]))
    assert (invitation.path, parse_qs(invitation.query)["secret"]) == ("/Reglab%3Akim", [app.secret])
    page = client.post(SET_UP, {"code": app.code()}).content.decode()
    assert len(set(recovery_codes(page))) == 10
    assert f'href="{LIST}"' in page
    assert is_signed_in(client)


def test_a_wrong_first_code_sets_up_nothing_and_the_secret_stays_on_the_page(secretary):
    client = Client()
    app = Authenticator(sign_in("kim", client=client, follow=True).content.decode())
    response = client.post(SET_UP, {"code": WRONG})
    assert "Koden stämmer inte." in response.content.decode()
    assert Authenticator(response.content.decode()).secret == app.secret
    assert not is_signed_in(client)
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()


def test_recovery_codes_are_shown_once(kim):
    client, _, codes = kim
    for page in (SET_UP, CODE, DESK):
        assert codes[0] not in client.get(page, follow=True).content.decode()


def test_who_has_an_app_sets_up_no_other_with_the_password_alone(after_password):
    assert after_password.get(SET_UP).url == CODE
    page = after_password.get(SET_UP, follow=True).content.decode()
    assert Authenticator(page).secret == ""
    assert after_password.post(SET_UP, {"code": WRONG}).url == CODE
    assert TOTPDevice.objects.count() == 1


def test_of_two_who_set_up_an_app_for_one_account_the_second_is_refused(secretary):
    late = Client()
    app = Authenticator(sign_in("kim", client=late, follow=True).content.decode())
    set_up("kim")
    assert second_factor.set_up(secretary, b32decode(app.secret).hex(), app.code()) is None
    assert late.post(SET_UP, {"code": app.code()}).url == CODE
    assert TOTPDevice.objects.count() == 1
    assert not is_signed_in(late)


# Signing in


def test_later_the_code_of_the_app_leads_to_where_one_was_going(kim):
    _, app, _ = kim
    client = Client()
    client.post(LOGIN, {"username": "kim", "password": PASSWORD, "next": LIST})
    assert not is_signed_in(client)
    assert code(client, app.code(later=1)).url == LIST
    assert is_signed_in(client)


def test_no_code_leads_to_another_site(kim):
    _, app, _ = kim
    client = Client()
    client.post(LOGIN, {"username": "kim", "password": PASSWORD, "next": "https://example.com/"})
    assert code(client, app.code(later=1)).url == DESK


def test_who_types_slowly_once_may_be_quick_the_next_time(secretary, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    client = Client()
    app = Authenticator(sign_in("kim", client=client, follow=True).content.decode())
    client.post(SET_UP, {"code": app.code(later=-1)})
    assert is_signed_in(client)
    again = Client()
    sign_in("kim", client=again)
    assert code(again, app.code(later=1)).url == DESK


def test_a_code_is_right_once(kim, after_password):
    _, app, _ = kim
    response = code(after_password, app.latest)  # with which the app was set up
    assert "Koden stämmer inte." in response.content.decode()
    assert not is_signed_in(after_password)


def test_a_recovery_code_is_right_once_however_it_is_typed(kim, after_password):
    _, _, codes = kim
    assert code(after_password, f" {codes[3].replace(' ', '-')} ").url == DESK
    assert is_signed_in(after_password)
    again = Client()
    sign_in("kim", client=again)
    assert code(again, codes[3]).status_code == 200
    assert code(again, codes[4]).status_code == 302


def test_the_code_of_somebody_else_is_wrong(kim, reader):
    _, app, codes = kim
    other, _, _ = set_up("las")
    other.logout()
    sign_in("las", client=other)
    for theirs in (app.code(later=1), codes[0]):
        assert code(other, theirs).status_code == 200
    assert not is_signed_in(other)


@pytest.mark.parametrize("typed", ["", "12", "x" * 41, "١٢٣٤٥٦", "\x00", "' OR 1=1 --"])
def test_nonsense_is_a_wrong_code(after_password, typed):
    assert code(after_password, typed).status_code == 200
    assert not is_signed_in(after_password)


def test_after_ten_wrong_codes_not_even_the_right_one_is_tried(kim, after_password):
    _, app, codes = kim
    assert [code(after_password, WRONG).status_code for _ in range(11)] == [200] * 10 + [429]
    again = Client()
    sign_in("kim", client=again)
    for right in (app.code(later=1), codes[0]):
        response = code(again, right)
        assert (response.status_code, response["Retry-After"]) == (429, "3600")
        assert "Vänta en timme och försök sedan igen." in response.content.decode()
    assert not is_signed_in(again)


def test_who_knows_the_password_cannot_shut_out_a_browser_in_which_one_has_signed_in_before(kim, after_password):
    known, app, _ = kim
    known.post(reverse("admin:logout"))
    assert [code(after_password, WRONG).status_code for _ in range(11)] == [200] * 10 + [429]
    sign_in("kim", client=known)
    assert [code(known, WRONG).status_code for _ in range(9)] == [200] * 9
    assert code(known, app.code(later=1)).status_code == 302
    assert is_signed_in(known)


def test_a_browser_in_which_no_code_was_given_is_not_known(kim, after_password):
    assert "known_browser" not in after_password.cookies


def test_the_command_forgets_wrong_codes_too(kim, after_password):
    _, app, _ = kim
    assert [code(after_password, WRONG).status_code for _ in range(11)][-1] == 429
    call_command("unlock_sign_in", "kim")
    assert code(after_password, app.code(later=1)).status_code == 302


def test_the_key_of_the_session_changes_with_the_password_and_with_the_code(kim):
    _, app, _ = kim
    client = Client()
    keys = [client.session.session_key]
    sign_in("kim", client=client)
    keys.append(client.session.session_key)
    code(client, app.code(later=1))
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    assert [client.session.exists(key) for key in keys] == [False, False, True]


# Between the password and the code


def test_half_an_hour_after_the_password_it_has_to_be_given_again(kim, after_password, monkeypatch):
    _, app, _ = kim
    later, now = app.code(later=1), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 30 * 60 + 1)
    assert code(after_password, later).url == f"{LOGIN}?next={DESK}"
    assert not is_signed_in(after_password)


def test_a_new_password_ends_what_the_old_one_began(kim, after_password, secretary):
    _, app, _ = kim
    secretary.set_password("ett-nytt-losenord-2030")
    secretary.save()
    assert code(after_password, app.code(later=1)).url.startswith(LOGIN)
    assert not is_signed_in(after_password)


@pytest.mark.parametrize("claim", ["is_active", "is_staff"])
def test_an_account_that_is_closed_meanwhile_stays_outside(kim, after_password, claim):
    _, app, _ = kim
    User.objects.update(**{claim: False})
    assert code(after_password, app.code(later=1)).url.startswith(LOGIN)


def test_who_has_only_given_the_password_is_nobody_on_the_public_pages(after_password, make_proposal):
    proposal = make_proposal(number=1)
    assert "Redigera" not in after_password.get(proposal.get_absolute_url()).content.decode()


def test_a_session_from_before_a_second_factor_was_required_shows_nothing_and_sets_up_one(
    settings, secretary, make_proposal
):
    proposal = make_proposal(number=1)
    settings.REQUIRE_MFA = False
    client = Client()
    sign_in("kim", client=client)
    assert "Redigera" in client.get(proposal.get_absolute_url()).content.decode()
    settings.REQUIRE_MFA = True
    assert "Redigera" not in client.get(proposal.get_absolute_url()).content.decode()
    assert client.get(DESK).url == f"{LOGIN}?next={DESK}"
    assert "Du är inloggad som kim, men kommer inte åt sidan." in client.get(LOGIN).content.decode()
    assert client.get(CODE).url.startswith(LOGIN)  # the password comes first
    app = Authenticator(sign_in("kim", client=client, follow=True).content.decode())
    client.post(SET_UP, {"code": app.code()})
    assert is_signed_in(client)


# A lost phone


def test_a_superuser_lets_somebody_set_up_a_new_app(kim, admin_user, secretary):
    client, app, codes = kim
    boss, _, _ = set_up_superuser(admin_user)
    page = boss.post(USERS, {"action": "forget_second_factor", "_selected_action": [secretary.pk]}, follow=True)
    assert "Tvåstegskoden för kim är glömd." in page.content.decode()
    assert (is_signed_in(client), is_signed_in(boss)) == (False, True)
    again, new_app, page = set_up("kim")
    assert is_signed_in(again)
    assert new_app.secret != app.secret
    assert not set(codes) & set(recovery_codes(page))


def set_up_superuser(user):
    user.set_password(PASSWORD)
    user.save()
    return set_up(user.username)


def test_nobody_but_a_superuser_may(kim, reader, secretary):
    secretary.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    client, _, _ = kim
    assert "Glöm tvåstegskoden" not in client.get(USERS).content.decode()
    client.post(USERS, {"action": "forget_second_factor", "_selected_action": [secretary.pk]})
    assert TOTPDevice.objects.count() == 1


def test_the_accounts_say_who_has_an_app(kim, admin_user, reader):
    boss, _, _ = set_up_superuser(admin_user)
    rows = boss.get(USERS).context["cl"].result_list
    assert {user.username: user.has_app for user in rows} == {"admin": True, "kim": True, "las": False}


def test_the_command_lets_a_superuser_in_again(kim, capsys):
    client, _, _ = kim
    call_command("forget_second_factor", "kim")
    assert capsys.readouterr().out.startswith("Forgot the second factor of kim")
    assert not is_signed_in(client)
    assert not StaticDevice.objects.exists()
    assert is_signed_in(set_up("kim")[0])
    with pytest.raises(CommandError, match="There is no account finns-inte"):
        call_command("forget_second_factor", "finns-inte")


# What it shows and costs


def test_no_page_of_the_admin_shows_a_secret(kim, admin_user, secretary):
    _, app, codes = kim
    boss, _, _ = set_up_superuser(admin_user)
    assert not {model._meta.app_label for model in admin.site._registry} & {"otp_totp", "otp_static"}
    key = TOTPDevice.objects.get(user=secretary).key
    for name in ("change", "delete", "history"):
        page = boss.get(reverse(f"admin:auth_user_{name}", args=[secretary.pk])).content.decode()
        for hidden in (key, app.secret, codes[0].replace(" ", "")):
            assert hidden not in page
    User.objects.filter(pk=secretary.pk).update(is_active=False)
    asked = boss.get(reverse("admin:auth_user_delete", args=[secretary.pk])).context
    assert "kim" in str(asked["deleted_objects"])
    assert "evice" not in str(asked["deleted_objects"]) + str(asked["model_count"])


def queries_of_the_list(client):
    client.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST).status_code == 200
    return [query["sql"] for query in queries]


def test_a_page_costs_one_query_more_with_a_second_factor_and_none_without(kim, settings):
    client, _, _ = kim
    required = queries_of_the_list(client)
    settings.REQUIRE_MFA = False
    without = Client()
    assert sign_in("kim", client=without).url == DESK
    plain = queries_of_the_list(without)
    assert [sql for sql in plain if "otp_" in sql] == []
    assert len([sql for sql in required if "otp_" in sql]) == 1
    assert len(required) == len(plain) + 1
