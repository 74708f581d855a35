"""The mails, over real SMTP to a sink on this machine."""

import time

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from proposals import emails, workflow
from proposals.models import Change, Contact, Mail, ProposalContact

KEY = "k" * 43

TEXTS = {
    "title": "El & värme <för alla>",
    "background": "Första stycket.\n\n- punkt ett\n- punkt två",
    "purpose": "Syftet är ”gott”.",
    "expected_result": "Ett resultat.",
    "target_group_text": "Alla som vill.",
    "submitter_name": "Anna Exempel",
    "submitter_email": "anna@example.com",
}


def text_of(message):
    return message.get_content().replace("\r\n", "\n")


def send(*mails):
    """Keep and send, as is done when a transaction is committed."""
    for mail in mails:
        mail.save()
    emails.deliver(mails)


@pytest.fixture
def proposal(make_proposal, dalarna, chefer):
    proposal = make_proposal(region=dalarna, groups=[chefer], edit_key=KEY, **TEXTS)
    contact = Contact.objects.create(name="Bo Exempel", title="strateg", email="bo@example.com", phone="08-123 45")
    ProposalContact.objects.create(proposal=proposal, contact=contact)
    return proposal


def test_the_receipt_goes_to_the_submitter_with_the_whole_text(sink, proposal):
    send(emails.receipt(proposal))
    [(sender, recipients, message)] = sink.messages
    assert (sender, recipients) == ("noreply@example.com", ["anna@example.com"])
    assert message["Reply-To"] == "kansliet@example.com"
    assert message["Subject"].strip() == "Vi har tagit emot ditt förslag: El & värme <för alla>"
    body = text_of(message)
    for text in TEXTS.values():
        assert text in body or text == TEXTS["submitter_email"]
    for text in ("Region Dalarna", "\nChefer\n", "Bo Exempel, strateg", "bo@example.com", "08-123 45", "14 maj 2030"):
        assert text in body.replace("\N{NO-BREAK SPACE}", " ")


def test_the_receipt_holds_the_reference_the_link_and_until_when(sink, proposal):
    send(emails.receipt(proposal))
    body = text_of(sink.messages[0][2]).replace("\N{NO-BREAK SPACE}", " ")
    assert f"Referens: F-{proposal.pk}\n" in body
    assert f"\nhttp://testserver/forslag/andra/{KEY}/\n" in body
    assert "till och med 14 maj 2030 kl. 23.59" in body


def test_the_secretariat_gets_a_link_to_the_proposal_and_its_whole_text(sink, proposal):
    send(emails.new_proposal(proposal))
    [(_, recipients, message)] = sink.messages
    assert recipients == ["kansliet@example.com"]
    assert message["Reply-To"] == "anna@example.com"
    body = text_of(message)
    assert f"http://testserver/admin/proposals/proposal/{proposal.pk}/change/" in body
    assert "Anna Exempel, anna@example.com" in body
    assert TEXTS["background"] in body


def test_the_secretariat_gets_no_edit_link(proposal):
    for message in (emails.new_proposal, emails.completed, emails.withdrawn_by_submitter):
        assert KEY not in message(proposal).body


def test_a_line_break_in_a_title_is_no_header_of_its_own(sink, make_proposal):
    send(emails.receipt(make_proposal(title="Hej\nBcc: alla@example.com", submitter_email="anna@example.com")))
    [(_, recipients, message)] = sink.messages
    assert recipients == ["anna@example.com"]
    assert message["Bcc"] is None
    assert message["Subject"].strip() == "Vi har tagit emot ditt förslag: Hej Bcc: alla@example.com"


def test_empty_sections_leave_no_headings(make_proposal):
    body = emails.receipt(make_proposal(submitter_email="anna@example.com", purpose="")).body
    assert "Syfte och mål" not in body
    assert "Förväntat resultat" not in body
    assert "Avsändare: ej angiven" in body
    assert "\n\n\n\n" not in body


def test_nobody_known_gets_no_mail(make_proposal):
    assert emails.published(make_proposal(number=1)) is None


