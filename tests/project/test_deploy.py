"""What is delivered for the server and for the proxy in front of it is understood by these programs."""

import shutil
import subprocess
import sys

import pytest

from tests import caddy
from tests.server import ROOT, environment_for

pytestmark = pytest.mark.any_database


def check(*command, **options):
    """Run a program that says what is wrong with a configuration; nothing may be."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **options)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


def test_gunicorn_understands_its_configuration():
    command = [sys.executable, "-m", "gunicorn", "--check-config", "--config", "deploy/gunicorn.conf.py"]
    check(*command, env=environment_for("sqlite:///:memory:"))


def test_caddy_understands_its_configuration_where_it_is_installed(tmp_path):
    (tmp_path / "Caddyfile").write_text(caddy.configuration(tmp_path, 44300, 8000))
    if program := shutil.which("caddy"):
        check(program, "validate", "--adapter", "caddyfile", "--config", tmp_path / "Caddyfile")
