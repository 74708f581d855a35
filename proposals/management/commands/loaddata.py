from django.core.management.commands import loaddata

from proposals.models import Proposal


class Command(loaddata.Command):
    """Update the search index, because raw saves bypass it."""

    def handle(self, *args, **options):
        super().handle(*args, **options)
        Proposal.objects.unindexed().index()
        Proposal.objects.compare()
