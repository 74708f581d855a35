"""/healthz: what a load balancer and a monitor are told."""

from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from proposals.models import Mail
from reglab.operations import health
from tests import smtp

ALL_WELL = {"status": "ok", "database": "ok", "migrations": "ok", "mail": "ok", "disk": "ok"}
HANGS = {"database": "hangs", "migrations": "unknown", "mail": "unknown"}
UNREACHABLE = {"database": "unreachable", "migrations": "unknown", "mail": "unknown"}


def a_mail(minutes, **fields):
    """One that was to be sent that many minutes ago."""
    mail = Mail.objects.create(to="anna@example.com", reply_to="kansliet@example.com", subject="Kvitto", **fields)
    Mail.objects.filter(pk=mail.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))


def database_elsewhere(monkeypatch, host, port):
    """Let connections that are made from here on lead there."""
    there = {"ENGINE": "django.db.backends.postgresql", "HOST": host, "PORT": port, "NAME": "reglab", "USER": "reglab"}
    elsewhere = {**connections.settings["default"], **there, "OPTIONS": {"connect_timeout": 4}}
    monkeypatch.setitem(connections.settings, "default", elsewhere)


@pytest.mark.django_db
def test_a_machine_that_is_well_says_so_in_five_words(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, ALL_WELL)
    assert answer["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_the_answer_is_never_cached_and_sets_no_cookie(client):
    for _ in range(2):
        answer = client.get("/healthz")
        assert "no-store" in answer["Cache-Control"]
        assert "ETag" not in answer
        assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "ip-10-0-0-7", "", "a b", "forslag.example.com."])
def test_it_answers_whatever_the_host_header_says(client, host):
    assert client.get("/om/", headers={"host": "10.0.0.7"}).status_code == 400
    assert client.get("/healthz", headers={"host": host}).json() == ALL_WELL


@pytest.mark.django_db
def test_it_may_only_be_asked(client):
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_a_question_over_plain_http_is_answered_where_pages_are_redirected_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/om/").status_code == 301
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_the_request_itself_asks_the_database_nothing(client, kansli, django_assert_num_queries):
    """Else a database that hangs would hold it up before anybody counts the seconds."""
    for browser in (client, kansli):
        with django_assert_num_queries(0):
            browser.get("/healthz")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("begun", [None, timezone.now()], ids=["waits", "was cut off"])
def test_a_mail_that_has_waited_long_is_a_warning_and_takes_no_machine_out(client, begun):
    a_mail(minutes=14, begun_at=begun)
    a_mail(minutes=60, begun_at=timezone.now(), sent_at=timezone.now())
    assert client.get("/healthz").json() == ALL_WELL
    a_mail(minutes=16, begun_at=begun)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {**ALL_WELL, "status": "warning", "mail": "waiting"})


@pytest.mark.django_db
def test_a_nearly_full_disk_is_a_warning_and_takes_no_machine_out(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {**ALL_WELL, "status": "warning", "disk": "low"})


@pytest.mark.django_db(transaction=True)
def test_a_database_without_the_newest_migration_takes_the_machine_out(client):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("proposals", "0009_history_notes")
    try:
        answer = client.get("/healthz")
    finally:
        recorder.record_applied("proposals", "0009_history_notes")
    expected = {**ALL_WELL, "status": "failing", "migrations": "missing", "mail": "unknown"}
    assert (answer.status_code, answer.json()) == (503, expected)


@pytest.mark.django_db
def test_a_database_that_a_newer_version_has_migrated_is_served(client):
    """So that machines can be upgraded one by one."""
    MigrationRecorder(connection).record_applied("proposals", "9999_from_the_future")
    assert client.get("/healthz").json() == ALL_WELL


@pytest.mark.django_db
def test_a_database_that_is_gone_takes_the_machine_out(client, monkeypatch):
    database_elsewhere(monkeypatch, *smtp.refusing())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {**ALL_WELL, "status": "failing", **UNREACHABLE})


@pytest.mark.django_db
def test_a_database_that_hangs_holds_up_neither_the_answer_nor_the_next_one(client, monkeypatch):
    with smtp.hanging() as (host, port):
        database_elsewhere(monkeypatch, host, port)
        for longest in (health.TIMEOUT + 0.5, 0.5):
            asked_at = monotonic()
            answer = client.get("/healthz")
            assert (answer.status_code, answer.json()) == (503, {**ALL_WELL, "status": "failing", **HANGS})
            assert monotonic() - asked_at < longest
    health._query.join()
    monkeypatch.undo()
    assert client.get("/healthz").json() == ALL_WELL
