"""What is kept for long enough is gone from every row, and from the file; nothing else is touched."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proposals import emails, workflow
from proposals.models import Change, Contact, LateLink, Mail, Meeting, Proposal, Status
from tests import own_database
from tests.filled import TYPED, fill
from tests.own_database import rows
from tests.test_admin import change, form_data
from tests.test_editing_views import fields

pytestmark = pytest.mark.usefixtures("rounds_db")
FORM = "/forslag/nytt/"
# What is planted: a word for each thing that has a time of its own
SUBMITTER, DRAFT, CONTACT = "plantavsandare", "plantutkast", "plantkontakt"
RECENT = "9"  # what the same words end in for a round that isn't long past
OFF = {"KEEP_SUBMITTERS_MONTHS": None, "KEEP_DRAFTS_MONTHS": None, "KEEP_CONTACTS_MONTHS": None}


def hold_rounds():
    """A round of three years ago, one of half a year ago, and what tests.filled makes, of which the 28 are long past."""
    fill()
    Meeting.objects.filter(date__lt=timezone.localdate()).update(date=months_ago(40))
    hold_round(months_ago(36))
    age(31 * 36)
    hold_round(months_ago(6), suffix=RECENT)


@pytest.fixture(scope="module")
def rounds_database(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), own_database.model(tmp_path_factory.mktemp("rounds"), hold_rounds) as name:
        yield name


@pytest.fixture
def rounds_db(rounds_database, django_db_blocker, tmp_path):
    with django_db_blocker.unblock(), own_database.copied(rounds_database, tmp_path):
        yield


@pytest.fixture
def keep(settings):
    """A function that sets how many months things are kept."""

    def say(**months):
        for name, value in (OFF | {f"KEEP_{name.upper()}_MONTHS": value for name, value in months.items()}).items():
            setattr(settings, name, value)

    return say


def hold_round(date, suffix=""):
    """A meeting with everything that a round brings, through the front door."""
    kansli = Client()
    kansli.force_login(User.objects.get(username="kim"))
    submitter, draft, contact = (f"{word}{suffix}" for word in (SUBMITTER, DRAFT, CONTACT))
    coming = timezone.localdate() + timedelta(days=30)
    meeting = Meeting.objects.create(date=coming)
    sender = {"submitter_name": submitter, "submitter_email": f"{submitter}@example.com"}
    typed = TYPED | sender | {"contacts-0-name": contact, "contacts-0-email": f"{contact}@example.com"}
    submit(kansli, typed | {"title": f"Publicerat{suffix}"}, submitter, contact)
    drafts = {"title": draft, "background": draft, "action": "draft", "contacts-0-email": f"{contact}@"}
    Client().post(FORM, typed | drafts)
    Client().post(FORM, typed | drafts | {"title": f"{draft} återtaget"})
    Client().post(FORM, typed | drafts | {"title": f"{draft} borttaget"})
    workflow.withdraw(Proposal.objects.get(title=f"{draft} återtaget"))
    delete(kansli, Proposal.objects.get(title=f"{draft} borttaget"))
    for name in (submitter, f"{submitter} två"):
        link = {"meeting": meeting.pk, "name": name, "email": f"{submitter}@example.com", "reason": name}
        kansli.post(reverse("admin:proposals_latelink_add"), link | {"expires_at_0": coming, "expires_at_1": "12:00"})
    delete(kansli, LateLink.objects.get(name=f"{submitter} två"))
    # What can't be done for a meeting that is over is done; so now it is
    Meeting.objects.filter(pk=meeting.pk).update(date=date)


def submit(kansli, typed, submitter, contact):
    """Sent in, changed, returned, edited at the desk, published."""
    browser = Client()
    browser.post(FORM, typed)
    proposal = Proposal.objects.get(title=typed["title"])
    other = {"submitter_name": f"{submitter} ny", "contacts-0-name": f"{contact} ny"}
    browser.post(proposal.get_edit_url(), fields(browser.get(proposal.get_edit_url()), **other, action="submit"))
    workflow.return_to_submitter(proposal, f"Hej {submitter}!")
    workflow.take_back(proposal)
    person = proposal.contacts.get()
    kansli.post(change(person), {"name": f"{contact} omdöpt", "email": person.email})
    extra = Contact.objects.create(name=f"{contact} tillagd")
    page = kansli.get(change(proposal))
    kansli.post(change(proposal), form_data(page, **{"contact_rows-1-contact": extra.pk}))
    delete(kansli, Contact.objects.create(name=f"{contact} borttagen"))
    emails.send(emails.edit_links(proposal.submitter_email, [proposal]))
    workflow.publish(proposal)
    proposal.refresh_from_db()
    with proposal.one_snapshot(Change.IMPORTED, note=f"Fick ingen plats: {contact}"):
        proposal.save()


def delete(kansli, thing):
    kansli.post(reverse(f"admin:proposals_{thing._meta.model_name}_delete", args=[thing.pk]), {"post": "yes"})
    assert not type(thing).objects.filter(pk=thing.pk).exists()


def age(days):
    """Let all that has been done have been done so many days ago."""
    before = timezone.now() - timedelta(days=days)
    Mail.objects.update(created_at=before)
    LateLink.objects.update(expires_at=before)
    LogEntry.objects.update(action_time=before)
    Proposal.history.update(history_date=before)
    Contact.history.update(history_date=before)
    Session.objects.update(expire_date=before)


def months_ago(months):
    return timezone.localdate() - timedelta(days=31 * months)


def found(word):
    """Where the word stands by itself: {table.column: how many rows}, sessions unpacked."""
    held = rows()
    held["unpacked"] = {"session": [session.get_decoded() for session in Session.objects.all()]}
    alone = re.compile(rf"{word}(?!{RECENT})")
    counts = {
        f"{table}.{name}": sum(bool(alone.search(str(value).casefold())) for value in values)
        for table, columns in held.items()
        for name, values in columns.items()
    }
    return {place: count for place, count in counts.items() if count}


def find_all(suffix=""):
    return {word: found(word + suffix) for word in (SUBMITTER, DRAFT, CONTACT)}


def prune(capsys, **options):
    capsys.readouterr()
    call_command("prune", **options)
    return capsys.readouterr().out.splitlines()


def test_everything_is_planted_where_it_can_stand():
    places = {word: {place.split(".")[0] for place in found(word)} for word in (SUBMITTER, DRAFT, CONTACT)}
    everywhere = {"proposals_proposal", "proposals_historicalproposal", "proposals_mail", "django_admin_log"}
    assert everywhere | {"proposals_latelink"} <= places[SUBMITTER]
    assert everywhere | {"proposals_word"} <= places[DRAFT]
    contacts = {"proposals_contact", "proposals_historicalcontact", "proposals_word", "django_admin_log"}
    assert contacts | {"proposals_mail", "proposals_proposal"} <= places[CONTACT]


@pytest.mark.parametrize(
    ("months", "gone"),
    [
        ({"submitters": 24, "drafts": 24, "contacts": 24}, [SUBMITTER, DRAFT, CONTACT]),
        ({"submitters": 24, "drafts": 24}, [SUBMITTER, DRAFT]),
        ({"drafts": 24}, [DRAFT]),
        ({"contacts": 24}, [CONTACT]),
        ({"submitters": 60, "drafts": 60, "contacts": 60}, []),
        ({}, []),
    ],
)
def test_what_is_kept_for_long_enough_is_in_no_row_and_the_rest_is_as_it_was(keep, capsys, months, gone):
    keep(**months)
    before, recent = find_all(), find_all(RECENT)
    assert all(before.values())
    prune(capsys)
    left = {word for word, places in find_all().items() if places}
    assert left == before.keys() - set(gone)
    assert find_all(RECENT) == recent


ALL = {"submitters": 24, "drafts": 24, "contacts": 24}


def test_what_is_published_keeps_its_number_texts_and_address(keep, capsys):
    keep(**ALL)
    proposal = Proposal.objects.get(title="Publicerat")
    before = [proposal.number, proposal.updated_at, *(getattr(proposal, name) for name in Proposal.TEXTS)]
    assert CONTACT in Client().get(proposal.get_absolute_url()).content.decode()
    prune(capsys)
    proposal = Proposal.objects.get(title="Publicerat")
    assert [proposal.number, proposal.updated_at, *(getattr(proposal, name) for name in Proposal.TEXTS)] == before
    page = Client().get(proposal.get_absolute_url()).content.decode()  # kept before, with the contact persons
    assert proposal.background in page
    assert CONTACT not in page
    assert proposal not in Proposal.objects.search(f"{CONTACT}@example.com")
    assert proposal in Proposal.objects.search("Publicerat")


def test_a_dry_run_says_the_same_and_changes_nothing_and_a_second_run_has_nothing_to_do(keep, capsys):
    keep(**ALL)
    caches["booklets"].set("kept", b"PDF")
    before, people = rows(), Contact.objects.count()
    foretold = prune(capsys, dry_run=True)
    assert rows() == before
    told = prune(capsys)
    assert foretold == [line.replace("Removed", "Would remove") for line in told]
    assert told[:4] == [
        "Removed 2 drafts, never sent in.",
        "Removed who sent in 1 proposal.",
        "Removed the contact persons of 29 proposals.",
        f"Removed {people - Contact.objects.count()} contact persons whom nothing else names.",
    ]
    assert "kept" not in caches["booklets"]
    after = rows()
    assert prune(capsys) == ["There is nothing to remove."]
    assert rows() == after


def test_who_is_named_in_a_recent_proposal_or_registered_for_one_to_come_stays(keep, capsys):
    keep(**ALL)
    [person] = Contact.objects.filter(name=f"{CONTACT} omdöpt")
    recent = Proposal.objects.get(title=f"Publicerat{RECENT}")
    recent.contact_rows.create(contact=person, position=9)
    earlier = recent.history.last().contacts.get().contact_id
    prune(capsys)
    assert Contact.objects.filter(pk=person.pk).exists()
    assert person.history.exists()
    assert Contact.objects.filter(pk=earlier).exists()  # in the history of a recent one
    assert Contact.objects.filter(name="Eva Oanvänd").exists()


def test_what_a_submitter_may_still_change_is_left_alone(keep, capsys):
    keep(**ALL)
    tomorrow = timezone.now() + timedelta(days=1)
    Proposal.objects.filter(title=DRAFT).update(open_until=tomorrow)
    LateLink.objects.filter(name=SUBMITTER).update(expires_at=tomorrow)
    [draft] = Proposal.objects.filter(title=DRAFT)
    prune(capsys)
    assert Client().get(draft.get_edit_url()).context["entry"].unfinished == {}
    assert Proposal.objects.get(title=DRAFT).unfinished == draft.unfinished
    assert draft.mails.exists()
    assert LateLink.objects.filter(name=SUBMITTER).exists()


def test_what_was_sent_in_and_never_published_stays_without_its_submitter(keep, capsys):
    keep(**ALL)
    Proposal.objects.filter(title="Publicerat").update(status=Status.SUBMITTED, number=None)
    prune(capsys)
    proposal = Proposal.objects.get(title="Publicerat")
    assert (proposal.status, proposal.submitter_email, proposal.edit_key) == (Status.SUBMITTED, "", None)


@pytest.mark.parametrize(
    ("today", "months", "day"),
    [
        (date(2026, 11, 24), 24, date(2024, 11, 24)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2027, 5, 31), 3, date(2027, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_a_meeting_stays_through_the_day_so_many_months_after_it(keep, capsys, monkeypatch, today, months, day):
    keep(drafts=months)
    monkeypatch.setattr(timezone, "localdate", lambda *_: today)
    draft = Proposal.objects.get(title=DRAFT)
    for date_of_meeting, is_there in ((day, True), (day - timedelta(days=1), False)):
        Meeting.objects.filter(pk=draft.meeting_id).update(date=date_of_meeting)
        prune(capsys)
        assert Proposal.objects.filter(pk=draft.pk).exists() is is_there


class TestSessions:
    def test_those_that_have_ended_are_gone(self, keep, capsys):
        keep()
        assert Session.objects.count() > 0
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        assert prune(capsys)[0].endswith("that had ended.")
        assert Session.objects.count() == 0

    def test_a_receipt_goes_with_the_submitter_and_a_recent_one_stays(self, keep, capsys):
        keep(**ALL)
        receipts = {}
        for title in ("Publicerat", f"Publicerat{RECENT}"):
            receipts[title] = Client()
            session = receipts[title].session
            session["receipt"], session["other"] = Proposal.objects.get(title=title).pk, "kvar"
            session.save()
            receipts[title].cookies["sessionid"] = session.session_key
        assert "Removed 1 receipt in a session." in prune(capsys)
        assert dict(receipts["Publicerat"].session.items()) == {"other": "kvar"}
        assert "receipt" in receipts[f"Publicerat{RECENT}"].session


def test_what_has_expired_in_the_cache_is_gone(keep, capsys):
    keep()
    caches["default"].set("looked_at", CONTACT)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reglab_cache SET expires = '2020-01-01 00:00:00'")
    assert re.fullmatch(r"Removed \d+ rows of the cache that had expired\.", prune(capsys)[-1])
    assert not rows()["reglab_cache"]["value"]


if connection.vendor == "sqlite":

    def test_no_byte_of_what_is_removed_is_left_in_the_file(keep, capsys):
        keep(**ALL)
        file = connection.settings_dict["NAME"]
        with connection.cursor() as cursor:  # as with a SQLite that leaves deleted rows where they are
            cursor.execute("PRAGMA secure_delete=OFF")
            cursor.execute("CREATE TABLE scrap (text)")
            cursor.executemany("INSERT INTO scrap VALUES (%s)", [(f"{SUBMITTER} {place}",) for place in range(999)])
            cursor.execute("DELETE FROM scrap")
        assert held(file, SUBMITTER)
        prune(capsys, dry_run=True)
        assert held(file, SUBMITTER)
        prune(capsys)
        assert [word for word in (SUBMITTER, DRAFT, CONTACT) if held(file, word)] == []
        assert held(file, SUBMITTER + RECENT)

    def held(file, word):
        """Whether the word stands by itself in the bytes of the database or of what SQLite keeps beside it."""
        alone = re.compile(rf"{word}(?!{RECENT})".encode(), re.IGNORECASE)
        return any(alone.search(path.read_bytes()) for path in file.parent.glob(f"{file.name}*"))
