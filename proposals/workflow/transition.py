"""The one place that writes `Proposal.status`."""

from proposals.models import Proposal, Status


class StepNotAllowed(Exception):
    """The proposal's status has no such step; the message says so to a person."""


def transition(proposal, status, origins=(Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.PUBLISHED)):
    """Give the proposal its new status, unsaved; StepNotAllowed unless its status is one of `origins` and has the step.

    What is withdrawn first has to be restored.
    """
    if proposal.status == status:
        raise StepNotAllowed(f"”{proposal}” är redan {status.label}.")
    if proposal.status not in origins or not proposal.may_become(status):
        raise StepNotAllowed(
            f"”{proposal}” har status {proposal.get_status_display()} och kan inte bli {status.label}."
        )
    proposal.withdrawn_from = proposal.status if status == Status.WITHDRAWN else ""
    proposal.status = status


def lock(proposal):
    """Return the current row, locked until the transaction ends, without joins: PostgreSQL can't lock outer joins."""
    return Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
