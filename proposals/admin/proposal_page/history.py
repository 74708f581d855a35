"""History of a proposal with word diffs, and reverting to earlier versions."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from proposals import workflow
from proposals.admin.history import HistoryAdmin
from proposals.admin.pages import is_key, may_see_addresses, render_page
from proposals.history.versions import Versions, names_of_gone
from proposals.models import Change, Proposal, Status
from proposals.models.proposal_history import BY_SUBMITTER

PER_PAGE = 20
CHANGED_MEANWHILE = (
    "Någon har ändrat förslaget sedan du öppnade sidan, så inget är återställt. Titta igenom skillnaderna igen."
)


class ProposalHistoryAdmin(HistoryAdmin):
    def history_view(self, request, object_id, extra_context=None):
        proposal = self._proposal(request, object_id)
        if workflow.is_hidden_draft(proposal):
            return redirect("admin:proposals_proposal_change", proposal.pk)
        rows = proposal.history.all()
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
        first, last = max(page.start_index(), 1), page.end_index()
        versions = Versions(rows[first - 1 : last + 1])  # one more, to compare the last with
        entries = [_entry(versions, index) for index in range(last - first + 1)]
        if not may_see_addresses(request.user):
            entries = [entry | {"changes": without_addresses(entry["changes"])} for entry in entries]
        context = {"proposal": proposal, "page": page, "entries": entries}
        return render_page(request, "proposal/history", f"Historik: {proposal}", **context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Show an old version and what has changed since; revert to it on POST."""
        proposal = self._proposal(request, object_id)
        if not is_key(version_id) or workflow.is_hidden_draft(proposal):
            raise Http404
        version = get_object_or_404(proposal.history, history_id=version_id)
        may_revert = self.has_change_permission(request, proposal)
        if request.method == "POST":
            if not may_revert:
                raise PermissionDenied
            if request.POST.get("opened") == str(proposal.updated_at):
                return _revert(request, proposal, version)
            messages.warning(request, CHANGED_MEANWHILE)
        context = {
            "proposal": proposal,
            "version": version,
            "opened": str(proposal.updated_at),
            "may_revert": may_revert,
            "changes": Versions([proposal.history.first(), version]).changes(0, 1),
            "gone": names_of_gone(version),
            "contacts": sorted(version.contacts.all(), key=lambda row: row.position),
        }
        if not may_see_addresses(request.user):
            context["changes"] = without_addresses(context["changes"])
            for person in context["contacts"]:
                person.name = name_alone(person.name)
        title = f"Tidigare version: {version.title or 'Utan rubrik'}"
        return render_page(request, "proposal/version", title, **context)

    def _proposal(self, request, object_id):
        if not is_key(object_id):
            raise Http404
        proposal = get_object_or_404(Proposal, pk=object_id)
        if not self.has_view_or_change_permission(request, proposal):
            raise PermissionDenied
        return proposal


def _revert(request, proposal, version):
    fields = request.POST.getlist("field")
    if not fields:
        messages.warning(request, "Inget var valt, så inget är återställt.")
        return redirect("admin:proposals_proposal_simple_history", proposal.pk, version.pk)
    reverted = workflow.revert(proposal, version, fields)
    undo = reverse("admin:proposals_proposal_undo", args=[proposal.pk])
    undo += f"?version={reverted.history.latest().pk}"
    messages.success(request, "Förslaget är återställt till den äldre versionen.", extra_tags=undo)
    return redirect("admin:proposals_proposal_change", proposal.pk)


def _entry(versions, index):
    row = versions.rows[index]
    older = versions.rows[index + 1] if index + 1 < len(versions.rows) else None
    reason = row.history_change_reason
    return {
        "row": row,
        "who": "Förslagsställaren" if reason in BY_SUBMITTER else row.by_name or "Ingen inloggad",
        "why": Change(reason).label if reason in Change.values else "sparat",
        "status": _arrow(Status(older.status).label, Status(row.status).label) if older else "",
        "number": _arrow(older.number or "–", row.number or "–") if older else "",
        "changes": versions.changes(index, index + 1) if older else [],
    }


def _arrow(before, after):
    return f"{before} → {after}" if before != after else ""


def name_alone(text):
    """A contact as history names them, without the address."""
    return ", ".join(part for part in text.split(", ") if "@" not in part)


def without_addresses(changes):
    """Return the FieldChanges as readers see them."""
    seen = [_without_address(change) if change.field == "contacts" else change for change in changes]
    return [change for change in seen if change.old != change.new]


def _without_address(change):
    old, new = ("\n".join(map(name_alone, text.split("\n"))) for text in (change.old, change.new))
    return replace(change, old=old, new=new)
