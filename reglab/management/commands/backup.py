from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import translation

from reglab.operations import backup

FOLDER = settings.VAR_DIR / "backups"


class Command(BaseCommand):
    help = "Copy the whole database to a file while the site runs; `manage.py restore` brings it back."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="default: one named by the time in --folder")
        parser.add_argument("--folder", type=Path, default=FOLDER, help="default: %(default)s")
        parser.add_argument("--keep", type=int, metavar="N", help="remove backups in --folder but for the newest N")

    def handle(self, *args, file, folder, keep, **options):
        if keep is not None and (file or keep < 1):
            raise CommandError("--keep is at least 1, and is for backups in --folder, without a file.")
        try:
            path = file or backup.new_path(folder)
            contents = backup.write(path)
        except backup.BackupFailed as error:
            raise CommandError(f"No backup is made. {error}") from error
        with translation.override(None):
            size = filesizeformat(path.stat().st_size).replace("\xa0", " ")
        self.stdout.write(f"Wrote {path}: {size}, {contents.proposals} proposals.")
        removed = backup.keep_newest(folder, keep) if keep else 0
        if removed:
            self.stdout.write(f"Removed {removed} older ones.")
