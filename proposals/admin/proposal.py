from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

from proposals import workflow
from proposals.admin.contact_rows import ContactInline
from proposals.admin.history import HistoryAdmin
from proposals.admin.register import without_deletion
from proposals.forms import FIELD_CLASSES, refuse_rather_than_cut
from proposals.models import Gap, Likeness, Occurrence, Proposal, Status
from proposals.search.marks import marked
from proposals.search.similar import shared_spots

DERIVED = (Occurrence, Likeness)


class GapFilter(admin.SimpleListFilter):
    """The proposals that lack something, to complete them before the meeting."""

    title = "saknar"
    parameter_name = "saknar"

    def lookups(self, request, model_admin):
        return Gap.choices

    def queryset(self, request, queryset):
        return queryset.lacking(Gap(self.value())) if self.value() in Gap.values else queryset


class NearDuplicateFilter(admin.SimpleListFilter):
    """The proposals that are nearly the same as another, to find what was sent in twice."""

    title = "nästan lika"
    parameter_name = "nastan-lika"

    def lookups(self, request, model_admin):
        return [("ja", "Har ett nästan likadant")]

    def queryset(self, request, queryset):
        return queryset.nearly_the_same() if self.value() else queryset


class ProposalAdminForm(forms.ModelForm):
    """A proposal as the secretariat edits it, with a check that nobody else has saved it in the meantime."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Proposal
        fields = "__all__"  # noqa: DJ007 (the admin's fieldsets say which)
        widgets = {"title": AdminTextInputWidget(attrs={"class": "vLargeTextField"})}
        field_classes = FIELD_CLASSES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            refuse_rather_than_cut(field)
        self.move_to = None
        saved_at = self.instance.updated_at
        self.version = saved_at.isoformat() if saved_at else ""
        self.initial["opened"] = self.version

    def clean_meeting(self):
        """A change of meeting is a step, taken by the workflow when the rest is saved."""
        wanted = self.cleaned_data["meeting"]
        if self.instance.pk and wanted != self.instance.meeting:
            self.move_to = wanted
            return self.instance.meeting
        return wanted

    def clean_opened(self):
        """Refuse to overwrite somebody else's newer edit unseen; saving once more, having seen it, goes through."""
        if self.instance.pk and self.cleaned_data["opened"] != self.version:
            self.data = self.data.copy()
            self.data["opened"] = self.version
            self.add_error(None, _changed_meanwhile(self.instance))
        return self.cleaned_data["opened"]


def _without(rows, beginnings):
    """Nested lists of texts without those that begin so."""
    kept = [row for row in rows if isinstance(row, list) or not str(row).startswith(beginnings)]
    return [_without(row, beginnings) if isinstance(row, list) else row for row in kept]


def _side_by_side(pair, name):
    """(proposal, what it says in the field) for two, as safe HTML with what stands anywhere in the other marked."""
    texts = [getattr(proposal, name) for proposal in pair]
    whole = ["\n".join(getattr(proposal, field) for field in ("title", *Proposal.TEXTS)) for proposal in pair]
    marks = [marked(text, shared_spots(text, other)) for text, other in zip(texts, reversed(whole), strict=True)]
    return list(zip(pair, marks, strict=True))


def _changed_meanwhile(proposal):
    latest = proposal.history.select_related("history_user").first()
    who = latest.history_user if latest and latest.history_user else "Någon annan"
    return format_html(
        "{} ändrade förslaget {} kl. {}, efter att du öppnade det. Din text är inte sparad men finns kvar här. "
        '<a href="{}" target="_blank" rel="noopener">Öppna den sparade versionen i en ny flik</a>, jämför och för över '
        "det som ska vara med. Spara sedan igen, så gäller det som står här.",
        who,
        date_format(timezone.localtime(proposal.updated_at)),
        date_format(timezone.localtime(proposal.updated_at), "H.i"),
        reverse("admin:proposals_proposal_change", args=[proposal.pk]),
    )


