"""Which members have sent in anything, and reminders to those that haven't."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction

from proposals import emails
from proposals.models import Mail, Meeting, Region
from proposals.workflow.numbering import CHANGED
from proposals.workflow.transition import StepNotAllowed


@dataclass(frozen=True)
class Member:
    """A member organisation, how many proposals it has sent in, and which of its addresses have been reminded."""

    region: Region
    count: int
    reminded: list

    @property
    def to_remind(self):
        """Addresses to remind; none when it has submitted or has been reminded."""
        return [] if self.count else [address for address in self.region.addresses if address not in self.reminded]


def members(meeting):
    counts = Counter(meeting.proposals.sent_in().order_by().values_list("region", flat=True))
    reminded = set(meeting.mails.filter(kind=Mail.Kind.REMINDER).values_list("to", flat=True))
    return [
        Member(region, counts[region.pk], [address for address in region.addresses if address in reminded])
        for region in Region.objects.all()
    ]


def to_remind(members):
    """(region, address) for each reminder to send; an address that several regions have gets one."""
    recipients = {address: member.region for member in members for address in member.to_remind}
    return [(region, address) for address, region in recipients.items()]


def remind(meeting, addresses):
    """Mail the reminders, to no address twice for the same meeting, and return how many.

    `addresses` are those that the page listed; raises StepNotAllowed when others are to be reminded now.
    """
    with transaction.atomic():
        held = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        recipients = to_remind(members(held))
        if sorted(address for _, address in recipients) != sorted(addresses):
            raise StepNotAllowed(CHANGED)
        emails.send(*[emails.reminder(held, region, address) for region, address in recipients])
    return len(recipients)
