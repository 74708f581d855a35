from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Count
from django.shortcuts import redirect
from django.urls import reverse

NAMED = 5


class RegisterAdmin(admin.ModelAdmin):
    """A register that proposals refer to. What a proposal uses isn't deleted, and the reader is told which one does."""

    def get_queryset(self, request):
        counted = super().get_queryset(request).annotate(proposal_count=Count("proposals", distinct=True))
        return counted.order_by(*self.opts.ordering)  # Django drops Meta.ordering from a query that counts

    @admin.display(description="antal förslag", ordering="proposal_count")
    def proposal_count(self, thing):
        return thing.proposal_count

    def get_actions(self, request):
        """One at a time, so that each refusal can name its proposals."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_view(self, request, object_id, extra_context=None):
        thing = self.get_object(request, unquote(object_id))
        if thing is None or not self.has_delete_permission(request, thing) or not thing.proposals.exists():
            return super().delete_view(request, object_id, extra_context)
        messages.error(request, in_use(thing))
        return redirect(reverse(f"admin:proposals_{self.opts.model_name}_change", args=[thing.pk]))


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
