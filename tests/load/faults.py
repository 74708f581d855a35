"""What goes wrong on a real machine, while members send in: `make load` tries it on SQLite and on PostgreSQL.

The server is started anew when it dies, as systemd does. Each fault is made, lasts, and is mended; people press the
button again until they have a receipt. In the end each proposal that was acknowledged is in the database once, each
page that told of a fault held what was typed, and the time is measured until somebody could send in again.
"""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import psycopg

from tests import postgres
from tests.load.crowd import Crowd
from tests.load.submissions import count, mail_server, prepared
from tests.server import GUNICORN, ROOT, free_port, wait_for

SUBMITTERS, READERS = 20, 40
CALM = 4  # seconds between faults
DISK = "120m"  # of the SQLite file and of the fill
DISK_OF_POSTGRES = "400m"


@dataclass
class Fault:
    """How to make a fault and how to mend it; it lasts some seconds."""

    name: str
    make: callable
    seconds: float = 2
    mend: callable = lambda: None


class Service:
    """The server, started anew with all its processes whenever it dies."""

    def __init__(self, environment):
        self.environment = environment
        self.port = free_port()
        self.is_wanted = True
        self.process = None
        self.thread = Thread(target=self._supervise)

    def __enter__(self):
        self.thread.start()
        wait_for(self.port)
        return self

    def __exit__(self, *error):
        self.is_wanted = False
        self._signal_all(signal.SIGTERM)
        self.thread.join()

    def _supervise(self):
        command = [sys.executable, *(part.format(port=self.port) for part in GUNICORN)]
        while self.is_wanted:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)  # noqa: S603
            self.process.wait()
            self._signal_all(signal.SIGKILL)
            time.sleep(0.2)

    def _signal_all(self, which):
        try:
            os.killpg(self.process.pid, which)
        except ProcessLookupError:
            return

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)

    def kill_worker(self):
        main = self.process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)


class Filling:
    """A file that takes all the room on a disk."""

    def __init__(self, folder):
        self.path = Path(folder, "filling")

    def fill(self):
        with self.path.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 1024 * 1024)
            except OSError:
                pass
            try:
                while True:
                    file.write(b"x")
            except OSError:
                return

    def remove(self):
        self.path.unlink()


class Mails:
    """The mail server, which hangs and is gone in between."""

    def __init__(self, port):
        self.port = port
        self.stack = ExitStack()
        self.start()

    def start(self):
        self.server = self.stack.enter_context(mail_server(self.port))

    def hang(self):
        self.server.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.server.send_signal(signal.SIGCONT)

    def stop(self):
        self.stack.close()


@contextmanager
def small_disk(size):
    """A folder on a disk of that size, in memory; only root may make one."""
    with tempfile.TemporaryDirectory(prefix="reglab-disk-") as folder:
        subprocess.run(["/usr/bin/mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)  # noqa: S603
        try:
            yield Path(folder)
        finally:
            subprocess.run(["/usr/bin/umount", "--lazy", folder], check=True)  # noqa: S603


def on_sqlite():
    with small_disk(DISK) as folder:
        file = folder / "reglab.sqlite3"
        environment = prepared(f"sqlite:///{file}")
        filling = Filling(folder)
        holder = []

        def lock():
            holder.append(sqlite3.connect(file, timeout=30, isolation_level=None))
            holder[0].execute("BEGIN IMMEDIATE")

        def unlock():
            holder.pop().close()

        faults = [Fault("a locked database", lock, 24, unlock), Fault("a full disk", filling.fill, 6, filling.remove)]
        return _try("SQLite", environment, faults)


def on_postgres(binaries):
    with small_disk(DISK_OF_POSTGRES) as disk:
        folder = disk / "cluster"
        folder.mkdir()
        with postgres.cluster(binaries, folder=folder) as cluster:
            environment = prepared(cluster.url)
            filling = Filling(disk)
            holder = []

            def lock():
                holder.append(psycopg.connect(f"host={folder} user=reglab dbname=postgres"))
                holder[0].execute("LOCK TABLE proposals_proposal IN ACCESS EXCLUSIVE MODE")

            def unlock():
                holder.pop().close()

            def kill():
                os.kill(cluster.process, signal.SIGKILL)

            def mend_disk():
                filling.remove()
                _start_again(cluster)

            faults = [
                Fault("kill -9 of PostgreSQL", kill, 4, lambda: _start_again(cluster)),
                Fault("a locked table", lock, 24, unlock),
                Fault("a full disk", filling.fill, 6, mend_disk),
            ]
            return _try("PostgreSQL", environment, faults)


def _start_again(cluster):
    """Start PostgreSQL when it isn't running, as systemd does."""
    for _ in range(20):
        try:
            psycopg.connect(f"host={cluster.folder} user=reglab dbname=postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            try:
                cluster.start()
            except subprocess.CalledProcessError:
                time.sleep(0.5)  # its killed processes aren't all gone yet


def _try(name, environment, faults):
    mails = Mails(int(environment["MAIL_PORT"]))
    with Service(environment) as service:
        faults = [
            Fault("kill -9 of a worker", service.kill_worker),
            Fault("kill -9 of the server", service.kill),
            *faults,
            Fault("a mail server that hangs", mails.hang, 12, mails.go_on),
            Fault("a mail server that refuses", mails.stop, 4, mails.start),
        ]
        crowd = Crowd(service.port)
        asyncio.run(_send_through(crowd, faults))
    mails.stop()
    titles, mails_kept, _ = count(environment)
    is_whole = sorted(titles) == sorted(crowd.acknowledged)
    print(
        f"{name}: {len(crowd.acknowledged)} acknowledged, {len(titles)} in the database, "
        f"{'each once' if is_whole else 'NOT THE SAME'}, {mails_kept} mails kept; {crowd.unanswered} requests without "
        f"an answer, {crowd.lost_texts} pages without what was typed; answers {crowd.statuses}"
    )
    return is_whole and not crowd.lost_texts


async def _send_through(crowd, faults):
    """Make and mend one fault after the other while people send in, and say how long each was felt."""
    stop = asyncio.Event()
    people = asyncio.create_task(crowd.read_and_send(SUBMITTERS, stop, READERS))
    for fault in faults:
        await asyncio.sleep(CALM)
        statuses, unanswered = dict(crowd.statuses), crowd.unanswered
        await asyncio.to_thread(fault.make)
        await asyncio.sleep(fault.seconds)
        sent_in = len(crowd.acknowledged)
        mended = time.monotonic()
        await asyncio.to_thread(fault.mend)
        while len(crowd.acknowledged) == sent_in and time.monotonic() < mended + 60:
            await asyncio.sleep(0.05)
        felt = time.monotonic() - mended
        new = {status: crowd.statuses[status] - statuses.get(status, 0) for status in crowd.statuses if status >= 500}
        print(
            f"  {fault.name}: {crowd.unanswered - unanswered} unanswered, {new}, again after {felt:.1f} s", flush=True
        )
    stop.set()
    await people


def main():
    if os.geteuid() != 0:
        print("Faults are left out: only root can make a disk that is soon full.")
        return 0
    binaries = postgres.find_binaries()
    results = [on_sqlite()] + ([on_postgres(binaries)] if binaries else [])
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
