from datetime import date
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from proposals.importing.document import LARGEST
from proposals.importing.lines import Unreadable
from proposals.importing.plan import Plan, register
from proposals.importing.reading_process import read_file

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
        plan = Plan(self._reading(file), meeting)
        as_published = status == PUBLISHED if status else plan.publishes
        self._show(plan)
        faults = plan.faults + (plan.number_faults if as_published else [])
        if faults:
            raise CommandError("Nothing is saved:\n" + "\n".join(faults))
        if dry_run:
            self.stdout.write("Nothing is saved (--dry-run).")
            return
        saved = plan.carry_out(as_published) if plan.to_save else []
        self.stdout.write(f"Saved {len(saved)} proposals as {PUBLISHED if as_published else SUBMITTED}.")

    def _reading(self, file):
        try:
            if file.stat().st_size > LARGEST:
                raise Unreadable("Filen är större än 25 MB.")
            reading = read_file(file.read_bytes(), file.name, register())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Unreadable as error:
            raise CommandError(f"{file}: {error}") from error
        if not reading.entries:
            raise CommandError(f"{file}: inga förslag hittades.")
        return reading

    def _show(self, plan):
        for row in plan.rows:
            self.stdout.write(f"{row.item.heading} [{row.item.sender or 'avsändare ej angiven'}]")
            if row.existing:
                differs = f", skiljer sig i {', '.join(row.differences)}" if row.differences else ""
                self.stdout.write(f"    finns redan{differs}")
            for line in [*row.entry.warnings, *(f"Fick ingen plats: {text}" for text in row.entry.unplaced)]:
                self.stdout.write(f"    {line}")
        if plan.other_date:
            self.stdout.write(f"Dokumentet nämner {plan.other_date}, men mötet är {plan.date}.")
        for line in plan.reading.notes:
            self.stdout.write(line)
        for text in plan.reading.unread:
            self.stdout.write(f"Läses inte in: {text}")
