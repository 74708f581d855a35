"""Checks of files, folders and disks."""

import os
import re
import shutil
from datetime import timedelta
from pathlib import Path
from time import time

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import connection

from reglab.operations.checks.finding import advice, fault, is_real_site
from reglab.operations.health import LEAST_FREE, data_folder, is_disk_low

MOUNTS = Path("/proc/self/mounts")
NETWORKED = re.compile(r"nfs|cifs|smb|9p|sshfs|s3fs|ceph|gluster|lustre|afs|virtiofs")
OLD = timedelta(days=2)  # for a backup that is made each night


def running_as_root():
    owner = data_folder().stat().st_uid
    if os.geteuid() == 0 != owner:
        yield advice(
            f"You are root, but {data_folder()} belongs to another account: what that one may not do isn't seen.",
            "Run this as the site's own account: sudo deploy/manage doctor",
        )


def readable_by_others():
    """Of a site on a developer's machine only the key matters: the rest is example data."""
    secrets = {settings.SECRET_KEY_FILE: "the key that signs sessions"}
    if is_real_site():
        secrets[_sqlite_file()] = "submitters' addresses and secret links"
        secrets |= dict.fromkeys(_backups(), "submitters' addresses and secret links")
    for path, holds in secrets.items():
        if path and path.is_file() and _others_can_read(path):
            yield fault(f"{path} can be read by every account on this machine: it has {holds}.", f"chmod 600 {path}")


def static_files():
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    remedy = "Run manage.py collectstatic --noinput, and start the site anew."
    if not manifest.exists():
        yield fault("The static files (styles, scripts, fonts) aren't collected: every page fails.", remedy)
        return
    sources = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    newer = [path for path in sources if os.path.getmtime(path) > manifest.stat().st_mtime]
    if newer:
        yield fault(f"Static files have changed since they were collected: {len(newer)}, such as {newer[0]}.", remedy)


def disk():
    if is_disk_low():
        yield fault(
            f"The disk of {data_folder()} has less than {LEAST_FREE // 1_000_000} MB free: soon nothing can be saved.",
            "Free some space; old backups and logs are the first to look at.",
        )


def sqlite_cannot_be_written():
    """SQLite writes beside its file as well; those files are another's when somebody has run a command as root."""
    file = _sqlite_file()
    for path in [file.parent, file, Path(f"{file}-wal"), Path(f"{file}-shm")]:
        if path.exists() and not os.access(path, os.W_OK, effective_ids=True):
            yield fault(
                f"This account may not write to {path}: nothing can be saved.",
                "Give it to the site's own account: chown reglab: and its path. Never run manage.py as root.",
            )


def sqlite_on_the_network():
    kind = _file_system(_sqlite_file().absolute())
    if NETWORKED.search(kind):
        yield fault(
            f"The SQLite file {_sqlite_file()} is on a network file system ({kind}), where its locks don't hold: "
            "it will be destroyed.",
            "Move it to a disk of this machine, or use PostgreSQL.",
        )


def backups():
    made_at = max((path.stat().st_mtime for path in _backups()), default=0)
    if is_real_site() and made_at < time() - OLD.total_seconds():
        yield advice(
            f"There is no backup of the last {OLD.days} days in {_backup_folder()}.",
            "Turn the nightly one on: systemctl enable --now reglab-backup.timer. Copy its files to another machine.",
        )


def backup_program():
    if not shutil.which("pg_dump"):
        yield fault("pg_dump isn't installed: no backup can be made.", "Debian: apt install postgresql-client")


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
    """The kind of the mounted file system that the path is on, such as ext4."""
    mounts = [line.split()[1:3] for line in MOUNTS.read_text().splitlines()] if MOUNTS.exists() else []
    holding = [(len(point), kind) for point, kind in mounts if path.is_relative_to(point.replace("\\040", " "))]
    return max(holding, default=(0, ""))[1]
