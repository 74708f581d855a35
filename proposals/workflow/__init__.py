"""What may happen to a proposal. Each function is one transaction; mails go out when it is committed."""

from proposals.workflow.handling import register, restore, return_to_submitter, revert, take_back, withdraw
from proposals.workflow.importing import take_in
from proposals.workflow.numbering import as_shown, move, publish, publish_all, put_in_order, renumber, reschedule
from proposals.workflow.reminding import members, remind, to_remind
from proposals.workflow.submission import LinkUsed, renew_edit_link, revise, save_draft, submit
from proposals.workflow.transition import StepNotAllowed

__all__ = [
    "LinkUsed",
    "StepNotAllowed",
    "as_shown",
    "members",
    "move",
    "publish",
    "publish_all",
    "put_in_order",
    "register",
    "remind",
    "renew_edit_link",
    "renumber",
    "reschedule",
    "restore",
    "return_to_submitter",
    "revert",
    "revise",
    "save_draft",
    "submit",
    "take_back",
    "take_in",
    "to_remind",
    "withdraw",
]
