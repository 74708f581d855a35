"""What stands beside a proposal's form: where it is, what can be done, who has written and what has happened."""

from django.db.models import Prefetch, prefetch_related_objects

from proposals import workflow
from proposals.admin.proposal_page.transitions import transition_buttons
from proposals.admin.start.activity import SAID
from proposals.models import Note, Proposal, Similarity
from proposals.models.proposal_history import BY_SUBMITTER

MAX_EVENTS, MAX_NOTES = 5, 30


def panel(proposal, may_change):
    """Return the template context of the panel."""
    alike = Similarity.objects.near_duplicates().filter(proposal=proposal).select_related("other__meeting")
    rows = list(proposal.history.order_by("-history_date", "-pk")[: MAX_EVENTS + 1])
    if proposal.has_merged:
        prefetch_related_objects([proposal], Prefetch("merged", Proposal.objects.with_senders()))
    parts = list(proposal.merged.all()) if proposal.has_merged else []
    return {
        "parts": parts,
        "undoable": next((part for part in parts if workflow.can_unmerge(rows[0], part)), None),
        "near_duplicates": list(alike.order_by("-overlap", "other")) if proposal.has_near_duplicate else [],
        "missing_fields": proposal.missing_fields,
        "transition_buttons": list(transition_buttons(proposal)) if may_change else [],
        "notes": _notes(proposal, parts),
        "events": [_event(row) for row in rows[:MAX_EVENTS]],
        "has_more_events": len(rows) > MAX_EVENTS,
    }


def _notes(proposal, parts):
    """Those about the proposal and what has been merged into it, the oldest first."""
    if not proposal.has_notes:
        return []
    return list(Note.objects.filter(proposal__in=[proposal, *parts])[:MAX_NOTES])[::-1]


def _event(row):
    reason = row.history_change_reason
    who = (row.submitter_name or "Förslagsställaren") if reason in BY_SUBMITTER else row.by_name or "Någon"
    return {"time": row.history_date, "who": who, "verb": SAID.get(reason, "ändrade").removesuffix(" till")}
