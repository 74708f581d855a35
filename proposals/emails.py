"""The mails that the site sends, one function each. Nothing else sends mail."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse


def receipt(proposal):
    """To the submitter: the proposal has arrived, and this is what it says."""
    _send("receipt", to=proposal.submitter_email, reply_to=settings.SECRETARIAT_EMAIL, proposal=proposal)


def new_proposal(proposal):
    """To the secretariat: a proposal has come in."""
    desk = settings.SITE_URL + reverse("admin:proposals_proposal_change", args=[proposal.pk])
    addresses = {"to": settings.SECRETARIAT_EMAIL, "reply_to": proposal.submitter_email}
    _send("new_proposal", **addresses, proposal=proposal, desk=desk)


def _send(message, to, reply_to, **context):
    """Send the templates emails/<message>.subject.txt and .body.txt to one address."""
    context |= {"site_url": settings.SITE_URL, "secretariat_email": settings.SECRETARIAT_EMAIL}
    subject = render_to_string(f"emails/{message}.subject.txt", context)
    body = render_to_string(f"emails/{message}.body.txt", context)
    # A subject is one line, whatever the title holds
    EmailMessage(" ".join(subject.split()), body, to=[to], reply_to=[reply_to]).send()
