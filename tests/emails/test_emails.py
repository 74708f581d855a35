"""The mails, over real SMTP to a sink on this machine."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from proposals import emails, throttle, workflow
from proposals.models import Change, Contact, LinkKey, Mail, Proposal, ProposalContact
from proposals.models.mail import mailbox_of
from proposals.workflow.recording import recorded_change
from tests.links import body_of, edit_paths

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
    proposal = make_proposal(region=dalarna, groups=[chefer], key=KEY, **TEXTS)
    contact = Contact.objects.create(name="Bo Exempel", title="strateg", email="bo@example.com", phone="08-123 45")
    ProposalContact.objects.create(proposal=proposal, contact=contact)
    return proposal


@pytest.fixture
def desk_of_kansliet(client, secretary):
    client.force_login(secretary)
    return client


def test_the_receipt_goes_to_the_submitter_with_the_whole_text(sink, proposal):
    send(emails.receipt(proposal))
    [(sender, recipients, message)] = sink.messages
    assert (sender, recipients) == ("noreply@example.com", ["anna@example.com"])
    assert message["Reply-To"] == "kansliet@example.com"
    assert message["Subject"].strip() == f"Vi har tagit emot ditt förslag: F-{proposal.pk}"
    body = text_of(message)
    for text in TEXTS.values():
        assert text in body or text == TEXTS["submitter_email"]
    for text in ("Region Dalarna", "\nChefer\n", "Bo Exempel, strateg", "bo@example.com", "08-123 45", "14 maj 2030"):
        assert text in body.replace("\N{NO-BREAK SPACE}", " ")


def test_the_receipt_holds_the_reference_the_link_and_until_when(sink, client, proposal):
    send(emails.receipt(proposal))
    body = text_of(sink.messages[0][2]).replace("\N{NO-BREAK SPACE}", " ")
    assert f"Referens: F-{proposal.pk}\n" in body
    assert [client.get(path).context["proposal"] for path in edit_paths(body)] == [proposal]
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
        assert "/forslag/andra/" not in body_of(message(proposal))


def test_a_line_break_in_a_title_is_no_header_of_its_own(sink, make_proposal):
    send(emails.new_proposal(make_proposal(title="Hej\nBcc: alla@example.com", submitter_email="anna@example.com")))
    [(_, recipients, message)] = sink.messages
    assert recipients == ["kansliet@example.com"]
    assert message["Bcc"] is None
    assert message["Subject"].strip() == "Nytt förslag: Hej Bcc: alla@example.com"


def test_empty_sections_leave_no_headings(make_proposal):
    body = body_of(emails.receipt(make_proposal(submitter_email="anna@example.com", purpose="")))
    assert "Syfte och mål" not in body
    assert "Förväntat resultat" not in body
    assert "Avsändare: ej angiven" in body
    assert "\n\n\n\n" not in body


def test_nobody_known_gets_no_mail(make_proposal):
    assert emails.published(make_proposal(number=1)) is None


def test_the_mail_of_publication_shows_what_the_secretariat_changed(proposal):
    with recorded_change(proposal, Change.SUBMITTED):
        proposal.save()
    proposal.purpose = "Syftet är ”mycket gott”."
    with recorded_change(proposal):
        proposal.save()
    workflow.publish(proposal)
    body = body_of(Mail.objects.get(kind=Mail.Kind.PUBLISHED))
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
        Mail.objects.update(next_attempt_at=timezone.now())
        call_command("send_mails")
        call_command("send_mails")
        assert len(sink.messages) == 1
        assert not Mail.objects.unsent()


class TestKeys:
    def test_no_key_is_kept_in_what_is_stored_of_a_mail(self, sink, proposal):
        send(emails.receipt(proposal))
        [path] = edit_paths(text_of(sink.messages[0][2]))
        key = path.split("/")[-2]
        mail = Mail.objects.get()
        assert key not in str(Mail.objects.values_list())
        assert "http://testserver/forslag/andra/…/\n" in mail.body
        assert key not in str(LinkKey.objects.values_list())

    def test_each_mail_has_a_key_of_its_own_and_all_work(self, sink, client, proposal):
        send(emails.receipt(proposal), emails.changed(proposal))
        paths = {path for *_, message in sink.messages for path in edit_paths(text_of(message))}
        assert len(paths) == 2
        assert [client.get(path).status_code for path in paths] == [200, 200]

    def test_a_link_that_is_exchanged_leaves_none_in_a_mail_that_waits(self, refusing_server, proposal, request):
        send(emails.receipt(proposal))
        workflow.renew_edit_link(proposal)
        assert list(Mail.objects.values_list("kind", flat=True)) == [Mail.Kind.EDIT_LINKS]


class TestSubjects:
    """Anybody may type anybody's address: until its owner has opened a link, no subject has the sender's words."""

    @pytest.mark.parametrize("message", [emails.draft, emails.receipt, emails.changed, emails.withdrawn])
    def test_the_title_is_no_subject_for_an_address_that_has_opened_no_link(self, sink, proposal, message):
        send(message(proposal))
        assert proposal.title not in sink.messages[0][2]["Subject"]
        assert f"F-{proposal.pk}" in sink.messages[0][2]["Subject"]

    def test_once_the_owner_has_opened_a_link_the_subject_has_the_title(self, sink, client, proposal):
        send(emails.receipt(proposal))
        client.get(edit_paths(text_of(sink.messages[0][2]))[0])
        send(emails.changed(proposal))
        assert sink.messages[1][2]["Subject"].strip().endswith(proposal.title)

    def test_a_link_that_only_a_browser_was_given_does_not_count(self, sink, client, proposal):
        client.get(proposal.issue_edit_url())
        client.get(proposal.get_edit_url())
        send(emails.receipt(proposal))
        assert proposal.title not in sink.messages[0][2]["Subject"]

    def test_nor_one_that_was_mailed_to_another_address(self, sink, client, proposal):
        send(emails.receipt(proposal))
        client.get(edit_paths(text_of(sink.messages[0][2]))[0])
        proposal.submitter_email = "offer@example.com"
        send(emails.changed(proposal))
        assert proposal.title not in sink.messages[1][2]["Subject"]

    @pytest.mark.parametrize(
        "name",
        [
            "Vinn på https://example.com",
            "www.example.com",
            "Gå till example.com",
            "//example.com",
            "example．com",
            "t.co/abc",
            "мой.рф",
        ],
    )
    def test_a_name_holds_no_address_of_a_site(self, client, typed, name):
        for field in ("submitter_name", "contacts-0-name"):
            response = client.post("/forslag/nytt/", typed | {field: name})
            assert "Skriv bara namnet, utan webbadress." in response.content.decode()
        assert not Mail.objects.exists()

    @pytest.mark.parametrize("name", ["A.K. Svensson", "Anna K.Svensson", "Åsa Öst-Ek", "Dr. No"])
    def test_other_names_are_taken(self, client, typed, name):
        response = client.post("/forslag/nytt/", typed | {"submitter_name": name, "contacts-0-name": name})
        assert response.status_code == 302

    def test_an_address_is_written_in_one_way(self, client, typed):
        for address in ('"anna"@example.com', '"an\\na"@example.com'):
            response = client.post("/forslag/nytt/", typed | {"submitter_email": address})
            assert "Skriv adressen utan citattecken." in response.content.decode()
        assert mailbox_of("Anna+1@exämple.se") == mailbox_of("anna@xn--exmple-cua.se")

    def test_other_programs_are_asked_not_to_answer(self, sink, proposal):
        send(emails.receipt(proposal), emails.new_proposal(proposal))
        headers = [(message["Auto-Submitted"], message["X-Auto-Response-Suppress"]) for *_, message in sink.messages]
        assert headers == [("auto-generated", "All")] * 2


class TestOneMailbox:
    """A stranger can't fill somebody's mailbox: after a few mails in an hour the rest comes in one."""

    def cause(self, make_proposal, count, **fields):
        for number in range(count):
            fields = {"submitter_email": "anna@example.com", **fields}
            send(emails.receipt(make_proposal(title=f"Förslag {number}", **fields)))

    def an_hour_passes(self):
        for name in ("begun_at", "next_attempt_at"):
            Mail.objects.exclude(**{name: None}).update(**{name: F(name) - timedelta(hours=1)})

    def test_gets_a_few_in_an_hour_and_then_one_that_tells_of_the_rest(self, sink, client, make_proposal):
        self.cause(make_proposal, 8)
        assert len(sink.messages) == 5
        assert not Mail.objects.unsent().exists()
        call_command("send_mails")
        assert len(sink.messages) == 5
        self.an_hour_passes()
        call_command("send_mails")
        [(_, recipients, message)] = sink.messages[5:]
        body = text_of(message)
        assert recipients == ["anna@example.com"]
        assert message["Subject"].strip() == "Mer om dina förslag hos Reglab"
        titles = [client.get(path).context["proposal"].title for path in edit_paths(body)]
        assert titles == ["Förslag 5", "Förslag 6", "Förslag 7"]
        assert body.count("Kvitto.") == 3

    @pytest.mark.parametrize("address", ["ANNA@example.com", "anna+1@example.com", "Anna+x+y@Example.com"])
    def test_is_the_same_however_its_address_is_spelled(self, sink, make_proposal, address):
        self.cause(make_proposal, 5)
        self.cause(make_proposal, 3, submitter_email=address)
        assert len(sink.messages) == 5

    def test_another_mailbox_has_its_own(self, sink, make_proposal):
        self.cause(make_proposal, 6)
        self.cause(make_proposal, 1, submitter_email="bo@example.com")
        assert sink.messages[-1][1] == ["bo@example.com"]

    def test_what_kansliet_writes_goes_at_once_all_the_same(self, sink, proposal, make_proposal):
        self.cause(make_proposal, 6)
        send(emails.returned(proposal))
        assert sink.messages[-1][2]["Subject"].strip() == f"Komplettera ditt förslag: F-{proposal.pk}"

    def test_lost_links_are_collected_with_all_of_the_address(self, sink, client, make_proposal):
        self.cause(make_proposal, 5)
        send(emails.edit_links("anna@example.com"))
        self.an_hour_passes()
        call_command("send_mails")
        assert len(edit_paths(text_of(sink.messages[5][2]))) == 5

    def test_that_of_the_secretariat_takes_more_and_then_collects_too(self, sink, make_proposal):
        for number in range(33):
            send(emails.new_proposal(make_proposal(title=f"Förslag {number}", submitter_email=f"{number}@example.com")))
        assert len(sink.messages) == 30
        self.an_hour_passes()
        call_command("send_mails")
        [(_, recipients, message)] = sink.messages[30:]
        body = text_of(message)
        assert recipients == ["kansliet@example.com"]
        assert body.count("/admin/proposals/proposal/") == 3
        assert "/forslag/andra/" not in body

    def test_a_link_goes_to_no_other_spelling_of_the_address(self, sink, make_proposal):
        self.cause(make_proposal, 6, submitter_email="anna+x@example.com")
        self.cause(make_proposal, 1)
        self.an_hour_passes()
        call_command("send_mails")
        told = {recipients[0]: text_of(message) for _, recipients, message in sink.messages[5:]}
        assert {address: len(edit_paths(body)) for address, body in told.items()} == {
            "anna+x@example.com": 1,
            "anna@example.com": 1,
        }

    def test_many_spellings_give_no_more_mails_in_the_next_hour_either(self, sink, make_proposal):
        for number in range(20):
            self.cause(make_proposal, 1, submitter_email=f"anna+{number}@example.com")
        assert len(sink.messages) == 5
        self.cause(make_proposal, 1)
        for _ in range(2):
            self.an_hour_passes()
            call_command("send_mails")
        assert [recipients for _, recipients, _ in sink.messages[5:]] == [["anna+5@example.com"], ["anna@example.com"]]
        assert Mail.objects.filter(is_refused=True).count() == 14

    def test_an_address_that_was_corrected_meanwhile_gets_no_link(self, sink, make_proposal):
        self.cause(make_proposal, 6)
        Proposal.objects.update(submitter_email="bo@example.com")
        self.an_hour_passes()
        call_command("send_mails")
        assert not edit_paths(text_of(sink.messages[5][2]))

    def test_one_that_is_being_sent_again_takes_no_more_in(self, sink, make_proposal):
        self.cause(make_proposal, 6)
        Mail.objects.filter(kind=Mail.Kind.COLLECTED).update(is_refused=True)
        self.cause(make_proposal, 1)
        assert Mail.objects.filter(kind=Mail.Kind.COLLECTED).count() == 2

    def test_a_collected_mail_is_not_longer_than_anybody_reads(self, sink, make_proposal):
        self.cause(make_proposal, 30)
        self.an_hour_passes()
        call_command("send_mails")
        body = text_of(sink.messages[-1][2])
        assert len(edit_paths(body)) == 20
        assert "Och 5 till." in body


class TestPauses:
    """What the server refuses for now is tried again, less and less often; what it refuses for good is not."""

    def test_refused_for_good_waits_for_a_person(self, sink, proposal, desk_of_kansliet):
        sink.refused = "anna@example.com"
        send(emails.receipt(proposal))
        sink.refused = None
        Mail.objects.update(next_attempt_at=timezone.now())
        call_command("send_mails")
        assert not sink.messages
        mail = Mail.objects.get()
        assert mail.is_refused
        desk_of_kansliet.post(reverse("admin:proposals_mail_send", args=[mail.pk]))
        assert [recipients for _, recipients, _ in sink.messages] == [["anna@example.com"]]

    def test_refused_for_now_is_tried_after_pauses_that_grow(self, sink, proposal):
        sink.refused, sink.refusal = "anna@example.com", "451 try again later"
        send(emails.receipt(proposal))
        pauses = []
        for _ in range(12):
            mail = Mail.objects.get()
            pauses.append(round((mail.next_attempt_at - timezone.now()).total_seconds() / 60))
            call_command("send_mails")
            assert Mail.objects.get().attempts == mail.attempts, "it was tried before its time"
            Mail.objects.update(next_attempt_at=timezone.now())
            call_command("send_mails")
        assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
        sink.refused = None
        Mail.objects.update(next_attempt_at=timezone.now())
        call_command("send_mails")
        assert len(sink.messages) == 1
        assert Mail.objects.get().error == ""

    @pytest.mark.parametrize(("answer", "is_refused"), [("451 try again later", False), ("554 no spam", True)])
    def test_what_it_says_of_the_whole_mail_counts_too(self, sink, proposal, answer, is_refused):
        sink.answer = answer
        send(emails.receipt(proposal))
        assert Mail.objects.get().is_refused == is_refused

    def test_a_server_that_is_gone_is_tried_after_pauses_as_well(self, refusing_server, proposal):
        send(emails.receipt(proposal))
        assert not Mail.objects.due().exists()
        assert not Mail.objects.get().is_refused


@pytest.mark.django_db(transaction=True)
class TestInTheBackground:
    """Nobody who saves waits for a mail server."""

    @pytest.fixture
    def submit(self, client, typed, free_slots, settings):
        settings.SEND_MAIL_IN_BACKGROUND = True

        def submit(title):
            assert client.post("/forslag/nytt/", typed | {"title": title}).status_code == 302

        yield submit
        finish()

    def test_mails_are_sent_after_the_commit(self, submit, sink):
        submit("Grön el")
        submit("Blå el")
        finish()
        assert len(sink.messages) == 4
        assert not Mail.objects.unsent()

    def test_a_server_that_hangs_holds_up_nobody(self, submit, hanging_server, settings):
        settings.EMAIL_TIMEOUT = 3
        begun = time.monotonic()
        submit("Grön el")
        submit("Blå el")
        assert time.monotonic() - begun < 3
        assert Mail.objects.unsent().count() == 4

    def test_while_another_process_is_sending_mails_wait_and_go_afterwards(self, submit, sink, monkeypatch):
        monkeypatch.setattr(emails.outbox, "MAX_POLLS", 1)
        turn = throttle.take_lock(emails.outbox.SEND_LOCK, 60)
        submit("Grön el")
        finish()
        assert not sink.messages
        throttle.give_back([turn])
        submit("Blå el")
        finish()
        assert len(sink.messages) == 4


def finish():
    """Wait until the thread that sends has ended."""
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join()
