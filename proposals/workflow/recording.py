"""Writing the history of a proposal: one row for each change as people see it."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from proposals.models import Change, Proposal


@contextmanager
def recorded_change(proposal, change=Change.EDITED, note=""):
    """Write one row of history for all that is saved inside: the proposal, its target groups and contacts.

    `change` says why, `note` what else there is to remember. What came in without history, as the fixture does, first
    gets a row of how it was. Brings the search's index up to date, and after the commit the similarities.
    """
    kind = "+" if proposal._state.adding else "~"
    if kind == "~" and not proposal.history.exists():
        original = Proposal.objects.get(pk=proposal.pk)
        original._history_user = None
        original._history_date = original.submitted_at or original.published_at or timezone.now()
        original._write_history_row(original, "+")
    proposal.skip_history_when_saving = True
    try:
        yield
    finally:
        del proposal.skip_history_when_saving
    proposal._change_reason = change
    proposal._write_history_row(proposal, kind)
    if note:
        proposal.history.filter(pk=proposal.history.latest().pk).update(note=note)
    saved = Proposal.objects.filter(pk=proposal.pk)
    saved.index()
    # Afterwards, because it locks other proposals as well
    transaction.on_commit(saved.compare, robust=True)
