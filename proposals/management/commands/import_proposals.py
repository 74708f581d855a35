from datetime import date
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from proposals.importing.document import MAX_FILE_SIZE
from proposals.importing.lines import UnreadableDocument
from proposals.importing.parsing_process import parse_file
from proposals.importing.plan import ImportPlan, known_names

SUBMITTED, PUBLISHED = "submitted", "published"


class Command(BaseCommand):
    help = "Read the proposals of a Word or text file into a meeting: all of them, or none."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--meeting", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="show what was understood, and save nothing")
        parser.add_argument(
            "--as",
            choices=[SUBMITTED, PUBLISHED],
            dest="status",
            help="default: published with the document's numbers for a meeting that is over, else submitted",
        )

    def handle(self, *args, file, meeting, dry_run, status, **options):
        plan = ImportPlan(self._parse(file), meeting)
        as_published = status == PUBLISHED if status else plan.suggests_publishing
        self._show(plan)
        errors = plan.errors + (plan.number_errors if as_published else [])
        if errors:
            raise CommandError("Nothing is saved:\n" + "\n".join(errors))
        if dry_run:
            self.stdout.write("Nothing is saved (--dry-run).")
            return
        saved = plan.save(as_published) if plan.to_save else []
        self.stdout.write(f"Saved {len(saved)} proposals as {PUBLISHED if as_published else SUBMITTED}.")

    def _parse(self, file):
        try:
            if file.stat().st_size > MAX_FILE_SIZE:
                raise UnreadableDocument("Filen är större än 25 MB.")
            document = parse_file(file.read_bytes(), file.name, known_names())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnreadableDocument as error:
            raise CommandError(f"{file}: {error}") from error
        if not document.entries:
            raise CommandError(f"{file}: inga förslag hittades.")
        return document

    def _show(self, plan):
        for row in plan.rows:
            self.stdout.write(f"{row.content.heading} [{row.content.sender or 'avsändare ej angiven'}]")
            if row.existing:
                differences = f", skiljer sig i {', '.join(row.differences)}" if row.differences else ""
                self.stdout.write(f"    finns redan{differences}")
            for line in [*row.entry.warnings, *(f"Fick ingen plats: {text}" for text in row.entry.unplaced)]:
                self.stdout.write(f"    {line}")
        if plan.other_date:
            self.stdout.write(f"Dokumentet nämner {plan.other_date}, men mötet är {plan.date}.")
        for line in plan.document.notes:
            self.stdout.write(line)
        for text in plan.document.unread:
            self.stdout.write(f"Läses inte in: {text}")
