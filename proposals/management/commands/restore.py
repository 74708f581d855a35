import sys
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from proposals import backup
from proposals.management.commands.backup import FOLDER

WORD = "restore"


class Command(BaseCommand):
    help = "Put a backup in the place of the database; what is there now is copied first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="don't ask")
        parser.add_argument("--folder", type=Path, default=FOLDER, help="for the copy of now; default: %(default)s")
        parser.add_argument("--without-safety-copy", action="store_true", help="go on when that copy can't be made")

    def handle(self, *args, file, yes, folder, without_safety_copy, **options):
        try:
            contents = backup.check(file)
        except backup.BackupFailed as error:
            raise CommandError(f"Nothing is changed. {error}") from error
        if not yes:
            self.ask(file, contents)
        self.save_what_is_there(folder, without_safety_copy)
        try:
            has_to_restart = backup.restore(file)
        except backup.BackupFailed as error:
            raise CommandError(f"The backup isn't restored. {error}") from error
        self.stdout.write(f"Restored {file}: {contents.proposals} proposals. Everybody has to sign in again.")
        if has_to_restart:
            self.stdout.write("Restart the site now: its processes may still have the old file open.")

    def ask(self, file, contents):
        """Go on only when a person at a terminal says so."""
        if not sys.stdin.isatty():
            raise CommandError("Nothing is changed. Say --yes, or confirm it at a terminal.")
        self.stdout.write(f"This puts {file} ({contents.proposals} proposals) in the place of {backup.place()}.")
        if input(f"Type {WORD} to go on: ").strip() != WORD:
            raise CommandError("Nothing is changed.")

    def save_what_is_there(self, folder, may_fail):
        try:
            copy = backup.save_what_is_there(folder)
        except backup.BackupFailed as error:
            reason = f"What is there now can't be copied. {error}"
            if not may_fail:
                raise CommandError(
                    f"Nothing is changed. {reason} Name another --folder, or go on --without-safety-copy."
                ) from error
            self.stdout.write(reason)
        else:
            self.stdout.write(f"What was there is in {copy}." if copy else "There was nothing to copy first.")
