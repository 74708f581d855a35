"""What a page that asks before deleting tells of."""

from django.utils.text import capfirst


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
