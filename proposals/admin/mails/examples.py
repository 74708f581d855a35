"""Every kind of mail with example data, created in a transaction that is rolled back."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.utils import timezone

from proposals import emails
from proposals.admin.pages import render_page
from proposals.emails.words import EDITABLE
from proposals.models import Contact, LateLink, Mail, Meeting, Proposal, ProposalContact, Region


@permission_required("proposals.view_mail", raise_exception=True)
def mail_examples(request):
    return render_page(
        request, "mail/examples", "Alla mejl, med påhittade uppgifter", mails=example_mails(), editable=EDITABLE
    )


def example_mails():
    """Return an unsaved Mail of each kind, with subject and body."""
    with transaction.atomic():
        mails = []
        for mail in _examples():
            emails.compose(mail)
            mails.append(mail)
        transaction.set_rollback(True)
    return mails


def _examples():
    proposal = _example_proposal()
    for kind in (emails.draft, emails.receipt, emails.new_proposal, emails.changed, emails.returned, emails.completed):
        yield kind(proposal)
    proposal.number = 7
    yield emails.published(proposal)
    yield emails.withdrawn(proposal)
    proposal.number = None
    for kind in (emails.withdrawn_by_submitter, emails.restored, emails.merged, emails.unmerged, emails.edit_link):
        yield kind(proposal)
    sender = {"name": "Anna Exempel", "email": "anna@example.com", "reason": "Exempel"}
    meeting = proposal.meeting
    yield emails.late_link(LateLink.objects.create(meeting=meeting, expires_at=meeting.closes_at, **sender))
    yield emails.reminder(meeting, Region(name="Region Exempel"), "anna@example.com")
    yield emails.unfinished(proposal)
    yield emails.letter("anna@example.com", "En fråga om ert förslag", "Hej!\n\nKan ni ringa oss?", proposal=proposal)
    to = {"to": "anna@example.com", "reply_to": settings.SECRETARIAT_EMAIL}
    collecting = Mail.objects.create(kind=Mail.Kind.COLLECTED, **to)
    for kind in (Mail.Kind.RECEIPT, Mail.Kind.CHANGED):
        Mail.objects.create(kind=kind, proposal=proposal, collected_in=collecting, **to)
    yield collecting


def _example_proposal():
    last = Meeting.objects.order_by("date").last()
    free_date = max(last.date if last else date.min, timezone.localdate()) + timedelta(days=120)
    meeting = Meeting.objects.create(date=free_date, title="Exempelmötet")
    proposal = Proposal.objects.create(
        meeting=meeting,
        title="Ett förslag som exempel",
        background="Så här ser bakgrunden ut.",
        purpose="Ett syfte.\n\n- En punkt\n- En punkt till",
        submitter_name="Anna Exempel",
        submitter_email="anna@example.com",
        return_message="Vem ska delta, och vad ska de kunna efteråt?",
    )
    contact, _ = Contact.objects.get_or_create(name="Bo Exempel", title="strateg", email="bo@example.com", phone="")
    ProposalContact.objects.create(proposal=proposal, contact=contact)
    return proposal
