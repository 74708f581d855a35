"""What may happen to a proposal. Each function is one transaction; mails go out when it is committed."""

from proposals.workflow.handling import cancel_return, register, restore, return_to_submitter, revert, withdraw
from proposals.workflow.importing import import_proposals
from proposals.workflow.numbering import move, publish, publish_all, put_in_order, renumber, reschedule, state_token
from proposals.workflow.reminding import members, remind, to_remind
from proposals.workflow.submission import LinkUsed, is_saved_as, renew_edit_link, revise, save_draft, submit
from proposals.workflow.transition import StepNotAllowed

__all__ = [
    "LinkUsed",
    "StepNotAllowed",
    "cancel_return",
    "import_proposals",
    "is_saved_as",
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
    "state_token",
    "submit",
    "to_remind",
    "withdraw",
]
