"""The server as `make run` starts it, on a database of its own: for tests and for screenshots."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def running(folder, settings="tests.settings", proposals=None):
    """A gunicorn with the 28 proposals, its SQLite file and its log in `folder`.

    Gives its port and the secretariat's password. With `proposals` that many made-up ones instead.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'reglab.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": settings,
    }
    run = {"cwd": ROOT, "env": environment, "stdout": subprocess.PIPE, "text": True}
    if proposals:
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], check=True, **run)
        subprocess.run([sys.executable, "manage.py", "generate_proposals", proposals], check=True, **run)  # noqa: S603
    said = subprocess.run([sys.executable, "manage.py", "prepare"], check=True, **run).stdout
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stderr=log, **run)  # noqa: S603 (our own command)
    try:
        _wait_for(port)
        yield port, re.search(r"Password: (\S+)", said).group(1)
    finally:
        server.terminate()
        server.wait(timeout=10)


def _wait_for(port):
    for _ in range(200):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/robots.txt")
            connection.getresponse()
            return
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("the server didn't start")
