"""What the page that asks before deleting tells of, and when it refuses."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst


class KeepingAdmin(admin.ModelAdmin):
    """Refuses to delete what would be missed, and says why."""

    def why_kept(self, request, thing):
        """The sentence that refuses; empty when the thing may be deleted."""
        raise NotImplementedError

    @transaction.atomic
    def delete_view(self, request, object_id, extra_context=None):
        thing = self.get_object(request, unquote(object_id))
        why = thing and self.has_delete_permission(request, thing) and self.why_kept(request, thing)
        if not why:
            return super().delete_view(request, object_id, extra_context)
        messages.error(request, why)
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[thing.pk]))


def says_the_same(typed, title):
    """Whether somebody has typed the title, whatever its spaces and capital letters."""
    return typed.casefold().split() == title.casefold().split()


def without(models, told):
    """Django's get_deleted_objects(), `told`, without the rows of `models`, which nobody has made by hand."""
    deleted, counts, *rest = told
    beginnings = tuple(f"{capfirst(model._meta.verbose_name)}: " for model in models)
    plurals = {model._meta.verbose_name_plural for model in models}
    counts = {name: count for name, count in counts.items() if name not in plurals}
    return _without(deleted, beginnings), counts, *rest


def _without(rows, beginnings):
    """Nested lists of texts without those that begin so."""
    kept = [row for row in rows if isinstance(row, list) or not str(row).startswith(beginnings)]
    return [_without(row, beginnings) if isinstance(row, list) else row for row in kept]
