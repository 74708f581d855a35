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
        """The addresses that a reminder would go to; none when it has sent in or has had one."""
        return [] if self.count else [address for address in self.region.addresses if address not in self.reminded]


def members(meeting):
    """All member organisations, each a Member."""
    counts = Counter(meeting.proposals.sent_in().order_by().values_list("region", flat=True))
    reminded = set(meeting.mails.filter(kind=Mail.Kind.REMINDER).values_list("to", flat=True))
    return [
        Member(region, counts[region.pk], [address for address in region.addresses if address in reminded])
        for region in Region.objects.all()
    ]


def to_remind(members):
    """(region, address) for each reminder that could be sent now; an address that several have gets one."""
    recipients = {address: member.region for member in members for address in member.to_remind}
    return [(region, address) for address, region in recipients.items()]


def remind(meeting, token):
    """Mail a reminder to each address that waits for one, and to nobody twice for the same meeting.

    `token` are the addresses that the page listed: when those to remind are others now, StepNotAllowed. Returns how
    many.
    """
    with transaction.atomic():
        held = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        recipients = to_remind(members(held))
        if sorted(address for _, address in recipients) != sorted(token):
            raise StepNotAllowed(CHANGED)
        emails.send(*[emails.reminder(held, region, address) for region, address in recipients])
    return len(recipients)
