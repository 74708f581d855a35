"""The history of a proposal: what changed word by word, who did it and when, and a way back to an earlier version."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from proposals import workflow
from proposals.admin.history import HistoryAdmin, is_key
from proposals.history.versions import Versions, names_of_gone
from proposals.models import Change, Proposal, Status
from proposals.models.proposal_history import BY_SUBMITTER

PER_PAGE = 20
CHANGED_MEANWHILE = (
    "Någon har ändrat förslaget sedan du öppnade sidan, så inget är återställt. Titta igenom skillnaderna igen."
)


class ProposalHistoryAdmin(HistoryAdmin):
    def history_view(self, request, object_id, extra_context=None):
        """Each change with what it did, the newest first."""
        proposal = self._proposal(request, object_id)
        rows = proposal.history.all()
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
        first, last = max(page.start_index(), 1), page.end_index()
        versions = Versions(rows[first - 1 : last + 1])  # and the one before the last shown
        context = {
            "title": f"Historik: {proposal}",
            "proposal": proposal,
            "page": page,
            "entries": [_entry(versions, place) for place in range(last - first + 1)],
        }
        return self._render(request, "history", context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """An old version, what has changed since, and a button that brings it back."""
        proposal = self._proposal(request, object_id)
        if not is_key(version_id):
            raise Http404
        version = get_object_or_404(proposal.history, history_id=version_id)
        may_revert = self.has_change_permission(request, proposal)
        if request.method == "POST":
            if not may_revert:
                raise PermissionDenied
            if request.POST.get("opened") == str(proposal.updated_at):
                workflow.revert(proposal, version)
                messages.success(request, "Förslaget är återställt till den äldre versionen.")
                return redirect("admin:proposals_proposal_change", proposal.pk)
            messages.warning(request, CHANGED_MEANWHILE)
        context = {
            "title": f"Tidigare version: {version.title or 'Utan rubrik'}",
            "proposal": proposal,
            "version": version,
            "opened": str(proposal.updated_at),
            "may_revert": may_revert,
            "changes": Versions([proposal.history.first(), version]).changes(0, 1),
            "gone": names_of_gone(version),
            "contacts": sorted(version.contacts.all(), key=lambda row: row.position),
        }
        return self._render(request, "version", context)

    def _proposal(self, request, object_id):
        if not is_key(object_id):
            raise Http404
        proposal = get_object_or_404(Proposal, pk=object_id)
        if not self.has_view_or_change_permission(request, proposal):
            raise PermissionDenied
        return proposal

    def _render(self, request, name, context):
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return render(request, f"admin/proposals/proposal/{name}.html", whole)


def _entry(versions, place):
    """One row of the history: the row, who did it, why, and what changed since the one before."""
    row = versions.rows[place]
    older = versions.rows[place + 1] if place + 1 < len(versions.rows) else None
    reason = row.history_change_reason
    by_submitter = reason in BY_SUBMITTER
    return {
        "row": row,
        "who": "Förslagsställaren" if by_submitter else row.by_name or "Ingen inloggad",
        "why": Change(reason).label if reason in Change.values else "sparat",
        "status": _change_of(Status, older, row) if older and older.status != row.status else "",
        "number": f"{older.number or '–'} → {row.number or '–'}" if older and older.number != row.number else "",
        "changes": versions.changes(place, place + 1) if older else [],
    }


def _change_of(choices, older, row):
    return f"{choices(older.status).label} → {choices(row.status).label}"
