"""The secretariat's own mails to submitters and contacts, and addresses that were wrong."""

from django.db import transaction

from proposals import emails
from proposals.models import Mail, Proposal, Region


def write_letters(recipients, subject, text):
    """Mail the text to each of `recipients`, (address, proposal that it is about). Returns how many."""
    with transaction.atomic():
        emails.send(*[emails.letter(address, subject, text, proposal=proposal) for address, proposal in recipients])
    return len(recipients)


def correct_address(mail, address):
    """Send a failed mail to `address`, and write that where the wrong one came from: its proposal or its member."""
    wrong = mail.to
    with transaction.atomic():
        mail.to = address
        mail.error = ""
        mail.save()
        Mail.objects.give_back(mail)
        Proposal.objects.filter(pk=mail.proposal_id, submitter_email__iexact=wrong).update(submitter_email=address)
        for region in Region.objects.filter(pk=mail.region_id):
            lines = [address if one.lower() == wrong.lower() else one for one in region.addresses]
            region.member_emails = "\n".join(dict.fromkeys(lines))
            region.save()
        emails.send(mail)
