from django.contrib import admin

from proposals.models import MissedQuery, Synonym
from proposals.models.synonym import folded_expressions

MOST_SHOWN = 30


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    """The synonyms, and beside them what people search for and don't find."""

    list_display = ["expressions"]
    search_fields = ["expressions"]
    filled_by_link = "expressions"

    def changelist_view(self, request, extra_context=None):
        missed = MissedQuery.objects.all()[:MOST_SHOWN]
        return super().changelist_view(request, {**(extra_context or {}), "missed": missed})

    def save_model(self, request, obj, form, change):
        """What is a synonym now is missed no more."""
        super().save_model(request, obj, form, change)
        expressions = folded_expressions(obj.expressions)
        covered = [query.pk for query in MissedQuery.objects.all() if folded_expressions(query.text)[0] in expressions]
        MissedQuery.objects.filter(pk__in=covered).delete()


@admin.register(MissedQuery)
class MissedQueryAdmin(admin.ModelAdmin):
    """To look through and to clear; the queries themselves are people's own."""

    list_display = ["text", "count", "last_at"]
    list_display_links = None
    actions = ["delete_selected"]
    search_fields = ["text"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
