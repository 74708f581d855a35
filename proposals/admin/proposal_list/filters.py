"""Which proposals the list shows, beside its tabs."""

from django.contrib import admin

from proposals.admin.menu import menu_of
from proposals.models import MissingField, Region, TargetGroup
from proposals.models.region import NO_REGION


class SelectFilter(admin.SimpleListFilter):
    """A filter that is drawn as a select."""

    template = "admin/proposals/proposal/_filter_select.html"
    all_label = "Alla"

    def choices(self, changelist):
        chosen = self.value()
        yield {"value": "", "display": self.all_label, "selected": chosen is None}
        for value, label in self.lookup_choices:
            yield {"value": value, "display": label, "selected": str(value) == chosen}


class MeetingFilter(admin.SimpleListFilter):
    """The meeting that is chosen in the menu, another one, or `alla`."""

    title = "möte"
    parameter_name = "mote"
    template = "admin/proposals/proposal/_filter_hidden.html"
    ALL = "alla"

    def lookups(self, request, model_admin):
        self.menu = menu_of(request)
        return [(meeting.date.isoformat(), str(meeting)) for meeting in self.menu.meetings] + [(self.ALL, "Alla")]

    @property
    def meeting(self):
        """The Meeting, or None for all."""
        if self.value() == self.ALL:
            return None
        return self.menu.meeting

    def queryset(self, request, queryset):
        return queryset.filter(meeting=self.meeting) if self.meeting else queryset


class SenderFilter(SelectFilter):
    title = "avsändare"
    parameter_name = "avsandare"

    def lookups(self, request, model_admin):
        return [*Region.objects.values_list("slug", "name"), (NO_REGION, "Ej angiven")]

    def queryset(self, request, queryset):
        return queryset.from_regions([self.value()]) if self.value() else queryset


class TargetGroupFilter(SelectFilter):
    title = "målgrupp"
    parameter_name = "malgrupp"

    def lookups(self, request, model_admin):
        return list(TargetGroup.objects.values_list("slug", "name"))

    def queryset(self, request, queryset):
        return queryset.for_target_groups([self.value()]) if self.value() else queryset


class AssignedFilter(SelectFilter):
    title = "ansvarig"
    parameter_name = "ansvarig"

    def lookups(self, request, model_admin):
        return [("jag", "Jag"), ("ingen", "Ingen")]

    def queryset(self, request, queryset):
        wanted = {"jag": request.user.pk, "ingen": None}
        return queryset.filter(assigned_to=wanted[self.value()]) if self.value() in wanted else queryset


class MissingFieldFilter(SelectFilter):
    title = "saknar"
    parameter_name = "saknar"
    all_label = "Spelar ingen roll"

    def lookups(self, request, model_admin):
        return [(missing.value, missing.label.capitalize()) for missing in MissingField]

    def queryset(self, request, queryset):
        return queryset.lacking(MissingField(self.value())) if self.value() in MissingField.values else queryset


class NearDuplicateFilter(SelectFilter):
    title = "nästan lika"
    parameter_name = "nastan-lika"
    all_label = "Spelar ingen roll"

    def lookups(self, request, model_admin):
        return [("ja", "Har ett nästan likadant")]

    def queryset(self, request, queryset):
        return queryset.nearly_the_same() if self.value() else queryset
