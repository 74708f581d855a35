import os
import re
import shutil
from datetime import timedelta
from pathlib import Path
from time import time

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Error, Tags, Warning
from django.db import connection

from reglab.operations.checks import is_real_site, register_live
from reglab.operations.health import LEAST_FREE, data_folder, is_disk_low

MOUNTS = Path("/proc/self/mounts")
NETWORKED = re.compile(r"nfs|cifs|smb|9p|sshfs|s3fs|ceph|gluster|lustre|afs|virtiofs")
OLD = timedelta(days=2)  # for a backup that is made each night


@register_live(Tags.files)
def check_account():
    owner = data_folder().stat().st_uid
    if os.geteuid() == 0 != owner:
        yield Warning(
            f"You are root, but {data_folder()} belongs to another account: what that one may not do isn't seen.",
            hint="Run this as the site's own account: sudo deploy/manage check --deploy --database default",
            id="reglab.W020",
        )


@register_live(Tags.files)
def check_readable_by_others():
    """On a developer's machine only the key: the rest is example data."""
    secrets = {settings.SECRET_KEY_FILE: "the key that signs sessions"}
    if is_real_site():
        secrets[_sqlite_file()] = "submitters' addresses and secret links"
        secrets |= dict.fromkeys(_backups(), "submitters' addresses and secret links")
    for path, holds in secrets.items():
        if path and path.is_file() and _others_can_read(path):
            message = f"{path} can be read by every account on this machine: it has {holds}."
            yield Error(message, hint=f"chmod 600 {path}", id="reglab.E021")


@register_live(Tags.staticfiles)
def check_static_files():
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    hint = "Run manage.py collectstatic --noinput, and start the site anew."
    if not manifest.exists():
        message = "The static files (styles, scripts, fonts) aren't collected: every page fails."
        yield Error(message, hint=hint, id="reglab.E022")
        return
    sources = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    newer = [path for path in sources if os.path.getmtime(path) > manifest.stat().st_mtime]
    if newer:
        message = f"Static files have changed since they were collected: {len(newer)}, such as {newer[0]}."
        yield Error(message, hint=hint, id="reglab.E023")


@register_live(Tags.files)
def check_disk():
    if is_disk_low():
        yield Error(
            f"The disk of {data_folder()} has less than {LEAST_FREE // 1_000_000} MB free: soon nothing can be saved.",
            hint="Free some space; old backups and logs are the first to look at.",
            id="reglab.E024",
        )


@register_live(Tags.files)
def check_sqlite_file():
    if connection.vendor != "sqlite":
        return
    file = _sqlite_file()
    # The files beside it are root's when somebody has run a command as root
    for path in [file.parent, file, Path(f"{file}-wal"), Path(f"{file}-shm")]:
        if path.exists() and not os.access(path, os.W_OK, effective_ids=True):
            yield Error(
                f"This account may not write to {path}: nothing can be saved.",
                hint="Give it to the site's own account: chown reglab: and its path. Never run manage.py as root.",
                id="reglab.E025",
            )
    if NETWORKED.search(kind := _file_system(file.absolute())):
        yield Error(
            f"The SQLite file {file} is on a network file system ({kind}), where its locks don't hold: "
            "it will be destroyed.",
            hint="Move it to a disk of this machine, or use PostgreSQL.",
            id="reglab.E026",
        )


@register_live(Tags.files)
def check_backups():
    made_at = max((path.stat().st_mtime for path in _backups()), default=0)
    if is_real_site() and made_at < time() - OLD.total_seconds():
        yield Warning(
            f"There is no backup of the last {OLD.days} days in {_backup_folder()}.",
            hint="Turn the nightly one on: systemctl enable --now reglab-backup.timer. "
            "Copy its files to another machine.",
            id="reglab.W027",
        )
    if connection.vendor == "postgresql" and not shutil.which("pg_dump"):
        message = "pg_dump isn't installed: no backup can be made."
        yield Error(message, hint="Debian: apt install postgresql-client", id="reglab.E028")


def _sqlite_file():
    """None on another database."""
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


def _backup_folder():
    return settings.VAR_DIR / "backups"


def _backups():
    return [path for path in _backup_folder().glob("*") if path.is_file()]


def _others_can_read(path):
    can_enter = all(folder.stat().st_mode & 0o001 for folder in path.absolute().parents)
    return can_enter and bool(path.stat().st_mode & 0o004)


def _file_system(path):
    mounts = [line.split()[1:3] for line in MOUNTS.read_text().splitlines()] if MOUNTS.exists() else []
    holding = [(len(point), kind) for point, kind in mounts if path.is_relative_to(point.replace("\\040", " "))]
    return max(holding, default=(0, ""))[1]
