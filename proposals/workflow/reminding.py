"""Reminders: to members that haven't sent in anything, and to submitters of drafts and of what is to be completed."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain

from django.db import transaction
from django.db.models import Count, Max, Q

from proposals import emails
from proposals.models import Mail, Meeting, Region, Status
from proposals.workflow.numbering import CHANGED
from proposals.workflow.transition import StepNotAllowed


@dataclass(frozen=True)
class Member:
    """A member organisation, how many proposals it has sent in, and when its addresses have been reminded.

    `reminders` is {address: [times, the earliest first]}.
    """

    region: Region
    count: int
    reminders: dict

    @property
    def reminded(self):
        return list(self.reminders)

    @property
    def to_remind(self):
        """Addresses that haven't been reminded; none when it has submitted."""
        return [] if self.count else [address for address in self.region.addresses if address not in self.reminders]


@dataclass(frozen=True)
class Recipient:
    """An address that may be reminded, with how many reminders about the meeting it has had, and the latest of them."""

    region: Region
    address: str
    times: tuple

    @property
    def number(self):
        """Which reminder the next one is."""
        return len(self.times) + 1

    @property
    def latest(self):
        return self.times[-1] if self.times else None


def members(meeting):
    counts = Counter(chain.from_iterable(meeting.proposals.sent_in().senders_of_each()))
    times = defaultdict(list)
    sent = meeting.mails.filter(kind=Mail.Kind.REMINDER).order_by("created_at", "pk")
    for address, created_at in sent.values_list("to", "created_at"):
        times[address].append(created_at)
    return [
        Member(region, counts[region.pk], {one: times[one] for one in region.addresses if one in times})
        for region in Region.objects.all()
    ]


def to_remind(members):
    """(region, address) for each first reminder to send; an address that several regions have gets one."""
    recipients = {address: member.region for member in members for address in member.to_remind}
    return [(region, address) for address, region in recipients.items()]


def recipients(members):
    """Recipients of the members that haven't sent in anything, each address once."""
    found = {}
    for member in members:
        if not member.count:
            for address in member.region.addresses:
                times = tuple(member.reminders.get(address, ()))
                found.setdefault(address, Recipient(member.region, address, times))
    return list(found.values())


def unfinished(meeting):
    """Drafts and returned proposals that can still be changed, each with `reminders` and `reminded_at`."""
    reminders = Q(mails__kind=Mail.Kind.UNFINISHED)
    proposals = meeting.proposals.filter(status__in=[Status.DRAFT, Status.RETURNED]).exclude(submitter_email="")
    proposals = proposals.annotate(
        reminders=Count("mails", filter=reminders), reminded_at=Max("mails__created_at", filter=reminders)
    )
    rows = proposals.with_sender_and_meeting().order_by("status", "pk")
    return [proposal for proposal in rows if proposal.is_open]


def reminder_token(recipients, unfinished):
    """A digest of what a page showed: whom it listed, and which reminder each would get."""
    rows = [f"{one.address} {one.number}" for one in recipients]
    rows += [f"{one.pk} {one.reminders}" for one in unfinished]
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def remind(meeting, addresses, proposals, own_text, token):
    """Mail the reminders to these addresses and to the submitters of these proposals, and return how many.

    `proposals` are primary keys, `token` what reminder_token() gave for the page; raises StepNotAllowed when that has
    changed or the meeting has closed.
    """
    with transaction.atomic():
        held = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        silent, begun = recipients(members(held)), unfinished(held)
        if reminder_token(silent, begun) != token:
            raise StepNotAllowed(CHANGED)
        chosen = [one for one in silent if one.address in addresses and not held.is_closed]
        mails = [emails.reminder(held, one.region, one.address, one.number, own_text) for one in chosen]
        begun = [one for one in begun if one.pk in proposals]
        mails += [emails.unfinished(one, one.reminders + 1, own_text) for one in begun]
        emails.send(*mails)
    return len(mails)
