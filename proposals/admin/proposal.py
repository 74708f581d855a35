import re

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ORDER_VAR
from django.db import transaction
from django.db.models import F
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join, linebreaks
from django.utils.safestring import mark_safe

from proposals import sections, workflow
from proposals.admin import proposal_views, transitions
from proposals.admin.contact_rows import ContactInline
from proposals.admin.deletion import hide_models
from proposals.admin.pages import page_urls
from proposals.admin.proposal_filters import MissingFieldFilter, NearDuplicateFilter, WaitingFilter
from proposals.admin.proposal_form import ProposalAdminForm
from proposals.admin.proposal_history import ProposalHistoryAdmin
from proposals.admin.related import hide_delete_button
from proposals.models import LinkKey, Posting, Proposal, Similarity
from proposals.workflow.recording import recorded_change

DERIVED = (Posting, Similarity, LinkKey)


def _without_names(fields, names):
    remaining = [
        tuple(name for name in field if name not in names) if isinstance(field, tuple) else field for field in fields
    ]
    return [field for field in remaining if field and field not in names]


@admin.register(Proposal)
class ProposalAdmin(ProposalHistoryAdmin):
    form = ProposalAdminForm
    inlines = [ContactInline]
    list_display = ["shown_number", "shown_title", "region", "status", "missing", "meeting_date", "near_duplicates"]
    list_display_links = ["shown_title"]
    list_filter = [
        "meeting",
        "status",
        WaitingFilter,
        MissingFieldFilter,
        NearDuplicateFilter,
        "region",
        "target_groups",
    ]
    list_per_page = 60
    search_fields = ["title"]
    search_help_text = "Sök i rubrik, text, avsändare och kontaktpersoner, eller på en referens som F-12."
    actions = ["publish", "withdraw"]
    readonly_fields = [
        "number",
        "status",
        "reference",
        "submitted_at",
        "published_at",
        "requested_changes",
        "draft_values",
    ]
    fieldsets = [
        (None, {"fields": [("number", "status", "reference"), "meeting", "title", "region", "opened"]}),
        ("Innehåll", {"fields": sections.names_in(sections.CONTENT)}),
        ("Målgrupp", {"fields": ["target_groups", *sections.names_in(sections.TARGET_GROUP)]}),
        (
            "Förslagsställare",
            {
                "fields": [
                    *("submitter_name", "submitter_email", ("submitted_at", "published_at")),
                    *("open_until", "requested_changes", "draft_values"),
                ]
            },
        ),
    ]

    # The list

    def get_queryset(self, request):
        return super().get_queryset(request).with_sender_and_meeting().with_missing_fields().with_near_duplicates()

    def get_ordering(self, request):
        """List proposals without number first within a meeting."""
        return ["-meeting__date", F("number").asc(nulls_first=True), "-submitted_at", "-pk"]

    def get_search_results(self, request, queryset, search_term):
        """Order by relevance unless the user sorts by a column."""
        if reference := re.fullmatch(r"\s*[Ff]-([0-9]{1,9})\s*", search_term):
            return queryset.filter(pk=reference[1]), False
        results = queryset.search(search_term)
        return results.order_by(*queryset.query.order_by) if ORDER_VAR in request.GET else results, False

    @admin.display(description="nr", ordering="number")
    def shown_number(self, proposal):
        return proposal.number or ""

    @admin.display(description="rubrik", ordering="title")
    def shown_title(self, proposal):
        return proposal.title or "Utan rubrik"

    @admin.display(description="möte", ordering="meeting__date")
    def meeting_date(self, proposal):
        return date_format(proposal.meeting.date, "SHORT_DATE_FORMAT")

    @admin.display(description="saknar")
    def missing(self, proposal):
        return ", ".join(missing.label for missing in proposal.missing_fields)

    @admin.display(description="nästan lika", empty_value="")
    def near_duplicates(self, proposal):
        links = [
            (reverse("admin:proposals_proposal_compare", args=[proposal.pk, row.other_id]), row.other.number or "nytt")
            for row in proposal.near_duplicates
        ]
        return format_html_join(", ", '<a href="{}">≈ {}</a>', links)

    # The form

    @admin.display(description="referens")
    def reference(self, proposal):
        return proposal.reference if proposal.pk else "–"

    @admin.display(description="ni har bett om")
    def requested_changes(self, proposal):
        return mark_safe(linebreaks(proposal.return_message, autoescape=True))  # noqa: S308 (linebreaks escapes it)

    @admin.display(description="påbörjat i formuläret")
    def draft_values(self, proposal):
        """Values of a draft that aren't valid yet, such as contact rows or a title that is too long."""
        values = dict(proposal.draft_data)
        rows = [", ".join(filter(None, row.values())) for row in values.pop("contacts", [])]
        return format_html_join("", "<p>{}</p>", [[text] for text in [*values.values(), *rows] if text])

    def get_fieldsets(self, request, obj=None):
        empty = {"requested_changes"} if not (obj and obj.return_message) else set()
        empty |= {"draft_values"} if not (obj and obj.draft_data) else set()
        empty |= {"reference"} if not obj else set()
        return [(name, {**rest, "fields": _without_names(rest["fields"], empty)}) for name, rest in self.fieldsets]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return hide_delete_button(super().formfield_for_dbfield(db_field, request, **kwargs))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """Lock the row when saving, so that the version check is reliable."""
        proposal = super().get_object(request, object_id, from_field)
        if proposal and request.method == "POST":
            Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
            proposal.refresh_from_db()
        return proposal

    def view_on_site(self, proposal):
        return proposal.get_absolute_url() if proposal.is_published else None

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
        if form.move_to:
            moved = workflow.move(proposal, form.move_to)
            messages.success(request, f"”{moved}” hör nu till {moved.meeting}.")

    def response_change(self, request, obj):
        for button in transitions.transition_buttons(obj):
            if f"_{button.name}" in request.POST:
                if button.asks_first:
                    return redirect(f"admin:proposals_proposal_{button.name}", obj.pk)
                transitions.perform_transition(request, button.name, obj)
                obj.refresh_from_db()
                break
        return super().response_change(request, obj)

    def change_view(self, request, object_id, *args, **kwargs):
        """Mark the proposal as seen if the user may change it."""
        response = super().change_view(request, object_id, *args, **kwargs)
        if request.method == "GET" and response.status_code == 200 and self.has_change_permission(request):
            Proposal.objects.filter(pk=object_id).mark_seen()
        return response

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["near_duplicates"] = self.near_duplicates(obj) if obj else ""
        may_change = obj and self.has_change_permission(request, obj)
        context["transition_buttons"] = list(transitions.transition_buttons(obj)) if may_change else []
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_urls(self):
        views = {
            "<int:key>/return/": ("return", transitions.return_to_submitter),
            "<int:key>/withdraw/": ("withdraw", transitions.withdraw),
            "<int:key>/edit-link/": ("edit_link", proposal_views.edit_link),
            "<int:key>/preview/": ("preview", proposal_views.preview),
            "<int:one>/compare/<int:other>/": ("compare", proposal_views.compare),
        }
        return page_urls(self, views) + super().get_urls()

    # Actions

    @admin.action(description="Publicera valda förslag", permissions=["change"])
    def publish(self, request, queryset):
        for proposal in queryset.in_order():
            transitions.perform_transition(request, "publish", proposal)

    @admin.action(description="Återta valda förslag", permissions=["change"])
    def withdraw(self, request, queryset):
        for proposal in queryset.order_by("number", "pk"):
            transitions.perform_transition(request, "withdraw", proposal)
