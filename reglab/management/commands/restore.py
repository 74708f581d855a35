import sys
from contextlib import contextmanager
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from reglab.management.commands.backup import FOLDER
from reglab.operations import backup

CONFIRMATION = "restore"


@contextmanager
def failing_with(outcome):
    try:
        yield
    except backup.BackupFailed as error:
        raise CommandError(f"{outcome} {error}") from error


class Command(BaseCommand):
    help = "Put a backup in the place of the database; what is there now is copied first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="don't ask")
        parser.add_argument("--folder", type=Path, default=FOLDER, help="for the copy of now; default: %(default)s")
        parser.add_argument("--without-safety-copy", action="store_true", help="go on when that copy can't be made")

    def handle(self, *args, file, yes, folder, without_safety_copy, **options):
        with failing_with("Nothing is changed."):
            contents = backup.check(file)
        if not yes:
            self.ask(file, contents)
        self.copy_current(folder, without_safety_copy)
        with failing_with("Nothing is changed."):
            must_restart = backup.restore(file)
        with failing_with("The backup is in place, but can't be brought up to date."):
            backup.bring_up_to_date()
        self.stdout.write(f"Restored {file}: {contents.proposals} proposals. Everybody has to sign in again.")
        if must_restart:
            self.stdout.write("Restart the site now: its processes may still have the old file open.")

    def ask(self, file, contents):
        if not sys.stdin.isatty():
            raise CommandError("Nothing is changed. Say --yes, or confirm it at a terminal.")
        self.stdout.write(f"This puts {file} ({contents.proposals} proposals) in the place of {backup.location()}.")
        try:
            answer = input(f"Type {CONFIRMATION} to go on: ")
        except EOFError:
            answer = ""
        if answer.strip() != CONFIRMATION:
            raise CommandError("Nothing is changed.")

    def copy_current(self, folder, may_fail):
        try:
            copy = backup.copy_current(folder)
        except backup.BackupFailed as error:
            reason = f"What is there now can't be copied. {error}"
            if not may_fail:
                raise CommandError(
                    f"Nothing is changed. {reason} Name another --folder, or go on --without-safety-copy."
                ) from error
            self.stdout.write(reason)
        else:
            self.stdout.write(f"What was there is in {copy}." if copy else "There was nothing to copy first.")
