"""What is kept for long enough is gone from every row, and from the file; nothing else is touched."""

import re
import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proposals import emails, throttle, workflow
from proposals.models import (
    BookletFile,
    Change,
    Contact,
    LateLink,
    LinkKey,
    Mail,
    Meeting,
    Proposal,
    ProposalContact,
    RateLimit,
    Status,
)
from proposals.workflow.recording import recorded_change
from tests import own_database
from tests.admin.test_admin import change, form_data
from tests.filled import TYPED, fill
from tests.own_database import rows
from tests.submission.test_edit_views import fields

pytestmark = pytest.mark.usefixtures("rounds_db")
FORM = "/forslag/nytt/"
# What is planted: a word for each thing that has a time of its own
SUBMITTER, DRAFT, CONTACT = "plantavsandare", "plantutkast", "plantkontakt"
LATE = "plantlank"
RECENT = "9"  # what the same words end in for a round that isn't long past
OFF = {"KEEP_SUBMITTERS_MONTHS": None, "KEEP_DRAFTS_MONTHS": None, "KEEP_CONTACTS_MONTHS": None}


def hold_rounds():
    """A round of three years ago, one of half a year ago, and what tests.filled makes; its 28 are long past."""
    fill()
    Meeting.objects.filter(date__lt=timezone.localdate()).update(date=months_ago(40))
    hold_round(months_ago(36))
    age(31 * 36)
    edit_lately()
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
    kansli = sign_in()
    submitter, draft, contact = (f"{word}{suffix}" for word in (SUBMITTER, DRAFT, CONTACT))
    coming = timezone.localdate() + timedelta(days=30)
    meeting = Meeting.objects.create(date=coming)
    sender = {"submitter_name": submitter, "submitter_email": f"{submitter}@example.com"}
    typed = TYPED | sender | {"contacts-0-name": contact, "contacts-0-email": f"{contact}@example.com"}
    submit(kansli, typed | {"title": f"Publicerat{suffix}"}, submitter, contact)
    save_drafts(kansli, meeting, typed, draft)
    give_late_links(kansli, meeting, submitter)
    kansli.get(reverse("admin:index"))  # what was done is told once
    # What can't be done for a meeting that is over is done; so now it is
    Meeting.objects.filter(pk=meeting.pk).update(date=date)


def sign_in():
    kansli = Client()
    kansli.force_login(User.objects.get(username="kim"))
    return kansli


def edit_lately():
    """What kansliet has done just now with the oldest of things."""
    kansli = sign_in()
    person, draft = Contact.objects.get(name=f"{CONTACT} ny"), Proposal.objects.get(title=DRAFT)
    kansli.post(change(person), {"name": f"{CONTACT} nytt namn", "email": person.email}, follow=True)
    kansli.post(change(draft), form_data(kansli.get(change(draft)), purpose=f"{DRAFT} syfte"), follow=True)
    assert LogEntry.objects.filter(action_time__date=timezone.localdate()).count() == 2


def submit(kansli, typed, submitter, contact):
    """Sent in, changed, returned, edited at the desk, published."""
    browser = Client()
    browser.post(FORM, typed)
    proposal = Proposal.objects.get(title=typed["title"])
    other = {"submitter_name": f"{submitter} ny", "contacts-0-name": f"{contact} ny"}
    browser.post(proposal.issue_edit_url(), fields(browser.get(proposal.issue_edit_url()), **other, action="submit"))
    workflow.return_to_submitter(proposal, f"Hej {submitter}!")
    workflow.cancel_return(proposal)
    add_contact(kansli, proposal, f"{contact} tillagd")
    delete(kansli, Contact.objects.create(name=f"{contact} borttagen"))
    emails.send(emails.edit_link(proposal))
    Mail.objects.filter(proposal=proposal, kind=Mail.Kind.CHANGED).update(subject=submitter)
    delete(kansli, Mail.objects.get(subject=submitter))
    workflow.publish(proposal)
    proposal.refresh_from_db()
    with recorded_change(proposal, Change.IMPORTED, note=f"Fick ingen plats: {contact}"):
        proposal.save()


