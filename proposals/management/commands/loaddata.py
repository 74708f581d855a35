from django.core.management.commands import loaddata

from proposals.models import Proposal


class Command(loaddata.Command):
    """Django's own, which writes rows past everything that keeps the search's index; so the index is made here."""

    def handle(self, *args, **options):
        super().handle(*args, **options)
        Proposal.objects.unindexed().index()
        Proposal.objects.compare()
