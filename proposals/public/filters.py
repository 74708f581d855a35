"""Which proposals the list shows: those that the parameters of its address leave."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone
from django_filters import Filter, FilterSet

from proposals.models import FormerDate, Region, TargetGroup
from proposals.models.collation import Alphabetical
from proposals.models.region import NO_REGION, by_place
from proposals.page_cache.fragments import get_or_set
from proposals.public.list_form import ALL_MEETINGS, ListForm, Order

UNNAMED_SENDER = "Ej angiven"
ORDER_BY = {
    Order.NUMBER: ["-meeting__date", "number"],
    Order.TITLE: [Alphabetical("title"), "-meeting__date", "number"],
    Order.SENDER: [by_place("region__name").asc(nulls_last=True), "-meeting__date", "number"],
}


@dataclass(frozen=True)
class ListedMeeting:
    """`total` is how many proposals the meeting has, whatever narrows the list."""

    pk: int
    title: str
    date: date
    total: int

    @property
    def is_over(self):
        return self.date < timezone.localdate()


class ProposalFilter(FilterSet):
    """The proposals of one meeting, the latest unless the address says otherwise; of all with `mote=alla`.

    A meeting or order that doesn't exist counts as not asked for, a region or target group as one without proposals.
    """

    mote = Filter(field_name="meeting")
    region = Filter(method="filter_regions")
    malgrupp = Filter(method="filter_target_groups")
    q = Filter(method="filter_matches")

    def get_form_class(self):
        return ListForm

    @property
    def asked(self):
        return self.form.asked

    def address(self, **changes):
        return self.form.address(**changes)

    @property
    def is_narrowed(self):
        """Whether anything but the meeting narrows the list."""
        return any(self.asked.get(name) for name in self.filters if name != "mote")

    @property
    def in_words(self):
        lines = [f"Sökord: {self.asked['q']}"] if self.asked.get("q") else []
        for name, model in (("region", Region), ("malgrupp", TargetGroup)):
            if slugs := self.asked.get(name):
                names = dict(model.objects.filter(slug__in=slugs).values_list("slug", "name"))
                names |= {NO_REGION: UNNAMED_SENDER} if model is Region else {}
                lines.append(f"{ListForm.base_fields[name].label}: {', '.join(names.get(s, s) for s in slugs)}")
        if self.is_cut:
            lines.append(f"De {len(self.listed_result.hits)} senaste av dem som sökningen ger")
        return lines

    # The meeting and the order

    @cached_property
    def counts(self):
        """Rows of (meeting, senders, title, date, total, count), see `counts_by_meeting_and_senders`.

        `count` is what all filters but meeting and sender leave of the `total`.
        """
        return self.read(self._read_counts, without=("mote", "region"))

    def _read_counts(self, narrowed):
        return self.queryset.counts_by_meeting_and_senders(narrowed)

    @cached_property
    def meetings(self):
        about, totals = {}, {}
        for key, _, title, day, total, _ in self.counts:
            about[key] = (title, day)
            totals[key] = totals.get(key, 0) + total
        meetings = [ListedMeeting(key, *about[key], totals[key]) for key in about]
        return sorted(meetings, key=lambda meeting: meeting.date, reverse=True)

    @cached_property
    def meeting(self):
        """The meeting whose proposals are listed; None for all of them, or when there is none."""
        if self.asked.get("mote") == ALL_MEETINGS or not self.meetings:
            return None
        return self._meeting_asked_for or self.meetings[0]

    @cached_property
    def _meeting_asked_for(self):
        asked = self.asked.get("mote")
        if asked in (None, ALL_MEETINGS):
            return None
        by_date = [meeting for meeting in self.meetings if str(meeting.date) == asked]
        if not by_date:
            moved = set(FormerDate.objects.filter(date=asked).values_list("meeting", flat=True))
            by_date = [meeting for meeting in self.meetings if meeting.pk in moved]
        return next(iter(by_date), None)

    @property
    def odd_values(self):
        """Values of the address that make no sense or name no meeting."""
        names_no_meeting = self.meeting and self.asked.get("mote") and not self._meeting_asked_for
        return [*self.form.odd_values, *([self.asked["mote"]] if names_no_meeting else [])]

    @property
    def orders(self):
        return [order for order in Order if order != Order.RELEVANCE or self.result]

    @property
    def order(self):
        asked = self.asked.get("sortera")
        return Order(asked) if asked in self.orders else self.orders[0]

    # Narrowing

    def filter_queryset(self, queryset):
        found = self.narrowed()
        return found if self.order == Order.RELEVANCE else found.order_by(*ORDER_BY[self.order])

    def narrowed(self, without=()):
        """The proposals that all filters but those named in `without` leave, the best match first."""
        found = self.queryset.order_by()
        for name, value in self._in_force(without).items():
            found = self.filters[name].filter(found, value)
        return found

    def read(self, read, without):
        """What `read(proposals)` gives for those that all filters but `without` leave; for None when that is none.

        Cached under the values of those filters, because different lists have the same counts beside them.
        """
        in_force = self._in_force(without)
        key = (read.__name__, self._unfiltered, in_force)
        return get_or_set(self.request, key, lambda: read(self.narrowed(without) if in_force else None))

    def _in_force(self, without=()):
        values = ((name, self._value(name)) for name in self.filters if name not in without)
        return {name: value for name, value in values if value}

    def _value(self, name):
        if name == "mote":
            return self.meeting and self.meeting.pk
        return self.asked.get(name)

    def filter_regions(self, queryset, name, slugs):
        return queryset.from_regions(slugs)

    def filter_target_groups(self, queryset, name, slugs):
        return queryset.for_target_groups(slugs)

    def filter_matches(self, queryset, name, query):
        return queryset.found(self._result_among(queryset))

    # The search

    @cached_property
    def result(self):
        """What the search finds among all proposals, whatever else narrows the list; None without one."""
        return self.queryset.find(self.asked["q"]) if self.asked.get("q") else None

    @cached_property
    def listed_result(self):
        return self.result and self._result_among(self.narrowed(without=("q",)))

    def _result_among(self, queryset):
        """A search whose result was cut is made again among what the other filters leave."""
        if not self.result.is_cut:
            return self.result
        sql = str(queryset.query)
        if sql not in self._results:
            self._results[sql] = queryset.refine(self.result)
        return self._results[sql]

    @cached_property
    def _results(self):
        return {self._unfiltered: self.result}

    @cached_property
    def _unfiltered(self):
        """The SQL of the queryset, so that nothing is shared between readers who may see different proposals."""
        return str(self.queryset.order_by().query)

    @property
    def is_cut(self):
        return bool(self.result and self.listed_result.is_cut)

    @property
    def finds_nothing(self):
        return bool(self.result and self.result.query and not self.result.hits)
