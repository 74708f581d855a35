from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from proposals import workflow
from proposals.admin.deletion import hide_models
from proposals.admin.menu import menu_of
from proposals.admin.pages import page_urls
from proposals.admin.proposal_list import rows, steps
from proposals.admin.proposal_list.proposal_list import ProposalListAdmin
from proposals.admin.proposal_page import merging, transitions, views
from proposals.admin.proposal_page.form import ProposalAdminForm
from proposals.admin.proposal_page.history import ProposalHistoryAdmin
from proposals.admin.proposal_page.panel import panel
from proposals.admin.proposal_page.people import PeopleInline
from proposals.models import LinkKey, Mail, Note, Posting, Proposal, Similarity
from proposals.workflow.recording import recorded_change

DERIVED = (Posting, Similarity, LinkKey, Note)
LISTED = "listed"  # in the session: the keys of the list that the user came from


@admin.register(Proposal)
class ProposalAdmin(ProposalListAdmin, ProposalHistoryAdmin):
    form = ProposalAdminForm
    inlines = [PeopleInline]
    save_on_top = False

    def get_fieldsets(self, request, obj=None):
        fields = [name for name in self.form.base_fields if not (obj and name == "meeting")]
        return [(None, {"fields": fields})]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the buttons that open a register in a window of its own."""
        if db_field.name == "meeting":
            kwargs["initial"] = menu_of(request).meeting
        return db_field.formfield(**kwargs)

    def get_object(self, request, object_id, from_field=None):
        """Lock the row when saving, so that the version check is reliable."""
        proposal = super().get_object(request, object_id, from_field)
        if proposal and request.method == "POST":
            Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
            proposal.refresh_from_db()
        return proposal

    def view_on_site(self, proposal):
        return proposal.get_absolute_url() if proposal.is_published else None

    def get_queryset(self, request):
        """With what else there is, so that the page asks for nothing that isn't."""
        alike = Similarity.objects.near_duplicates().filter(proposal=OuterRef("pk"))
        failed = Mail.objects.unsent().filter(proposal=OuterRef("pk"))
        notes = Note.objects.filter(Q(proposal=OuterRef("pk")) | Q(proposal__merged_into=OuterRef("pk")))
        there = {"has_near_duplicate": Exists(alike), "has_failed_mail": Exists(failed), "has_notes": Exists(notes)}
        return super().get_queryset(request).annotate(**there).with_has_merged()

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if "data" in kwargs:
            kwargs["data"] = getattr(obj, "merged_data", kwargs["data"])
        return kwargs

    # The pages

    def changelist_view(self, request, extra_context=None):
        """Remember what is listed, for Spara och nästa."""
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", None) and response.context_data.get("cl")
        if changelist:
            listed = [proposal.pk for proposal in changelist.result_list]
            if request.session.get(LISTED) != listed:
                request.session[LISTED] = listed
        return response

    def change_view(self, request, object_id, *args, **kwargs):
        """Mark the proposal as seen if the user may change it."""
        response = super().change_view(request, object_id, *args, **kwargs)
        proposal = (getattr(response, "context_data", None) or {}).get("original")
        waits = proposal and proposal.is_submitted and proposal.waiting_since
        if request.method == "GET" and waits and self.has_change_permission(request):
            Proposal.objects.filter(pk=proposal.pk).mark_seen()
        return response

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        form = context["adminform"].form
        conflict = getattr(form, "conflict", None)
        if conflict and conflict.clashes:
            return self._clash_page(request, context, form.conflict, obj)
        may_change = self.has_change_permission(request, obj)
        if obj:
            context |= panel(obj, may_change) | {
                "is_hidden_draft": workflow.is_hidden_draft(obj),
                "next_key": _next_key(request, obj),
                "has_absolute_url": obj.is_published,
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _clash_page(self, request, context, conflict, proposal):
        kept = [(name, value) for name in conflict.data for value in conflict.data.getlist(name)]
        hidden = [(name, value) for name, value in kept if name != "csrfmiddlewaretoken"]
        context |= {"conflict": conflict, "hidden": hidden, "title": f"{conflict.editor} sparade medan du skrev"}
        return TemplateResponse(request, "admin/proposals/proposal/clash.html", {**context, "proposal": proposal})

    # Deleting

    def has_delete_permission(self, request, obj=None):
        """Published proposals can only be withdrawn, because their addresses are in use."""
        return super().has_delete_permission(request, obj) and not (obj and (obj.number or obj.published_at))

    @transaction.atomic
    def delete_view(self, request, object_id, extra_context=None):
        """Require the title to be typed, ignoring whitespace and case."""
        proposal = self.get_object(request, unquote(object_id))
        needs_title = proposal and request.POST and self.has_delete_permission(request, proposal)
        title = request.POST.get("title", "").casefold().split()
        if not needs_title or title == str(proposal).casefold().split():
            return super().delete_view(request, object_id, extra_context)
        messages.error(request, "Det du skrev är inte förslagets rubrik, så inget är borttaget.")
        return redirect("admin:proposals_proposal_delete", proposal.pk)

    def get_deleted_objects(self, objs, request):
        return hide_models(DERIVED, super().get_deleted_objects(objs, request))

    # Saving

    def save_model(self, request, obj, form, change):
        """Do nothing; save_related() saves the proposal with its groups and contacts in one change."""

    def save_related(self, request, form, formsets, change):
        proposal = form.instance
        if not change:
            workflow.register(proposal)
        with recorded_change(proposal):
            super().save_model(request, proposal, form, change)
            super().save_related(request, form, formsets, change)
        if form.conflict and form.conflict.kept:
            names = ", ".join(form.conflict.kept).lower()
            notice = f"{form.conflict.editor} sparade medan du skrev. Bådas ändringar är kvar: även {names}."
            messages.info(request, notice)

    def response_change(self, request, obj):
        for button in transitions.transition_buttons(obj):
            if f"_{button.name}" in request.POST:
                if button.asks_first:
                    return redirect(f"admin:proposals_proposal_{button.name}", obj.pk)
                transitions.perform_transition(request, button.name, obj)
                return redirect("admin:proposals_proposal_change", obj.pk)
        if "_next" in request.POST and (key := _next_key(request, obj)):
            messages.success(request, f"”{obj}” är sparat.")
            return redirect("admin:proposals_proposal_change", key)
        return super().response_change(request, obj)

    def get_urls(self):
        pages = {
            "many/<str:name>/": ("many", steps.many),
            "<int:key>/row/": ("row", rows.row),
            "<int:key>/publish/": ("publish", transitions.publish),
            "<int:key>/return/": ("return", transitions.return_to_submitter),
            "<int:key>/withdraw/": ("withdraw", transitions.withdraw),
            "<int:key>/move/": ("move", transitions.move),
            "<int:key>/edit-link/": ("edit_link", views.edit_link),
            "<int:key>/preview/": ("preview", views.preview),
            "<int:key>/note/": ("note", views.add_note),
            "<int:key>/open/": ("open", views.open_draft),
            "<int:key>/undo/": ("undo", views.undo),
            "<int:one>/compare/<int:other>/": ("compare", views.compare),
            "<int:one>/merge/<int:other>/": ("merge", merging.merge),
        }
        return page_urls(self, pages) + super().get_urls()


def _next_key(request, proposal):
    """The primary key of the proposal after this one in the list that the user came from, or None."""
    listed = request.session.get(LISTED, [])
    after = listed[listed.index(proposal.pk) + 1 :] if proposal.pk in listed else []
    return after[0] if after else None
