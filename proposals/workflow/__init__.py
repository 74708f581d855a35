"""What may happen to a proposal. Each function is one transaction; mails go out when it is committed."""

from proposals.workflow.handling import register, restore, return_to_submitter, revert, take_back, withdraw
from proposals.workflow.numbering import move, publish, publish_all, put_in_order, renumber, reschedule
from proposals.workflow.step import StepNotAllowed
from proposals.workflow.submission import LinkUsed, renew_edit_key, revise, save_draft, submit

__all__ = [
    "LinkUsed",
    "StepNotAllowed",
    "move",
    "publish",
    "publish_all",
    "put_in_order",
    "register",
    "renew_edit_key",
    "renumber",
    "reschedule",
    "restore",
    "return_to_submitter",
    "revert",
    "revise",
    "save_draft",
    "submit",
    "take_back",
    "withdraw",
]
