"""Accounts and their groups: nobody shuts out the last one who can let others in, and who did what is kept."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse

from reglab.sign_in.account_rules import role_of
from tests.admin.test_admin import text

OWN = "Det här är ditt eget konto. Be en kollega som har alla rättigheter, så att du inte stänger ute dig själv."
LAST = "Ingen annan som kan logga in har alla rättigheter. Ge dem till en kollega först, så att någon kan släppa in er."
LOSSES = [{"is_active": None}, {"role": "reader"}]


def address(user, page="change"):
    return reverse(f"admin:auth_user_{page}", args=[user.pk])


def form_data(user, **edits):
    """The POST data of the account's page, without boxes that aren't ticked."""
    data = {"username": user.username, "role": role_of(user), "is_active": "on" if user.is_active else None}
    return {name: value for name, value in (data | edits).items() if value}


def rights(user):
    user = User.objects.get(pk=user.pk)
    return user.is_active, role_of(user)


@pytest.fixture
def superuser(admin_user):
    """A browser in which the one superuser has signed in."""
    client = Client()
    client.force_login(admin_user)
    return client


@pytest.fixture
def colleague(db):
    return User.objects.create_superuser("eva", password="only-for-tests")


@pytest.fixture
def account_editor(db):
    """A browser of somebody who may change accounts without having all rights."""
    user = User.objects.create_user("vakt", password="only-for-tests", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.usefixtures("colleague")
def test_nobody_takes_away_their_own_rights(superuser, admin_user, loss):
    response = superuser.post(address(admin_user), form_data(admin_user, **loss))
    assert OWN in text(response)
    assert rights(admin_user) == (True, "administrator")


@pytest.mark.parametrize("loss", LOSSES)
def test_the_last_with_all_rights_keeps_them(account_editor, admin_user, loss):
    response = account_editor.post(address(admin_user), form_data(admin_user, **loss))
    assert LAST in text(response)
    assert rights(admin_user) == (True, "administrator")


@pytest.mark.parametrize("lack", [{"is_active": False}, {"is_staff": False}, {"password": "!"}])
def test_a_colleague_who_cannot_sign_in_does_not_count(account_editor, admin_user, colleague, lack):
    User.objects.filter(pk=colleague.pk).update(**lack)
    assert LAST in text(account_editor.post(address(admin_user), form_data(admin_user, role="reader")))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_colleague_loses_them_as_long_as_somebody_has_them(superuser, colleague, loss):
    assert superuser.post(address(colleague), form_data(colleague, **loss)).status_code == 302
    assert rights(colleague) == ((True, "reader") if "role" in loss else (False, "administrator"))


def test_who_has_few_rights_is_closed_and_opened(superuser, reader):
    for box, is_active in ((None, False), ("on", True)):
        superuser.post(address(reader), form_data(reader, is_active=box))
        assert rights(reader) == (is_active, "reader")


def test_a_role_is_all_the_rights_somebody_has(superuser, reader):
    reader.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    superuser.post(address(reader), form_data(reader, role="secretariat"))
    assert rights(reader) == (True, "secretariat")
    assert not reader.user_permissions.exists()
    password = {"usable_password": "true", "password1": "sju-gula-bord-i-visby", "password2": "sju-gula-bord-i-visby"}
    new = {"username": "sara", "first_name": "Sara", "role": "reader"} | password
    superuser.post(reverse("admin:auth_user_add"), new)
    assert rights(User.objects.get(first_name="Sara")) == (True, "reader")


def test_the_page_of_an_account_shows_no_hash(superuser, reader):
    page = superuser.get(address(reader)).content.decode()
    assert "pbkdf2" not in page
    assert "aldrig" in page


def test_ones_own_name_is_changed(superuser, admin_user):
    assert superuser.post(address(admin_user), form_data(admin_user) | {"first_name": "Kim"}).status_code == 302
    admin_user.refresh_from_db()
    assert admin_user.first_name == "Kim"


def test_the_last_with_all_rights_keeps_a_password(superuser, admin_user, colleague):
    unset = {"usable_password": "false", "unset-password": "1"}
    assert superuser.post(address(colleague, "password_change"), unset).status_code == 302
    response = superuser.post(address(admin_user, "password_change"), unset)
    assert LAST in text(response)
    admin_user.refresh_from_db()
    assert admin_user.has_usable_password()
    new = {"usable_password": "true", "password1": "ett-nytt-långt-lösenord", "password2": "ett-nytt-långt-lösenord"}
    assert superuser.post(address(admin_user, "password_change"), new).status_code == 302
    admin_user.refresh_from_db()
    assert admin_user.check_password("ett-nytt-långt-lösenord")


class TestDeletion:
    def refusal(self, client, user):
        response = client.post(address(user, "delete"), {"post": "yes"}, follow=True)
        assert User.objects.filter(pk=user.pk).exists()
        return text(response)

    @pytest.mark.usefixtures("colleague")
    def test_nobody_deletes_their_own_account(self, superuser, admin_user):
        assert OWN in self.refusal(superuser, admin_user)

    def test_the_last_with_all_rights_is_not_deleted(self, account_editor, admin_user):
        assert LAST in self.refusal(account_editor, admin_user)

    @pytest.mark.parametrize("work", ["proposals_region_add", "proposals_contact_add", "proposals_latelink_add"])
    def test_who_has_done_something_is_closed_instead(self, superuser, secretary, meeting, work):
        client = Client()
        client.force_login(secretary)
        late = {"meeting": meeting.pk, "email": "anna@example.com", "reason": "Sjuk", "expires_at_0": meeting.date}
        client.post(reverse(f"admin:{work}"), late | {"name": "X", "slug": "x", "kind": "agency"})
        LogEntry.objects.filter(user=secretary).exclude(content_type__model="region").delete()
        assert "Kontot kim är aktivt. Ta bort krysset för Aktivt och spara först" in self.refusal(superuser, secretary)
        User.objects.filter(pk=secretary.pk).update(is_active=False)
        why = "Kontot kim finns kvar, för historiken berättar vad det har gjort."
        assert why in self.refusal(superuser, secretary)

    def test_who_has_done_nothing_is_deleted_with_their_second_factor(self, superuser, secretary):
        secretary.totpdevice_set.create(name="app")
        User.objects.filter(pk=secretary.pk).update(is_active=False)
        superuser.post(address(secretary, "delete"), {"post": "yes"})
        assert not User.objects.filter(pk=secretary.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["change", "password_change"])
def test_of_two_who_shut_each_other_out_at_the_same_moment_one_stays(way):
    users = [User.objects.create_superuser(name, password="only-for-tests") for name in ("ada", "bea")]
    together = Barrier(2)

    def lock_out(user, other):
        client = Client()
        client.force_login(user)
        data = {"usable_password": "false", "unset-password": "1", "post": "yes"}
        data |= form_data(other, role="reader") if way == "change" else {}
        together.wait()
        try:
            return client.post(address(other, way), data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lock_out, users, reversed(users)))
    left = [one for one in User.objects.filter(is_superuser=True) if one.has_usable_password()]
    assert len(left) == 1
