from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Count

from proposals.admin.deletion import RestrictedDeletionAdmin

MAX_LISTED = 5


class RelatedToProposalsAdmin(RestrictedDeletionAdmin):
    """Base class for models that proposals refer to. Objects in use can't be deleted."""

    def get_queryset(self, request):
        counted = super().get_queryset(request).annotate(proposal_count=Count("proposals", distinct=True))
        return counted.order_by(*self.opts.ordering)  # Django ignores Meta.ordering in GROUP BY queries

    @admin.display(description="antal förslag", ordering="proposal_count")
    def proposal_count(self, obj):
        return obj.proposal_count

    def deletion_error(self, request, obj):
        titles = [f"”{proposal}”" for proposal in obj.proposals.all()[:MAX_LISTED]]
        if not titles:
            return ""
        if more := obj.proposals.count() - len(titles):
            titles.append(f"{more} till")
        listed = " och ".join(filter(None, [", ".join(titles[:-1]), titles[-1]]))
        return f"{obj} kan inte tas bort, för det används av {listed}."


def hide_delete_button(field):
    """Hide the button that deletes the selected object, which looks as if it removes the selection."""
    if isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget.can_delete_related = False
    return field
