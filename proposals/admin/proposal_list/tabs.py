"""The tabs above the list: where proposals stand, and what waits for whom."""

from django.contrib import admin
from django.db.models import Count, Q, TextChoices

from proposals.models import MissingField, Proposal, Status


class Tab(TextChoices):
    ALL = "alla", "Alla"
    NEW = "nya", "Nya"
    REVISED = "andrade", "Ändrade"
    INCOMPLETE = "saknar", "Saknar något"
    RETURNED = "hos", "Hos förslagsställaren"
    TO_PUBLISH = "att-publicera", "Att publicera"
    PUBLISHED = "publicerade", "Publicerade"
    DRAFTS = "utkast", "Utkast"
    WITHDRAWN = "atertagna", "Återtagna"

    def of(self, proposals):
        """Return those of the queryset that the tab shows."""
        if self is Tab.INCOMPLETE:
            return proposals.sent_in().lacking_any(MissingField)
        statuses = {
            Tab.ALL: Status.sent_in(),
            Tab.RETURNED: [Status.RETURNED],
            Tab.TO_PUBLISH: [Status.SUBMITTED],
            Tab.PUBLISHED: [Status.PUBLISHED],
            Tab.DRAFTS: [Status.DRAFT],
            Tab.WITHDRAWN: [Status.WITHDRAWN],
        }
        if self in statuses:
            return proposals.filter(status__in=statuses[self])
        return proposals.new() if self is Tab.NEW else proposals.revised()


# What the list says when a tab is empty
EMPTY = {
    Tab.ALL: ("Inga förslag", "Här står det som medlemmarna har skickat in."),
    Tab.NEW: ("Inga nya förslag", "Här står förslag som ingen på kansliet har öppnat än."),
    Tab.REVISED: ("Inga ändrade förslag", "Här står förslag som förslagsställaren har ändrat sedan ni tittade."),
    Tab.INCOMPLETE: ("Ingenting saknas", "Här står förslag utan avsändare, målgrupp, syfte eller mejladress."),
    Tab.RETURNED: ("Inga hos förslagsställaren", "Här står förslag som ni har skickat tillbaka för komplettering."),
    Tab.TO_PUBLISH: ("Inget att publicera", "Här står inskickade förslag som inte är publicerade än."),
    Tab.PUBLISHED: ("Inga publicerade förslag", "Här står förslag som alla kan läsa."),
    Tab.DRAFTS: ("Inga utkast", "Här står förslag som medlemmar har sparat, men inte skickat in."),
    Tab.WITHDRAWN: ("Inga återtagna förslag", "Här står förslag som har dragits tillbaka. Texten finns kvar."),
}


class TabFilter(admin.SimpleListFilter):
    """Which tab is shown; without any it is all that was sent in, and with a search whatever is found."""

    title = "läge"
    parameter_name = "lage"
    template = "admin/proposals/proposal/_tabs.html"

    def lookups(self, request, model_admin):
        return Tab.choices

    @property
    def tab(self):
        return Tab(self.value()) if self.value() in Tab.values else Tab.ALL

    def queryset(self, request, queryset):
        finds_more = self.value() is None and request.GET.get("q")
        return queryset if finds_more else self.tab.of(queryset)

    def choices(self, changelist):
        counts = counts_by_tab(changelist.meeting_proposals())
        for tab in Tab:
            query = changelist.get_query_string({self.parameter_name: tab.value}, ["p", "q"])
            yield {
                "display": tab.label,
                "count": counts[tab.name],
                "selected": tab is self.tab,
                "query_string": query,
                "is_rare": tab is Tab.WITHDRAWN and not counts[tab.name],
            }


def counts_by_tab(proposals):
    """{name of the tab: how many}, in one query."""
    keys = {tab.name: tab.of(Proposal.objects.order_by()).values("pk") for tab in Tab}
    return proposals.order_by().aggregate(**{name: Count("pk", filter=Q(pk__in=found)) for name, found in keys.items()})
