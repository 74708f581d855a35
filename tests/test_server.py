"""The server as `make run` starts it, asked over a real socket."""

import os
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection

import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of a gunicorn of our own, on a SQLite file of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    database = f"sqlite:///{tmp_path_factory.mktemp('server') / 'reglab.sqlite3'}"
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    run = {"cwd": settings.BASE_DIR, "env": environment, "stdout": subprocess.DEVNULL}
    subprocess.run([sys.executable, "manage.py", "prepare"], check=True, **run)
    command = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    server = subprocess.Popen([sys.executable, "-m", *command], **run)  # noqa: S603 (the same)
    yield port
    server.terminate()
    server.wait(timeout=10)


def get(port, path):
    for _ in range(100):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the server didn't start")


def test_the_front_page_is_served(port):
    status, page = get(port, "/")
    assert status == 200
    assert page.count('<li class="proposal">') == 28


def test_ten_thousand_letters_in_the_address_get_a_page_of_ours(port):
    status, page = get(port, "/?q=" + "k%C3%A4rnkraft+" * 700)
    assert status == 200
    assert "Inga förslag matchar" in page


def test_halves_of_characters_in_the_address_get_a_page_of_ours(port):
    for path in ("/?q=%ED%A0%80", "/?region=%FF%FE&mote=%00", "/%ED%A0%80/", "/?%zz=%"):
        assert get(port, path)[0] in (200, 404)
