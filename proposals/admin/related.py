from itertools import chain

from django.contrib import admin
from django.db.models import Count

from proposals.admin.deletion import RestrictedDeletionAdmin
from proposals.enumeration import enumerate_names

MAX_LISTED = 5


class RelatedToProposalsAdmin(RestrictedDeletionAdmin):
    """Base class for models that proposals refer to. Objects in use can't be deleted."""

    relations = ("proposals",)

    def get_queryset(self, request):
        count = sum(Count(relation, distinct=True) for relation in self.relations)
        counted = super().get_queryset(request).annotate(proposal_count=count)
        return counted.order_by(*self.opts.ordering)  # Django ignores Meta.ordering in GROUP BY queries

    @admin.display(description="antal förslag", ordering="proposal_count")
    def proposal_count(self, obj):
        return obj.proposal_count

    def deletion_error(self, request, obj):
        proposals = list(dict.fromkeys(chain(*(getattr(obj, relation).all() for relation in self.relations))))
        if not proposals:
            return ""
        titles = [f"”{proposal}”" for proposal in proposals[:MAX_LISTED]]
        if more := len(proposals) - len(titles):
            titles.append(f"{more} till")
        return f"{obj} kan inte tas bort, för det används av {enumerate_names(titles)}."
