from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError
from django.utils.crypto import get_random_string

from proposals.models import Meeting, MissedQuery, Proposal, Region, Word
from proposals.models.content_version import install_triggers
from proposals.models.indexed import refresh_statistics

# Random, because a known user name invites guessing passwords
ACCOUNT = "kansli-{}"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without similar ones
MAX_COMPARED = 500  # proposals, to limit the duration


class Command(BaseCommand):
    help = "Bring the database up to date; at the first run load the 28 proposals and make the secretariat's account."

    def handle(self, *args, **options):
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except DatabaseError as error:
            reason = str(error).splitlines()[0]
            raise CommandError(f"The database that DATABASE_URL names can't be used: {reason}") from error
        install_triggers()
        self.load_fixture()
        Proposal.objects.unindexed().index()
        Proposal.objects.compare(most=MAX_COMPARED)
        Word.objects.forget_unused()
        refresh_statistics()
        MissedQuery.objects.forget_the_rarest()
        self.make_account()

    def load_fixture(self):
        """Load the fixture only into an empty database, so that no edits are overwritten."""
        if any(model.objects.exists() for model in (Meeting, Proposal, Region)):
            return
        call_command("loaddata", "forslag_2024", verbosity=0)
        self.stdout.write(f"Loaded {Proposal.objects.count()} proposals.")

    def make_account(self):
        users = get_user_model().objects
        if users.exists():
            return
        name, password = ACCOUNT.format(get_random_string(5, LETTERS)), get_random_string(16)
        users.create_superuser(name, password=password)
        self.stdout.write(f"Made the secretariat's account. User name: {name}  Password: {password}")
        self.stdout.write(f"The password is shown only now; `manage.py changepassword {name}` sets another.")
