from django.core.management import BaseCommand

from proposals.models import Proposal, Word
from proposals.models.indexed import refresh_statistics


class Command(BaseCommand):
    help = "Make the search's index of all proposals anew, as after rows were changed in the database by hand."

    def handle(self, *args, **options):
        Proposal.objects.all().forget_index()
        Proposal.objects.all().index()
        Proposal.objects.compare()
        Word.objects.forget_unused()
        refresh_statistics()
        self.stdout.write(f"Indexed {Proposal.objects.count()} proposals.")