def save_drafts(kansli, meeting, typed, draft):
    """One with a late link and a contact person from the desk, one withdrawn, one deleted, and a proposal deleted."""
    give_late_link(kansli, meeting, f"{LATE} {draft[-1]}", reason=draft)
    typed |= {"title": draft, "background": draft, "action": "draft", "contacts-0-email": "bo@"}
    key = LinkKey.objects.issue(late_link=LateLink.objects.get(reason=draft))
    Client().post(reverse("proposal_late", args=[key]), typed)
    add_contact(kansli, Proposal.objects.get(title=draft), f"{draft} kontakt")
    for ending in ("återtaget", "borttaget"):
        Client().post(FORM, typed | {"title": f"{draft} {ending}"})
    workflow.withdraw(Proposal.objects.get(title=f"{draft} återtaget"))
    delete(kansli, Proposal.objects.get(title=f"{draft} borttaget"))
    sent_in = {
        "title": f"{draft} skickat",
        "action": "submit",
        "contacts-0-email": "",
        "contacts-0-name": f"{draft} fd",
    }
    Client().post(FORM, typed | sent_in)
    delete(kansli, Proposal.objects.get(title=f"{draft} skickat"))


def give_late_links(kansli, meeting, name):
    """One that nobody uses, and one that is deleted."""
    for one in (name, f"{name} två"):
        give_late_link(kansli, meeting, one)
    delete(kansli, LateLink.objects.get(name=f"{name} två"))


def give_late_link(kansli, meeting, name, reason="Sjuk"):
    link = {"meeting": meeting.pk, "name": name, "email": f"{name.split()[0]}@example.com", "reason": reason}
    link |= {"expires_at_0": timezone.localdate() + timedelta(days=1), "expires_at_1": "12:00"}
    kansli.post(reverse("admin:proposals_latelink_add"), link)


def add_contact(kansli, proposal, name):
    """A person of that name, registered and added to the proposal at the desk."""
    kansli.post(reverse("admin:proposals_contact_add"), {"name": name})
    page = kansli.get(change(proposal))
    row = f"contact_rows-{proposal.contact_rows.count()}-contact"
    kansli.post(change(proposal), form_data(page, **{row: Contact.objects.get(name=name).pk}))
    assert proposal.contacts.filter(name=name).exists()


def delete(kansli, thing):
    kansli.post(reverse(f"admin:proposals_{thing._meta.model_name}_delete", args=[thing.pk]), {"title": str(thing)})
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
    contacts |= {"proposals_historicalproposalcontact"}
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
    BookletFile.objects.keep("kept", b"PDF")
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
    assert not BookletFile.objects.exists()
    after = rows()
    assert prune(capsys) == ["There is nothing to remove."]
    assert rows() == after


def test_a_late_link_goes_with_the_draft_that_it_led_to(keep, capsys):
    keep(drafts=24)
    old, recent = found(f"{LATE} t"), found(f"{LATE} {RECENT}")
    assert old == recent == {"proposals_latelink.name": 1, "django_admin_log.object_repr": 1, "proposals_mail.body": 1}
    prune(capsys)
    assert found(f"{LATE} t") == {"proposals_mail.body": 1}  # which stays as long as the submitters do
    assert found(f"{LATE} {RECENT}") == recent


def test_who_is_named_in_a_recent_proposal_or_was_or_is_registered_for_one_to_come_stays(keep, capsys):
    keep(**ALL)
    recent = Proposal.objects.get(title=f"Publicerat{RECENT}")
    named, earlier = Proposal.objects.get(title="Publicerat").contacts.all()
    row = recent.contact_rows.create(contact=earlier, position=8)
    with recorded_change(recent):
        recent.save()
    row.delete()
    recent.contact_rows.create(contact=named, position=9)
    prune(capsys)
    left = set(Contact.objects.filter(name__startswith=CONTACT).exclude(name__startswith=CONTACT + RECENT))
    assert left == {named, earlier}
    assert named.history.exists()
    assert Contact.objects.filter(name="Eva Oanvänd").exists()


