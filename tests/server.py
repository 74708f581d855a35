"""The server as `make run` starts it, on a database of its own: for tests, screenshots and benchmarks."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
GUNICORN = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", "127.0.0.1:{port}"]
LONGEST_START = 20  # seconds


class Account(NamedTuple):
    """The one that `prepare` makes."""

    name: str
    password: str

    @classmethod
    def told_by(cls, said):
        return cls(*re.search(r"User name: (\S+)  Password: (\S+)", said).groups())


@contextmanager
def running(folder, settings="tests.settings", proposals=None):
    """A gunicorn with the 28 proposals, its SQLite file and its log in `folder`.

    Gives its port and the secretariat's Account. With `proposals` that many made-up ones instead.
    """
    environment = environment_for(f"sqlite:///{folder / 'reglab.sqlite3'}", settings)
    said = fill(environment, proposals)
    with (folder / "log").open("w") as log, serving(environment, log=log) as (port, _):
        yield port, Account.told_by(said)


def environment_for(url, settings="tests.settings", **more):
    """The environment of a process that uses the database `url`."""
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": settings, **more}


def fill(environment, proposals=None):
    """Prepare the database, with the 28 proposals or that many made-up ones; gives what `prepare` said."""
    if proposals:
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "generate_proposals", proposals)
    return manage(environment, "prepare")


def manage(environment, *arguments):
    """Run a management command and give what it said."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


@contextmanager
def serving(environment, command=GUNICORN, port=None, log=None):
    """A server on a prepared database, by a Python command with {port} in it. Gives its port and its process."""
    port = port or free_port()
    arguments = [part.format(port=port) for part in command]
    with started([sys.executable, *arguments], port, cwd=ROOT, env=environment, stderr=log) as server:
        yield port, server


@contextmanager
def started(command, port, **options):
    """A program that serves `port` as long as the body lasts; gives its process."""
    program = subprocess.Popen(command, **options)  # noqa: S603 (our own commands)
    try:
        wait_for(port)
        yield program
    finally:
        program.terminate()
        program.wait(timeout=30)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def wait_for(port):
    """Return when the server at `port` answers."""
    last = time.monotonic() + LONGEST_START
    while time.monotonic() < last:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/robots.txt")
            connection.getresponse()
            return
        except (ConnectionRefusedError, ConnectionResetError):
            time.sleep(0.02)
        finally:
            connection.close()
    raise RuntimeError("the server didn't start")
