"""The mails, over real SMTP to a sink on this machine."""

import email
import socket
from email import policy

import pytest
from aiosmtpd.controller import Controller
from django.core import mail

from proposals import emails
from proposals.models import Contact, ProposalContact

TEXTS = {
    "title": "El & värme <för alla>",
    "background": "Första stycket.\n\n- punkt ett\n- punkt två",
    "purpose": "Syftet är ”gott”.",
    "expected_result": "Ett resultat.",
    "target_group_text": "Alla som vill.",
    "submitter_name": "Anna Exempel",
    "submitter_email": "anna@example.com",
}


class Sink:
    """Keeps what it is sent."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):
        parsed = email.message_from_bytes(envelope.content, policy=policy.default)
        self.messages.append((envelope.mail_from, envelope.rcpt_tos, parsed))
        return "250 OK"


def text_of(message):
    return message.get_content().replace("\r\n", "\n")


@pytest.fixture
def sink(settings):
    sink = Sink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        host, port = free.getsockname()
    controller = Controller(sink, hostname=host, port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
    yield sink
    controller.stop()


@pytest.fixture
def proposal(make_proposal, dalarna, chefer):
    proposal = make_proposal(region=dalarna, groups=[chefer], **TEXTS)
    contact = Contact.objects.create(name="Bo Exempel", title="strateg", email="bo@example.com", phone="08-123 45")
    ProposalContact.objects.create(proposal=proposal, contact=contact)
    return proposal


def test_the_receipt_goes_to_the_submitter_with_the_whole_text(sink, proposal):
    emails.receipt(proposal)
    [(sender, recipients, message)] = sink.messages
    assert (sender, recipients) == ("noreply@example.com", ["anna@example.com"])
    assert message["Reply-To"] == "kansliet@example.com"
    assert message["Subject"].strip() == "Vi har tagit emot ditt förslag: El & värme <för alla>"
    body = text_of(message)
    for text in TEXTS.values():
        assert text in body or text == TEXTS["submitter_email"]
    for text in ("Region Dalarna", "\nChefer\n", "Bo Exempel, strateg", "bo@example.com", "08-123 45", "14 maj 2030"):
        assert text in body


def test_the_secretariat_gets_a_link_to_the_proposal_and_its_whole_text(sink, proposal):
    emails.new_proposal(proposal)
    [(_, recipients, message)] = sink.messages
    assert recipients == ["kansliet@example.com"]
    assert message["Reply-To"] == "anna@example.com"
    body = text_of(message)
    assert f"http://testserver/admin/proposals/proposal/{proposal.pk}/change/" in body
    assert "Anna Exempel, anna@example.com" in body
    assert TEXTS["background"] in body


def test_a_line_break_in_a_title_is_no_header_of_its_own(sink, make_proposal):
    emails.receipt(make_proposal(title="Hej\nBcc: alla@example.com", submitter_email="anna@example.com"))
    [(_, recipients, message)] = sink.messages
    assert recipients == ["anna@example.com"]
    assert message["Bcc"] is None
    assert message["Subject"].strip() == "Vi har tagit emot ditt förslag: Hej Bcc: alla@example.com"


def test_empty_sections_leave_no_headings(make_proposal):
    emails.receipt(make_proposal(submitter_email="anna@example.com", purpose=""))
    assert "Syfte och mål" not in mail.outbox[0].body
    assert "Förväntat resultat" not in mail.outbox[0].body
    assert "Avsändare: ej angiven" in mail.outbox[0].body
    assert "\n\n\n\n" not in mail.outbox[0].body
