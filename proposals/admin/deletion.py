"""Restrict the deletion of objects and list what is deleted with them."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst


class RestrictedDeletionAdmin(admin.ModelAdmin):
    def deletion_error(self, request, obj):
        """Return a message if the object must not be deleted, else ""."""
        raise NotImplementedError

    @transaction.atomic
    def delete_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        error = obj and self.has_delete_permission(request, obj) and self.deletion_error(request, obj)
        if not error:
            return super().delete_view(request, object_id, extra_context)
        messages.error(request, error)
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk]))


def hide_models(models, deleted_objects):
    """Remove the rows of `models` from the return value of ModelAdmin.get_deleted_objects()."""
    rows, counts, *rest = deleted_objects
    prefixes = tuple(f"{capfirst(model._meta.verbose_name)}: " for model in models)
    plurals = {model._meta.verbose_name_plural for model in models}
    counts = {name: count for name, count in counts.items() if name not in plurals}
    return _hide_rows(rows, prefixes), counts, *rest


def _hide_rows(rows, prefixes):
    visible = [row for row in rows if isinstance(row, list) or not str(row).startswith(prefixes)]
    return [_hide_rows(row, prefixes) if isinstance(row, list) else row for row in visible]
