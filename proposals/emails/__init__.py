"""The mails that the site sends: `messages` has one function for each, `outbox` sends them. Nothing else sends mail."""

from proposals.emails.composing import compose
from proposals.emails.messages import (
    changed,
    completed,
    draft,
    edit_link,
    edit_links,
    late_link,
    letter,
    new_proposal,
    published,
    receipt,
    reminder,
    restored,
    returned,
    unfinished,
    withdrawn,
    withdrawn_by_submitter,
)
from proposals.emails.outbox import deliver, deliver_due, greet_server, send

__all__ = [
    "changed",
    "completed",
    "compose",
    "deliver",
    "deliver_due",
    "draft",
    "edit_link",
    "edit_links",
    "greet_server",
    "late_link",
    "letter",
    "new_proposal",
    "published",
    "receipt",
    "reminder",
    "restored",
    "returned",
    "send",
    "unfinished",
    "withdrawn",
    "withdrawn_by_submitter",
]
