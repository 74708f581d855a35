from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from proposals.workflow import retention

LINES = {
    "drafts": ("draft", "{}, never sent in"),
    "submitters": ("proposal", "who sent in {}"),
    "naming": ("proposal", "the contact persons of {}"),
    "contacts": ("contact person", "{} whom nothing else names"),
    "mails": ("mail", "{}"),
    "late_links": ("late link", "{}"),
    "traces": ("trace", "{} in histories and in the admin's log"),
    "previews": ("document", "{} that nobody read in"),
    "sessions": ("session", "{} that had ended"),
    "expired": ("row", "{} of limits and kept booklets whose time was over"),
    "receipts": ("receipt", "{} in a session"),
}


class Command(BaseCommand):
    help = "Remove personal data that has been kept for as long as the KEEP_… settings say; for a timer, once a night."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would be removed")

    def handle(self, *args, dry_run, **options):
        try:
            removed = retention.prune(dry_run)
        except DatabaseError as error:
            raise CommandError(f"Nothing is removed. The database says: {error}") from error
        for kind, (noun, line) in LINES.items():
            if count := removed[kind]:
                counted = line.format(f"{count} {noun}{'s' if count > 1 else ''}")
                self.stdout.write(f"{'Would remove' if dry_run else 'Removed'} {counted}.")
        if not removed:
            self.stdout.write("There is nothing to remove.")
        if dry_run:
            return
        try:
            retention.rewrite_file()
        except DatabaseError as error:
            raise CommandError(
                f"It is removed, but SQLite couldn't write its file anew, where it may stand still: {error}. "
                "Run it again."
            ) from error