@admin.register(Proposal)
class ProposalAdmin(HistoryAdmin):
    form = ProposalAdminForm
    inlines = [ContactInline]
    list_display = ["shown_number", "title", "region", "status", "missing", "meeting_date", "near_duplicates"]
    list_display_links = ["title"]
    list_filter = ["meeting", "status", GapFilter, NearDuplicateFilter, "region", "target_groups"]
    list_select_related = ["region", "meeting"]
    list_per_page = 60
    search_fields = ["title"]
    search_help_text = "Sök i rubrik, text, avsändare och kontaktpersoner."
    actions = ["publish", "withdraw"]
    readonly_fields = ["number", "status", "submitted_at", "published_at"]
    fieldsets = [
        (None, {"fields": [("number", "status"), "meeting", "title", "region", "opened"]}),
        ("Innehåll", {"fields": ["background", "purpose", "expected_result"]}),
        ("Målgrupp", {"fields": ["target_groups", "target_group_text"]}),
        (
            "Förslagsställare",
            {"fields": ["submitter_name", "submitter_email", ("submitted_at", "published_at")]},
        ),
    ]

    # The list

    def get_queryset(self, request):
        return super().get_queryset(request).with_gaps().with_near_duplicates()

    def get_ordering(self, request):
        """What has no number yet first: it waits for the secretariat."""
        return ["-meeting__date", F("number").asc(nulls_first=True), "-submitted_at", "-pk"]

    def get_search_results(self, request, queryset, search_term):
        """The best match first, unless a column is chosen to sort by."""
        found = queryset.search(search_term)
        return found.order_by(*queryset.query.order_by) if ORDER_VAR in request.GET else found, False

    @admin.display(description="nr", ordering="number")
    def shown_number(self, proposal):
        return proposal.number or ""

    @admin.display(description="möte", ordering="meeting__date")
    def meeting_date(self, proposal):
        return date_format(proposal.meeting.date, "SHORT_DATE_FORMAT")

    @admin.display(description="saknar")
    def missing(self, proposal):
        return ", ".join(gap.label for gap in proposal.gaps)

    @admin.display(description="nästan lika", empty_value="")
    def near_duplicates(self, proposal):
        """Links to a page that shows both side by side."""
        links = [
            (reverse("admin:proposals_proposal_compare", args=[proposal.pk, row.other_id]), row.other.number or "nytt")
            for row in proposal.near_duplicates
        ]
        return format_html_join(", ", '<a href="{}">≈ {}</a>', links)

    # The form

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return without_deletion(super().formfield_for_dbfield(db_field, request, **kwargs))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """When saving, hold the row until the transaction ends, so that the check for newer edits can be relied on."""
        proposal = super().get_object(request, object_id, from_field)
        if proposal and request.method == "POST":
            Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
            proposal.refresh_from_db()
        return proposal

    def view_on_site(self, proposal):
        return proposal.get_absolute_url() if proposal.is_published else None

    def has_delete_permission(self, request, obj=None):
        """A proposal that has had a number is withdrawn, never deleted: its address is out in the world."""
        return super().has_delete_permission(request, obj) and not (obj and obj.number)

    def get_deleted_objects(self, objs, request):
        """What goes with a proposal, without what is only derived from it and nobody has made."""
        deleted, counts, *rest = super().get_deleted_objects(objs, request)
        names = tuple(f"{capfirst(model._meta.verbose_name)}: " for model in DERIVED)
        plurals = {model._meta.verbose_name_plural for model in DERIVED}
        counts = {name: count for name, count in counts.items() if name not in plurals}
        return _without(deleted, names), counts, *rest

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    # Saving

    def save_model(self, request, obj, form, change):
        """Left to save_related, which saves the proposal together with its groups and contacts."""

    def save_related(self, request, form, formsets, change):
        proposal = form.instance
        if not change:
            workflow.register(proposal)
        with proposal.one_snapshot():
            super().save_model(request, proposal, form, change)
            super().save_related(request, form, formsets, change)
        if form.move_to:
            moved = workflow.move(proposal, form.move_to)
            messages.success(request, f"”{moved}” hör nu till {moved.meeting}.")

    def response_change(self, request, obj):
        if "_publish" in request.POST:
            self._take(request, workflow.publish, obj, "är publicerat")
            obj.refresh_from_db()
        return super().response_change(request, obj)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        may_change = self.has_change_permission(request, obj)
        context["near_duplicates"] = self.near_duplicates(obj) if obj else ""
        context["may_publish"] = obj is not None and may_change and obj.may_become(Status.PUBLISHED)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # History

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """An old version to read: what the proposal said then, with the groups and contacts that it had then."""
        if not (object_id.isdecimal() and version_id.isdecimal()):
            raise Http404
        version = get_object_or_404(Proposal.history, id=object_id, history_id=version_id)
        if not self.has_view_history_permission(request, version.instance):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"Tidigare version: {version.instance}",
            "opts": self.opts,
            "version": version,
            "contacts": sorted(version.contacts.all(), key=lambda row: row.position),
        }
        return render(request, "admin/proposals/proposal/version.html", context)

    # Near-duplicates

    def get_urls(self):
        compare = self.admin_site.admin_view(self.compare_view)
        return [path("<int:one>/compare/<int:other>/", compare, name="proposals_proposal_compare"), *super().get_urls()]

    def compare_view(self, request, one, other):
        """Two proposals side by side, with the passages that both have marked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pair = [get_object_or_404(Proposal.objects.with_sender_and_meeting(), pk=key) for key in (one, other)]
        context = {
            **self.admin_site.each_context(request),
            "title": "Två förslag bredvid varandra",
            "opts": self.opts,
            "pair": pair,
            "sections": [
                (Proposal._meta.get_field(name).verbose_name, _side_by_side(pair, name))
                for name in ("title", *Proposal.TEXTS)
                if any(getattr(proposal, name) for proposal in pair)
            ],
        }
        return render(request, "admin/proposals/proposal/compare.html", context)

    # Steps

    @admin.action(description="Publicera valda förslag", permissions=["change"])
    def publish(self, request, queryset):
        for proposal in queryset.order_by("submitted_at", "pk"):
            self._take(request, workflow.publish, proposal, "är publicerat")

    @admin.action(description="Återta valda förslag", permissions=["change"])
    def withdraw(self, request, queryset):
        for proposal in queryset.order_by("number", "pk"):
            self._take(request, workflow.withdraw, proposal, "är återtaget")

    def _take(self, request, step, proposal, outcome):
        """Take one step and tell how it went."""
        try:
            messages.success(request, f"”{step(proposal)}” {outcome}.")
        except workflow.StepNotAllowed as error:
            messages.warning(request, str(error))
