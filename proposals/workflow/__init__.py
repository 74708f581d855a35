"""What may happen to a proposal. Each function is one transaction; mails go out when it is committed."""

from proposals.workflow.handling import (
    add_target_groups,
    cancel_return,
    is_hidden_draft,
    open_draft,
    register,
    restore,
    return_to_submitter,
    revert,
    take_in,
    withdraw,
)
from proposals.workflow.importing import import_proposals, undo_import
from proposals.workflow.letters import correct_address, write_letters
from proposals.workflow.merging import can_unmerge, merge, unmerge, why_not_merge
from proposals.workflow.numbering import (
    CHANGED,
    move,
    next_number,
    publish,
    publish_all,
    put_in_order,
    renumber,
    reschedule,
    state_token,
)
from proposals.workflow.reminding import members, recipients, remind, reminder_token, to_remind, unfinished
from proposals.workflow.submission import LinkUsed, is_saved_as, renew_edit_link, revise, save_draft, submit
from proposals.workflow.transition import StepNotAllowed

__all__ = [
    "CHANGED",
    "LinkUsed",
    "StepNotAllowed",
    "add_target_groups",
    "can_unmerge",
    "cancel_return",
    "correct_address",
    "import_proposals",
    "is_hidden_draft",
    "is_saved_as",
    "members",
    "merge",
    "move",
    "next_number",
    "open_draft",
    "publish",
    "publish_all",
    "put_in_order",
    "recipients",
    "register",
    "remind",
    "reminder_token",
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
    "take_in",
    "to_remind",
    "undo_import",
    "unfinished",
    "unmerge",
    "why_not_merge",
    "withdraw",
    "write_letters",
]
