"""A wrong environment stops the start with one line that names the variable."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from reglab.environment import read_email

pytestmark = pytest.mark.any_database

GOOD = {
    "SECRET_KEY": "k" * 50,
    "SITE_URL": "https://forslag.example.com",
    "SECRETARIAT_EMAIL": "kansliet@example.com",
    "DEFAULT_FROM_EMAIL": "noreply@example.com",
}
# What the site says of itself under an environment
REPORT = """
from django.conf import settings
import django
django.setup()
print(settings.DATABASES["default"]["ENGINE"], settings.EMAIL_BACKEND, settings.SESSION_COOKIE_SECURE,
      settings.SECURE_SSL_REDIRECT, bool(settings.SECURE_HSTS_SECONDS), settings.ALLOWED_HOSTS,
      settings.SECURE_PROXY_SSL_HEADER is not None, settings.DEBUG)
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.KNOWN_BROWSER_COOKIE_NAME,
      settings.SECURE_SSL_HOST, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS)
"""


def start(**environment):
    environment = {name: value for name, value in (GOOD | environment).items() if value is not None}
    environment |= {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "reglab.settings"}
    return subprocess.run(  # noqa: S603 (Python itself, and a program that stands above)
        [sys.executable, "-c", REPORT],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "kanske"),
        ("BEHIND_PROXY", "2"),
        ("SECRET_KEY", "kort"),
        ("SITE_URL", ""),
        ("SITE_URL", "forslag.example.com"),
        ("SITE_URL", "https://forslag.example.com/under/"),
        ("SITE_URL", "ftp://forslag.example.com"),
        ("SITE_URL", "https://..."),
        ("SITE_URL", "http://127.0.0.1:99999"),
        ("ALLOWED_HOSTS", "http://forslag.example.com/"),
        ("DATABASE_URL", "banan"),
        ("DATABASE_URL", "/var/lib/reglab.sqlite3"),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_URL", "postgres://user@host:port/name"),
        ("EMAIL_URL", "banan"),
        ("EMAIL_URL", "pigeon://host"),
        ("EMAIL_URL", "smtp://"),
        ("KEEP_SUBMITTERS_MONTHS", "0"),
        ("KEEP_DRAFTS_MONTHS", "ett år"),
        ("KEEP_CONTACTS_MONTHS", "-1"),
        ("KEEP_CONTACTS_MONTHS", "1000"),
        ("SECRETARIAT_EMAIL", "kansliet"),
        ("SECRETARIAT_EMAIL", None),
        ("DEFAULT_FROM_EMAIL", "Reglab"),
        ("DEFAULT_FROM_EMAIL", None),
    ],
)
def test_a_value_that_is_missing_or_makes_no_sense_stops_the_start_with_one_line(name, value):
    result = start(**{name: value})
    assert result.returncode == 1
    assert result.stderr.startswith(f"reglab: the environment variable {name} must be")
    assert result.stderr.count("\n") == 1


def test_a_secret_key_that_is_nowhere_stops_the_start(tmp_path):
    result = start(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "none"))
    assert "the environment variable SECRET_KEY must be at least 32 random characters" in result.stderr


def test_the_secret_key_may_stand_in_a_file(tmp_path):
    (tmp_path / "key").write_text("f" * 50 + "\n")
    assert start(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "key")).returncode == 0


@pytest.mark.parametrize(
    ("environment", "report"),
    [
        (
            {},
            "sqlite3 django.core.mail.backends.console.EmailBackend True True True "
            "['forslag.example.com', '127.0.0.1', 'localhost'] False False",
        ),
        (
            {"DATABASE_URL": "postgres://u:p@h:5432/n", "EMAIL_URL": "smtp+tls://u:p@h:587", "BEHIND_PROXY": "1"},
            "postgresql django.core.mail.backends.smtp.EmailBackend True True True "
            "['forslag.example.com', '127.0.0.1', 'localhost'] True False",
        ),
        (
            {"SITE_URL": "http://127.0.0.1:9000", "SECRETARIAT_EMAIL": None, "DEFAULT_FROM_EMAIL": None},
            "sqlite3 django.core.mail.backends.console.EmailBackend False False False "
            "['127.0.0.1', '127.0.0.1', 'localhost'] False False",
        ),
        (
            {"ALLOWED_HOSTS": "a.example.com, b.example.com", "DEBUG": "true"},
            "sqlite3 django.core.mail.backends.console.EmailBackend True True True "
            "['a.example.com', 'b.example.com'] False True",
        ),
    ],
)
def test_settings_follow_the_environment(environment, report):
    result = start(**environment)
    assert result.stderr == ""
    assert result.stdout.splitlines()[0] == f"django.db.backends.{report}"


@pytest.mark.parametrize(
    ("url", "report"),
    [
        ("https://a.example.com", "__Host-sessionid __Host-csrftoken __Host-known_browser a.example.com True"),
        ("https://example.com", "__Host-sessionid __Host-csrftoken __Host-known_browser example.com False"),
        ("http://127.0.0.1:9000", "sessionid csrftoken known_browser 127.0.0.1:9000 False"),
    ],
)
def test_cookies_and_promises_to_browsers_follow_the_sites_address(url, report):
    assert start(SITE_URL=url).stdout.splitlines()[1] == report


@pytest.mark.parametrize(("address", "port"), [("mail.example.com", 465), ("mail.example.com:1465", 1465)])
def test_smtps_means_tls_from_the_first_byte(monkeypatch, address, port):
    monkeypatch.setenv("EMAIL_URL", f"smtps://user:password@{address}")
    email = read_email()
    assert (email["EMAIL_USE_SSL"], email.get("EMAIL_USE_TLS", False)) == (True, False)
    assert (email["EMAIL_HOST"], email["EMAIL_PORT"], email["EMAIL_HOST_USER"]) == ("mail.example.com", port, "user")
