"""Those who send in take turns; those who look don't wait for them, and nobody waits for the secretariat."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proposals.models import Proposal, TargetGroup
from proposals.submission import form_page, submission_queue
from tests.addresses import address, routes

FORM = reverse("proposal_new")
ENCODED = "application/x-www-form-urlencoded"
TEXT = "Vi behöver el."

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("free_slots")]


@contextmanager
def somebody_holding(*taken):
    """As long as somebody else has these turns."""
    for turn in taken:
        assert turn.acquire(timeout=10)
    try:
        yield
    finally:
        for turn in taken:
            turn.release()


@pytest.fixture
def others():
    """A function that posts in the background, with a browser of its own; gives what will be the answer."""
    pool = ThreadPoolExecutor()

    def post(path, data, **extra):
        try:
            return Client(raise_request_exception=False).post(path, data, **extra)
        finally:
            connection.close()

    yield lambda *what, **extra: pool.submit(post, *what, **extra)
    pool.shutdown()


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def wait_for(count):
    """Return when so many are waiting or have their turn."""
    last = time.monotonic() + 10
    while submission_queue.queued.total() != count:
        assert time.monotonic() < last
        time.sleep(0.01)


def is_saved(title="Grön el"):
    return Proposal.objects.filter(title=title).exists()


@pytest.fixture
def sent_in(make_proposal):
    """A proposal that its submitter may change."""
    return make_proposal(key="k" * 43, submitter_email="anna@example.com", people=["Bo Exempel"])


def test_no_page_waits_for_those_who_send_in(things):
    Proposal.objects.update(submitted_at=timezone.now())
    visitor = Client()
    visitor.force_login(things["user"])
    session = visitor.session
    session["receipt"] = things["proposal"].pk
    session.save()
    with somebody_holding(submission_queue.VALIDATING, submission_queue.SAVING):
        paths = {name: address(route, things, things["proposal"].edit_key) for name, route in routes().items()}
        answers = {name: visitor.get(path).status_code for name, path in paths.items()}
    assert {name: status for name, status in answers.items() if status >= 500} == {}
    assert answers["proposal_new"] == answers["proposal_edit"] == answers["proposal_receipt"] == 200


def test_the_secretariat_waits_for_nobody(kansli, chefer):
    with somebody_holding(submission_queue.VALIDATING, submission_queue.SAVING):
        path = reverse("admin:proposals_targetgroup_change", args=[chefer.pk])
        assert kansli.post(path, {"name": "Chefer och ledare", "slug": "chefer"}).status_code == 302
        assert Client().post(reverse("admin:login"), {"username": "x", "password": "y"}).status_code == 200
    assert TargetGroup.objects.get().name == "Chefer och ledare"


def test_a_post_waits_until_the_one_before_is_checked_and_until_the_one_before_is_saved(others, typed):
    for turn in (submission_queue.VALIDATING, submission_queue.SAVING):
        title = f"Efter {turn}"
        with somebody_holding(turn):
            answer = others(FORM, typed | {"title": title})
            wait_for(1)
            assert not is_saved(title)
        assert answer.result(timeout=10)["Location"] == reverse("proposal_receipt")
        assert is_saved(title)


def test_a_form_that_cannot_be_taken_comes_back_while_somebody_is_saved(visitor, typed, sent_in):
    with somebody_holding(submission_queue.SAVING):
        for path in (FORM, sent_in.get_edit_url()):
            page = visitor.post(path, typed | {"title": ""})
            assert "Skriv en rubrik." in page.content.decode()


def test_whoever_waits_to_be_saved_keeps_nobody_from_writing_or_from_being_checked(others, visitor, typed, sent_in):
    data = typed | {"title": "Blå el", "opened": sent_in.updated_at.isoformat()}
    with somebody_holding(submission_queue.SAVING):
        new, change = others(FORM, typed), others(sent_in.get_edit_url(), data, REMOTE_ADDR="192.0.2.7")
        wait_for(2)
        assert Proposal.objects.filter(pk=sent_in.pk).update(publication_order=3)
        assert visitor.post(FORM, typed | {"title": ""}).status_code == 200
    assert new.result(timeout=10).status_code == change.result(timeout=10).status_code == 302
    assert Proposal.objects.get(pk=sent_in.pk).title == "Blå el"


def test_what_changes_while_somebody_waits_is_not_overwritten(others, typed, sent_in):
    data = typed | {"title": "Blå el", "opened": sent_in.updated_at.isoformat()}
    with somebody_holding(submission_queue.SAVING):
        change = others(sent_in.get_edit_url(), data)
        wait_for(1)
        sent_in.title = "Gul el"
        sent_in.save()
    assert "Förslaget har ändrats sedan du öppnade det" in change.result(timeout=10).content.decode()
    assert Proposal.objects.get(pk=sent_in.pk).title == "Gul el"


def test_of_one_address_three_wait_and_a_fourth_finds_its_text_and_a_button(others, visitor, typed):
    with somebody_holding(submission_queue.VALIDATING):
        waiting = [others(FORM, typed | {"title": f"Förslag {n}"}) for n in range(3)]
        wait_for(3)
        page = visitor.post(FORM, typed)
        elsewhere = others(FORM, typed | {"title": "Förslag 4"}, REMOTE_ADDR="192.0.2.7")
        wait_for(4)
    assert page.status_code == 429
    assert page["Retry-After"] == "10"
    text = page.content.decode()
    assert "Därför är ingenting sparat än." in text
    assert 'name="title" value="Grön el"' in text
    assert f'name="background" value="{TEXT}"' in text
    assert "Försök igen</button>" in text
    assert {answer.result(timeout=10).status_code for answer in (*waiting, elsewhere)} == {302}
    assert visitor.post(FORM, typed).status_code == 302


def test_all_together_are_fewer_than_there_are_threads(others, visitor, typed, monkeypatch):
    monkeypatch.setattr(submission_queue, "MOST_PER_PROCESS", 2)
    with somebody_holding(submission_queue.VALIDATING):
        waiting = [others(FORM, typed | {"title": f"Förslag {n}"}, REMOTE_ADDR=f"192.0.2.{n}") for n in range(2)]
        wait_for(2)
        page = visitor.post(FORM, typed)
    assert page.status_code == 503
    assert 'name="title" value="Grön el"' in page.content.decode()
    assert {answer.result(timeout=10).status_code for answer in waiting} == {302}


@pytest.mark.parametrize(
    "turn", [submission_queue.VALIDATING, submission_queue.SAVING], ids=["to be checked", "to be saved"]
)
def test_whoever_gets_no_turn_finds_their_text_and_a_button_to_send_it_again(visitor, typed, monkeypatch, turn):
    monkeypatch.setattr(submission_queue, "LONGEST_WAIT", 0.01)
    with somebody_holding(turn):
        page = visitor.post(FORM, typed)
    assert page.status_code == 503
    assert 'name="title" value="Grön el"' in page.content.decode()
    assert "Försök igen</button>" in page.content.decode()
    assert not is_saved()
    assert visitor.post(FORM, typed).status_code == 302


def test_a_turn_is_given_on_when_a_post_fails(rf):
    for turn in (submission_queue.validating, submission_queue.saving):
        with pytest.raises(ValueError, match="broken"), turn(rf.post(FORM)):
            raise ValueError("broken")
    with somebody_holding(submission_queue.VALIDATING, submission_queue.SAVING):
        assert submission_queue.queued.total() == 0


def test_a_large_post_to_any_address_waits_and_one_that_waits_in_vain_is_not_read(visitor, typed, monkeypatch):
    monkeypatch.setattr(submission_queue, "LONGEST_WAIT", 0.01)
    data = typed | {"background": "Vi behöver el. " * 5000}
    with somebody_holding(submission_queue.VALIDATING):
        for path in (FORM, reverse("admin:login"), "/finns-inte/"):
            page = visitor.post(path, urlencode(data), content_type=ENCODED)
            assert page.status_code == 503
            assert "ladda om sidan, så skickas det en gång till" in page.content.decode()
            assert "Grön el" not in page.content.decode()
    assert "Bakgrunden är för lång" in visitor.post(FORM, urlencode(data), content_type=ENCODED).content.decode()


def test_forms_of_other_pages_take_turns_too(typed, monkeypatch):
    monkeypatch.setattr(submission_queue, "LONGEST_WAIT", 0.01)
    stranger = Client(enforce_csrf_checks=True, raise_request_exception=False)
    with somebody_holding(submission_queue.VALIDATING):
        page = stranger.post(FORM, typed)
    assert page.status_code == 503
    assert 'name="title" value="Grön el"' in page.content.decode()
    assert "Försök igen</button>" not in page.content.decode()


def test_refused_forms_are_counted_and_the_last_answer_keeps_the_text(visitor, typed, monkeypatch):
    monkeypatch.setattr(form_page, "REFUSED_PER_HOUR", 3)
    refused = [typed | {"title": ""}, typed | {"add": "contact"}, typed | {"contacts-0-name": ""}]
    assert [visitor.post(FORM, data).status_code for data in refused] == [200] * 3
    page = visitor.post(FORM, typed | {"contacts-0-name": ""})
    assert page.status_code == 429
    assert page["Retry-After"] == "900"
    text = page.content.decode()
    assert "vänta en kvart och tryck på Försök igen" in text
    assert 'name="title" value="Grön el"' in text
    assert visitor.post(FORM, typed | {"contacts-0-name": ""}, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert visitor.post(FORM, typed).status_code == 302


def test_a_person_who_corrects_a_form_all_the_time_never_meets_the_limit(visitor, typed):
    for _ in range(100):
        assert visitor.post(FORM, typed | {"title": ""}).status_code == 200
    assert form_page.REFUSED_PER_HOUR >= 300  # ten people of one office, thirty times each


def test_turns_are_given_in_the_order_in_which_people_came():
    turn, order = submission_queue.FairSemaphore(1), []
    assert turn.acquire(timeout=0)

    def wait(number):
        assert turn.acquire(timeout=10)
        order.append(number)
        turn.release()

    threads = [Thread(target=wait, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
        while not turn._waiting or len(turn._waiting) <= threads.index(thread):
            time.sleep(0.001)
    assert not turn.acquire(timeout=0), "somebody who comes later is ahead of those who wait"
    turn.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
