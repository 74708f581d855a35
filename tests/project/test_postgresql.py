"""A PostgreSQL that isn't set up as the site needs it."""

import os
import re
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings

from tests import postgres

pytestmark = [pytest.mark.any_database, pytest.mark.postgresql]


@pytest.fixture(scope="module")
def server():
    """The DATABASE_URL of a server of these tests' own."""
    with postgres.server(postgres.find_binaries()) as url:
        yield url


def execute(url, statement):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def manage(url, *arguments):
    """What a command of manage.py prints."""
    own = {"PATH": os.environ["PATH"], "SECRET_KEY": "k" * 50, "DATABASE_URL": url}
    run = subprocess.run(  # noqa: S603 (Python itself)
        [sys.executable, "manage.py", *arguments], cwd=settings.BASE_DIR, env=own, capture_output=True, text=True
    )
    return run.stdout + run.stderr


def check(url):
    return manage(url, "check", "--deploy", "--database", "default")


def test_an_encoding_that_lacks_letters_is_named_in_one_line(server):
    execute(server, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
    latin = server.replace("/postgres?", "/latin?")
    printed = check(latin)
    assert "(reglab.E038) The database is encoded in LATIN1, which lacks characters that people type." in printed
    assert re.findall(r"reglab\.E03\d", printed) == ["reglab.E038"]
    printed = manage(latin, "prepare")
    assert "The database that DATABASE_URL names can't be used" in printed
    assert "Traceback" not in printed


def test_dates_may_be_written_in_any_style(server):
    """Unless the options in DATABASE_URL leave out that the site asks for ISO."""
    execute(server, "ALTER DATABASE postgres SET datestyle = 'German, DMY'")
    assert re.findall(r"reglab\.E03\d", check(server)) == ["reglab.E031"]
    printed = check(f"{server}&options=-c%20jit%3Doff")
    assert "(reglab.E039) PostgreSQL writes dates in the style German, DMY, which can't be read." in printed
    assert re.findall(r"reglab\.E03\d", printed) == ["reglab.E039"]
