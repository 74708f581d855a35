"""One function for each mail. Each gives an unsaved Mail, or None when there is nobody to write to."""

from django.conf import settings

from proposals.models import Mail

Kind = Mail.Kind


# To the submitter


def draft(proposal):
    return _to_submitter(Kind.DRAFT, proposal)


def receipt(proposal):
    return _to_submitter(Kind.RECEIPT, proposal)


def changed(proposal):
    return _to_submitter(Kind.CHANGED, proposal)


def returned(proposal):
    return _to_submitter(Kind.RETURNED, proposal)


def published(proposal):
    return _to_submitter(Kind.PUBLISHED, proposal)


def withdrawn(proposal):
    return _to_submitter(Kind.WITHDRAWN, proposal)


def restored(proposal):
    return _to_submitter(Kind.RESTORED, proposal)


def merged(proposal):
    return _to_submitter(Kind.MERGED, proposal)


def unmerged(proposal):
    return _to_submitter(Kind.UNMERGED, proposal)


def edit_link(proposal):
    """The link to one proposal, once more."""
    return _to_submitter(Kind.EDIT_LINKS, proposal)


def edit_links(address):
    """The links to all proposals of the submitter with that address."""
    return _mail(Kind.EDIT_LINKS, address)


def late_link(link):
    return _mail(Kind.LATE_LINK, link.email, meeting=link.meeting, late_link=link)


def unfinished(proposal, number=1, own_text=""):
    """Reminder number `number` of a draft, or of what is to be completed."""
    mail = _to_submitter(Kind.UNFINISHED, proposal)
    if mail:
        mail.reminder_number, mail.own_text = number, own_text
    return mail


def reminder(meeting, region, address, number=1, own_text=""):
    """Reminder number `number` to a member, with the secretariat's own text above the standard one."""
    return _mail(Kind.REMINDER, address, meeting=meeting, region=region, reminder_number=number, own_text=own_text)


def letter(address, subject, text, **about):
    """The secretariat's own words to one address, about a proposal or a meeting."""
    return _mail(Kind.LETTER, address, own_subject=subject, own_text=text, **about)


# To the secretariat


def new_proposal(proposal):
    return _to_secretariat(Kind.NEW_PROPOSAL, proposal)


def completed(proposal):
    """A returned proposal is back."""
    return _to_secretariat(Kind.COMPLETED, proposal)


def withdrawn_by_submitter(proposal):
    return _to_secretariat(Kind.WITHDRAWN_BY_SUBMITTER, proposal)


def _to_submitter(kind, proposal):
    if not proposal.submitter_email:
        return None
    return _mail(kind, proposal.submitter_email, proposal=proposal)


def _to_secretariat(kind, proposal):
    return _mail(kind, settings.SECRETARIAT_EMAIL, reply_to=proposal.submitter_email, proposal=proposal)


def _mail(kind, to, reply_to="", **about):
    return Mail(kind=kind, to=to, reply_to=reply_to or settings.SECRETARIAT_EMAIL, **about)
