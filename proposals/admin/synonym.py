from django.contrib import admin

from proposals.models import MissedQuery, Synonym
from proposals.models.synonym import folded_expressions

MAX_SHOWN = 30


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    list_display = ["expressions"]
    search_fields = ["expressions"]
    filled_by_link = "expressions"

    def changelist_view(self, request, extra_context=None):
        missed = MissedQuery.objects.all()[:MAX_SHOWN]
        return super().changelist_view(request, {**(extra_context or {}), "missed": missed})

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        expressions = folded_expressions(obj.expressions)
        covered = [query.pk for query in MissedQuery.objects.all() if folded_expressions(query.text)[0] in expressions]
        MissedQuery.objects.filter(pk__in=covered).delete()


@admin.register(MissedQuery)
class MissedQueryAdmin(admin.ModelAdmin):
    list_display = ["text", "count", "last_at"]
    list_display_links = None
    actions = ["delete_selected"]
    search_fields = ["text"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
