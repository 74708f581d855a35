"""Run a command on a throw-away PostgreSQL: `python -m tests.postgres pytest`.

The server runs as an ordinary user, in a temporary folder, on a unix socket only, and is gone when the command ends.
"""

import glob
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

MISSING = (
    "PostgreSQL left out: no server binary found. Install Debian's package postgresql, "
    "or let PG_BIN name the folder that holds initdb and pg_ctl."
)


def find_binaries():
    """The folder with initdb and pg_ctl: PG_BIN, else Debian's newest, else the one on the path; None without any."""
    folders = [os.environ["PG_BIN"]] if os.environ.get("PG_BIN") else glob.glob("/usr/lib/postgresql/*/bin")
    folders.sort(key=lambda folder: [int(part) for part in folder.split("/") if part.isdigit()])
    if not folders and (initdb := shutil.which("initdb")):
        folders = [os.path.dirname(os.path.realpath(initdb))]
    return Path(folders[-1]) if folders and Path(folders[-1], "initdb").exists() else None


FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@contextmanager
def server(binaries):
    """A running server that doesn't wait for the disk, because nothing of it is needed later; gives DATABASE_URL."""
    with cluster(binaries, FAST) as running:
        yield running.url


@contextmanager
def cluster(binaries, options="", folder=None):
    """A running server as a Cluster, in `folder`, an empty one, or in one of its own."""
    own = folder or Path(tempfile.mkdtemp(prefix="reglab-postgres-"))
    try:
        running = Cluster(binaries, own, options)
        running.start()
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(own, ignore_errors=True)


class Cluster:
    """A server's files, run by an ordinary user."""

    def __init__(self, binaries, folder, options):
        self.binaries, self.folder = binaries, folder
        self.options = f"-k {folder} -c listen_addresses='' {options}"
        self.url = f"postgres://reglab@/postgres?host={folder}"
        self.identity = _ordinary_user(folder)
        self._run("initdb", "-U", "reglab", "-A", "trust", "-E", "UTF8", "--no-sync", *_collation(binaries))

    @property
    def process(self):
        """The number of the server's main process."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def start(self):
        self._run("pg_ctl", "-w", "-l", self.folder / "log", "-o", self.options, "start")

    def stop(self):
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program, *arguments):
        subprocess.run(  # noqa: S603 (fixed programs, our own arguments)
            [self.binaries / program, "-D", self.folder / "data", *arguments],
            check=True,
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
            stdout=subprocess.DEVNULL,
            **self.identity,
        )


def _collation(binaries):
    """Swedish, as a real server may have it, where this one knows how (15 and newer): our order must not need it."""
    version = subprocess.run([binaries / "initdb", "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    is_new = int(re.search(r"\d+", version)[0]) >= 15
    return ["--locale-provider=icu", "--icu-locale=sv-SE"] if is_new else ["--locale=C.UTF-8"]


def _ordinary_user(folder):
    """How to run a program so that it isn't root, which PostgreSQL refuses; the folder is then that user's."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def main():
    binaries = find_binaries()
    if binaries is None:
        print(MISSING)
        return 1 if os.environ.get("REQUIRE_ALL") else 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped then as well
    with server(binaries) as url:
        # With the server's own programs: an older pg_dump would refuse it
        environment = {**os.environ, "DATABASE_URL": url, "PATH": f"{binaries}:{os.environ['PATH']}"}
        return subprocess.run(sys.argv[1:], env=environment).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
