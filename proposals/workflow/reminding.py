"""Reminders to the members that haven't sent in anything."""

from django.db import transaction

from proposals import emails
from proposals.desk import Desk
from proposals.models import Meeting
from proposals.workflow.numbering import CHANGED
from proposals.workflow.step import StepNotAllowed


def remind(meeting, shown):
    """Mail a reminder to each address that waits for one, and to nobody twice for the same meeting.

    `shown` are the addresses that the page listed: when those to remind are others now, StepNotAllowed. Returns how
    many.
    """
    with transaction.atomic():
        held = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        recipients = Desk(held).to_remind
        if sorted(address for _, address in recipients) != sorted(shown):
            raise StepNotAllowed(CHANGED)
        emails.send(*[emails.reminder(held, region, address) for region, address in recipients])
    return len(recipients)
