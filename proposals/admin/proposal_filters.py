from django.contrib import admin

from proposals.models import MissingField


class WaitingFilter(admin.SimpleListFilter):
    title = "väntar på er"
    parameter_name = "vantar"

    def lookups(self, request, model_admin):
        return [("nya", "Nya"), ("andrade", "Ändrade sedan ni tittade")]

    def queryset(self, request, queryset):
        return {"nya": queryset.new, "andrade": queryset.revised}.get(self.value(), queryset.all)()


class MissingFieldFilter(admin.SimpleListFilter):
    title = "saknar"
    parameter_name = "saknar"

    def lookups(self, request, model_admin):
        return MissingField.choices

    def queryset(self, request, queryset):
        return queryset.lacking(MissingField(self.value())) if self.value() in MissingField.values else queryset


class NearDuplicateFilter(admin.SimpleListFilter):
    title = "nästan lika"
    parameter_name = "nastan-lika"

    def lookups(self, request, model_admin):
        return [("ja", "Har ett nästan likadant")]

    def queryset(self, request, queryset):
        return queryset.nearly_the_same() if self.value() else queryset
