from django.contrib.auth.models import User
from django.core.management import BaseCommand, CommandError

from reglab.sign_in import attempts


class Command(BaseCommand):
    help = "Forget the wrong passwords and codes of an account, so that its owner may try again at once."

    def add_arguments(self, parser):
        parser.add_argument("user", help="the account's user name")

    def handle(self, user, **options):
        if not User.objects.filter(username=user).exists():
            raise CommandError(f"There is no account {user}.")
        attempts.forget(user)
        self.stdout.write(f"Forgot the wrong passwords and codes of {user}, who may try again now.")
