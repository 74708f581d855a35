"""The list of the proposals: how it is filtered, sorted and drawn."""

import re

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import F, Q

from proposals.admin.proposal_list import filters, steps
from proposals.admin.proposal_list.rows import with_marks, with_relations
from proposals.admin.proposal_list.tabs import EMPTY, TabFilter
from proposals.models import Proposal

REFERENCE = re.compile(r"\s*[Ff]-([0-9]{1,9})\s*")
# (index in list_display, with "-" for descending; name) for each order that can be chosen; "" is the usual one
ORDERS = [("", "Väntat längst"), ("1", "Nummer"), ("-4", "Inkommet"), ("2", "Rubrik"), ("3", "Avsändare")]


class ProposalListAdmin(admin.ModelAdmin):
    """The part of ProposalAdmin that lists proposals."""

    list_display = ["shown_number", "shown_title", "region", "arrived"]
    list_display_links = ["shown_title"]
    list_filter = [
        filters.MeetingFilter,
        TabFilter,
        filters.SenderFilter,
        filters.TargetGroupFilter,
        filters.AssignedFilter,
        filters.MissingFieldFilter,
        filters.NearDuplicateFilter,
    ]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["title"]
    search_help_text = "Ord, avsändare, kontaktperson eller F-119"
    actions = [*steps.ACTIONS]

    def get_queryset(self, request):
        """With what a row shows; the page of one proposal gets its own relations when it needs them."""
        proposals = with_marks(super().get_queryset(request))
        is_list = request.resolver_match.url_name == "proposals_proposal_changelist"
        return with_relations(proposals) if is_list else proposals

    def get_ordering(self, request):
        """Those that have waited longest first, then by number."""
        waited = F("waiting_since").asc(nulls_last=True)
        return [waited, "-meeting__date", F("number").asc(nulls_first=True), "-submitted_at", "-pk"]

    def get_search_results(self, request, queryset, search_term):
        """Order by relevance unless the user sorts by a column."""
        if reference := REFERENCE.fullmatch(search_term):
            return queryset.filter(Q(pk=reference[1]) | Q(merged=reference[1])), False
        results = queryset.search(search_term)
        return results.order_by(*queryset.query.order_by) if ORDER_VAR in request.GET else results, False

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", {}).get("cl")
        if changelist:
            response.context_data.update(_list_context(request, changelist))
        return response

    @admin.display(description="nr", ordering="number")
    def shown_number(self, proposal):
        return proposal.number or ""

    @admin.display(description="rubrik", ordering="title")
    def shown_title(self, proposal):
        return proposal.title or "Utan rubrik"

    @admin.display(description="inkommet", ordering="submitted_at")
    def arrived(self, proposal):
        return proposal.submitted_at


def _list_context(request, changelist):
    specs = {type(spec): spec for spec in changelist.filter_specs}
    meeting, tabs = specs[filters.MeetingFilter].meeting, specs[TabFilter]
    proposals = Proposal.objects.filter(meeting=meeting) if meeting else Proposal.objects.all()
    changelist.meeting_proposals = lambda: proposals
    current = changelist.params.get(ORDER_VAR, "")
    hidden, left_out = ("mote", "lage", ORDER_VAR), ["p", ORDER_VAR]
    return {
        "title": "Förslagen",
        "meeting": meeting,
        "tabs": tabs,
        "empty": EMPTY[tabs.tab],
        "selects": [spec for spec in changelist.filter_specs if isinstance(spec, filters.SelectFilter)],
        "is_filtered": any(spec.value() for spec in changelist.filter_specs if isinstance(spec, filters.SelectFilter)),
        "kept_parameters": [(name, request.GET[name]) for name in hidden if request.GET.get(name)],
        "orders": [
            (label, changelist.get_query_string({ORDER_VAR: order} if order else {}, left_out), order == current)
            for order, label in ORDERS
        ],
        "steps": steps.buttons(request),
    }
