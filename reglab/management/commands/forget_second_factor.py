from django.contrib.auth.models import User
from django.core.management import BaseCommand, CommandError

from reglab.sign_in import second_factor


class Command(BaseCommand):
    help = "Forget an account's app and recovery codes, when its phone is lost: the next sign-in sets up a new app."

    def add_arguments(self, parser):
        parser.add_argument("user", help="the account's user name")

    def handle(self, user, **options):
        account = User.objects.filter(username=user).first()
        if account is None:
            raise CommandError(f"There is no account {user}.")
        second_factor.forget(account)
        self.stdout.write(f"Forgot the second factor of {user}, who sets up a new one at the next sign-in.")
