"""Build a Booklet from model instances."""

from datetime import UTC, datetime, time

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from proposals.booklet.content import Booklet, BookletProposal, Person, Sender
from proposals.enumeration import enumerate_names
from proposals.public.sentences import proposals_from


def build_booklet(meeting, proposals, chosen=(), address="", is_working_copy=False):
    """Return the Booklet of `proposals`, a queryset of the meeting's, ordered by number with unnumbered ones last.

    `chosen` holds the applied filters as labels and `address` the path of the equivalent list. A working copy includes
    the reference and status of each proposal.
    """
    proposals = list(proposals.in_full().prefetch_related("co_senders").numbered_first())
    changed_at = max(map(_changed_at, proposals), default=_midnight(meeting.date))
    day = date_format(meeting.date)
    senders = [sender for proposal in proposals for sender in proposal.senders or [None]]
    beginning = _beginning(proposals, chosen, is_working_copy)
    return Booklet(
        organisation=settings.ORGANISATION,
        title=f"{beginning} {meeting.title} {day}",
        meeting=meeting.title,
        date=meeting.date,
        day=day,
        summary=proposals_from(len(proposals), senders, without_sender=senders.count(None)),
        changed_at=changed_at.astimezone(UTC),
        changed=date_format(timezone.localtime(changed_at)),
        address=settings.SITE_URL + (address or meeting.get_absolute_url()),
        proposals=tuple(booklet_proposal(proposal, is_working_copy) for proposal in proposals),
        chosen=tuple(chosen),
        is_working_copy=is_working_copy,
    )


def _beginning(proposals, chosen, is_working_copy):
    if is_working_copy:
        return "Arbetsexemplar, förslag till"
    if len(proposals) == 1:
        return f"Förslag {proposals[0].number} till"
    return "Urval av förslagen till" if chosen else "Alla förslag till"


def booklet_proposal(proposal, is_working_copy=False):
    return BookletProposal(
        number=proposal.number,
        title=proposal.title,
        sender=enumerate_names(proposal.senders),
        senders=tuple(Sender(sender.name, sender.slug) for sender in proposal.senders),
        texts={name: getattr(proposal, name) for name in proposal.TEXTS},
        target_groups=tuple(group.name for group in proposal.target_groups.all()),
        contacts=tuple(_person(row.contact) for row in proposal.contact_rows.all()),
        address=settings.SITE_URL + proposal.get_absolute_url() if proposal.is_published else "",
        reference=proposal.reference if is_working_copy else "",
        status=str(proposal.get_status_display()) if is_working_copy else "",
    )


def _person(contact):
    return Person(contact.name, contact.title, contact.email, contact.phone)


def _changed_at(proposal):
    return proposal.updated_at or proposal.published_at or proposal.submitted_at or _midnight(proposal.meeting.date)


def _midnight(date):
    return timezone.make_aware(datetime.combine(date, time()))
