from datetime import datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone
from django.utils.crypto import get_random_string

from proposals.models import Meeting, MissedQuery, Proposal, Region, Word
from proposals.models.content_version import install_triggers
from proposals.models.indexed import refresh_statistics
from proposals.models.meeting import EXAMPLE_INTRODUCTION

# Random, because a known user name invites guessing passwords
ACCOUNT = "kansli-{}"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without similar ones
AHEAD, CLOSED_BEFORE = timedelta(weeks=9), timedelta(weeks=2)  # of the example: from today, and its last day
MAX_COMPARED = 500  # proposals, to limit the duration


class Command(BaseCommand):
    help = "Bring the database up to date; at the first run load the 28 proposals and make the secretariat's account."

    def handle(self, *args, **options):
        try:
            self.prepare()
        except DatabaseError as error:
            reason = str(error).splitlines()[0]
            raise CommandError(f"The database that DATABASE_URL names can't be used: {reason}") from error

    def prepare(self):
        call_command("migrate", verbosity=0, interactive=False)
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
        call_command("loaddata", "forslag_2024", "synonymer", verbosity=0)
        self.stdout.write(f"Loaded {Proposal.objects.count()} proposals.")
        self.make_example()

    def make_example(self):
        """A meeting to come, so that the form is open at once."""
        date = timezone.localdate() + AHEAD
        closes_at = timezone.make_aware(datetime.combine(date - CLOSED_BEFORE, time(23, 59)))
        Meeting.objects.create(date=date, introduction=EXAMPLE_INTRODUCTION, submissions_close_at=closes_at)
        self.stdout.write(f"Made a meeting on {date} as an example: change or remove it at the desk.")

    def make_account(self):
        users = get_user_model().objects
        if users.exists():
            return
        name, password = ACCOUNT.format(get_random_string(5, LETTERS)), get_random_string(16)
        users.create_superuser(name, password=password)
        self.stdout.write(f"Made the secretariat's account. User name: {name}  Password: {password}")
        self.stdout.write(f"The password is shown only now; `manage.py changepassword {name}` sets another.")