def test_a_kept_page_goes_even_when_no_word_of_it_does(keep, capsys):
    proposal = Proposal.objects.get(title="Publicerat")
    ProposalContact.objects.all().delete()
    proposal.contact_rows.create(contact=Contact.objects.create(name="–", phone="08-123 45"))
    Proposal.objects.filter(pk=proposal.pk).index()
    assert "08-123 45" in Client().get(proposal.get_absolute_url()).content.decode()
    keep(contacts=24)
    prune(capsys)
    assert "08-123 45" not in Client().get(proposal.get_absolute_url()).content.decode()


def test_what_a_submitter_may_still_change_is_left_alone(keep, capsys):
    keep(**ALL)
    tomorrow = timezone.now() + timedelta(days=1)
    Proposal.objects.filter(title=DRAFT).update(open_until=tomorrow)
    LateLink.objects.filter(name=SUBMITTER).update(expires_at=tomorrow)
    [draft] = Proposal.objects.filter(title=DRAFT)
    prune(capsys)
    assert Client().get(draft.issue_edit_url()).context["forms"].draft_data == {}
    assert Proposal.objects.get(title=DRAFT).draft_data == draft.draft_data
    assert draft.mails.exists()
    assert LateLink.objects.filter(name=SUBMITTER).exists()


def test_what_was_sent_in_and_never_published_stays_without_its_submitter(keep, capsys):
    keep(**ALL)
    Proposal.objects.filter(title="Publicerat").update(status=Status.SUBMITTED, number=None)
    prune(capsys)
    proposal = Proposal.objects.get(title="Publicerat")
    assert (proposal.status, proposal.submitter_email, proposal.link_keys.exists()) == (Status.SUBMITTED, "", False)


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


def told_by_the_privacy_page():
    page = Client().get(reverse("privacy")).content.decode()
    section = re.search(r"<h2>Hur länge</h2>(.*?)</section>", page, re.DOTALL)[1]
    return " ".join(re.sub(r"<[^>]+>", " ", section).split())


def test_the_privacy_page_says_the_same_months(keep):
    keep(submitters=24, drafts=1, contacts=36)
    told = told_by_the_privacy_page()
    assert "mejlen om det tas bort 24 månader efter mötet." in told
    assert "skickas in tas bort 1 månad efter mötet, med allt" in told
    assert "tas bort ur förslaget 36 månader efter mötet." in told


def test_the_privacy_page_says_what_is_kept_for_ever(keep):
    keep()
    told = told_by_the_privacy_page()
    assert "mejlen om det finns kvar så länge förslaget finns kvar." in told
    assert "skickas in finns kvar tills kansliet tar bort det." in told
    assert "De står kvar så länge förslaget finns kvar." in told
    assert "månad" not in told


class TestSessions:
    def test_those_that_have_ended_are_gone(self, keep, capsys):
        keep()
        assert Session.objects.count() > 0
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        assert prune(capsys)[0].endswith("that had ended.")
        assert Session.objects.count() == 0

    def test_a_receipt_goes_with_the_submitter_and_a_recent_one_stays(self, keep, capsys):
        keep(**ALL)
        Session.objects.all().delete()
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


def test_what_was_counted_and_booklets_that_were_made_are_gone_when_their_time_is_over(keep, capsys):
    keep()
    prune(capsys)
    RateLimit.objects.all().delete()
    throttle.take_slot_of("anna", "submit", limit=1, seconds=3600)
    BookletFile.objects.keep("kept", b"PDF")
    assert prune(capsys) == ["There is nothing to remove."]
    RateLimit.objects.update(resets_at=timezone.now())
    BookletFile.objects.update(created_at=timezone.now() - timedelta(days=30))
    assert prune(capsys) == ["Removed 2 rows of limits and kept booklets whose time was over."]
    assert not RateLimit.objects.exists()
    assert not BookletFile.objects.exists()


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

    def test_who_reads_all_the_while_is_told_of(keep):
        keep(**ALL)
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM proposals_proposal").fetchone()
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout=100")
            with pytest.raises(
                CommandError, match=r"^It is removed, but .* somebody has been reading .* Run it again\.$"
            ):
                call_command("prune")
        call_command("prune")

    def held(file, word):
        """Whether the word stands by itself in the bytes of the database or of what SQLite keeps beside it."""
        alone = re.compile(rf"{word}(?!{RECENT})".encode(), re.IGNORECASE)
        return any(alone.search(path.read_bytes()) for path in file.parent.glob(f"{file.name}*"))
