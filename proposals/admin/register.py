from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Count

from proposals.admin.deletion import KeepingAdmin

NAMED = 5


class RegisterAdmin(KeepingAdmin):
    """A register that proposals refer to. What a proposal uses isn't deleted, and the reader is told which one does."""

    def get_queryset(self, request):
        counted = super().get_queryset(request).annotate(proposal_count=Count("proposals", distinct=True))
        return counted.order_by(*self.opts.ordering)  # Django drops Meta.ordering from a query that counts

    @admin.display(description="antal förslag", ordering="proposal_count")
    def proposal_count(self, thing):
        return thing.proposal_count

    def why_kept(self, request, thing):
        return in_use(thing) if thing.proposals.exists() else ""


def without_deletion(field):
    """The field without the button that deletes what is chosen: people take it for "remove from here"."""
    if isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget.can_delete_related = False
    return field


def in_use(thing):
    """The sentence that refuses to delete `thing`: which proposals use it."""
    titles = [f"”{proposal}”" for proposal in thing.proposals.all()[:NAMED]]
    more = thing.proposals.count() - len(titles)
    if more:
        titles.append(f"{more} till")
    listed = " och ".join(filter(None, [", ".join(titles[:-1]), titles[-1]]))
    return f"{thing} kan inte tas bort, för det används av {listed}."