def test_the_mail_of_publication_shows_what_the_secretariat_changed(proposal):
    with proposal.one_snapshot(Change.SUBMITTED):
        proposal.save()
    proposal.purpose = "Syftet är ”mycket gott”."
    with proposal.one_snapshot():
        proposal.save()
    workflow.publish(proposal)
    body = Mail.objects.get(kind=Mail.Kind.PUBLISHED).body
    assert "ändrat det här sedan du skickade in:\n\nSyfte och mål\nSyftet är ”[nytt: mycket ]gott”.\n" in body
    assert "Bakgrund" not in body


class TestDelivery:
    def test_a_mail_is_sent_once_however_often_it_is_asked_for(self, sink, proposal):
        mail = emails.receipt(proposal)
        send(mail)
        emails.deliver([mail])
        assert len(sink.messages) == 1
        assert Mail.objects.get().sent_at is not None

    def test_one_that_was_being_sent_when_the_server_stopped_is_not_sent_by_itself(self, sink, proposal):
        mail = emails.receipt(proposal)
        mail.begun_at = timezone.now()
        send(mail)
        assert not sink.messages
        assert Mail.objects.get().is_uncertain

    def test_a_server_that_refuses_is_told_of_and_the_mail_waits(self, refusing_server, proposal, caplog):
        send(emails.receipt(proposal))
        mail = Mail.objects.waiting().get()
        assert "ConnectionRefusedError" in mail.error
        assert "anna@example.com" not in caplog.text

    def test_a_server_that_hangs_costs_one_wait_however_many_the_mails(self, hanging_server, proposal, settings):
        settings.EMAIL_TIMEOUT = 1
        begun = time.monotonic()
        send(emails.receipt(proposal), emails.new_proposal(proposal), emails.withdrawn(proposal))
        assert time.monotonic() - begun < 2.5
        assert Mail.objects.waiting().exclude(error="").count() == 3

    def test_an_address_that_the_server_refuses_does_not_stop_the_others(self, sink, proposal):
        sink.refused = "anna@example.com"
        send(emails.receipt(proposal), emails.new_proposal(proposal))
        assert [recipients for _, recipients, _ in sink.messages] == [["kansliet@example.com"]]
        assert Mail.objects.waiting().get().to == "anna@example.com"

    def test_what_failed_is_sent_when_the_server_is_back(self, refusing_server, proposal, request):
        send(emails.receipt(proposal))
        sink = request.getfixturevalue("sink")
        call_command("send_mails")
        call_command("send_mails")
        assert len(sink.messages) == 1
        assert not Mail.objects.unsent()


class TestTurns:
    """One sends at a time, so that a mail server that hangs doesn't hold up everybody who sends in."""

    @pytest.fixture
    def submit(self, client, typed, free_slots, django_capture_on_commit_callbacks):
        def submit(title):
            with django_capture_on_commit_callbacks(execute=True):
                assert client.post("/forslag/nytt/", typed | {"title": title}).status_code == 302

        return submit

    def test_mails_wait_while_somebody_else_is_sending_and_go_in_the_next_turn(self, submit, sink):
        cache.add(emails.TURN, True, 60)
        submit("Grön el")
        assert not sink.messages
        cache.delete(emails.TURN)
        submit("Blå el")
        assert len(sink.messages) == 4
        assert not Mail.objects.unsent()
        assert cache.add(emails.TURN, True, 60), "somebody still has the turn"

    def test_a_server_that_hangs_holds_up_one_person_and_nobody_for_a_while_after(
        self, submit, hanging_server, settings
    ):
        settings.EMAIL_TIMEOUT = 1
        submit("Grön el")
        begun = time.monotonic()
        submit("Blå el")
        assert time.monotonic() - begun < 1
        assert Mail.objects.waiting().count() == 4

    def test_mails_that_nobody_tried_are_sent_by_the_command(self, submit, hanging_server, settings, request):
        settings.EMAIL_TIMEOUT = 1
        submit("Grön el")
        submit("Blå el")
        sink = request.getfixturevalue("sink")
        call_command("send_mails")
        assert len(sink.messages) == 4

    def test_nobody_waits_for_long_however_many_the_mails(self, submit, sink, monkeypatch):
        monkeypatch.setattr(emails, "LONGEST_SENDING", -1)
        submit("Grön el")
        assert not sink.messages
        assert Mail.objects.untried().count() == 2
