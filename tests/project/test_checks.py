"""`manage.py doctor`: each test plants one fault in a site that is well and reads the sentence."""

import os
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from proposals.models import ContentVersion, Mail, Proposal
from proposals.models.content_version import install_triggers, remove_triggers
from reglab.operations import health
from reglab.operations.checks import database, examine, files
from tests import smtp
from tests.postgres import find_binaries

pytestmark = pytest.mark.django_db
NOBODY = 65534


@pytest.fixture
def site(settings, tmp_path, admin_user, monkeypatch):
    """A real site as it should be; what differs from the tests' own settings is that it is public and has https."""
    settings.SITE_URL = "https://forslag.reglab.test"
    settings.SITE = urlsplit(settings.SITE_URL)
    settings.ALLOWED_HOSTS = ["forslag.reglab.test"]
    settings.IS_HTTPS = settings.SECURE_SSL_REDIRECT = settings.BEHIND_PROXY = settings.REQUIRE_MFA = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECRETARIAT_EMAIL = settings.DEFAULT_FROM_EMAIL = "kansliet@reglab.test"
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.SECRET_KEY_FILE = tmp_path / "secret_key"
    settings.SECRET_KEY_FILE.write_text("k" * 50)
    settings.SECRET_KEY_FILE.chmod(0o600)
    for path in ("static/staticfiles.json", "backups/newest"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).touch(mode=0o600)
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o600)
    else:
        with connection.cursor() as cursor:  # until the test is over
            cursor.execute("CREATE ROLE plain IN ROLE CURRENT_USER; SET LOCAL ROLE plain")
    # That tests in a browser ask for it says nothing about the site
    settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, "async.E001"]
    if binaries := find_binaries():
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{binaries}")
    install_triggers()
    ContentVersion.objects.update_or_create(pk=1, defaults={"name": uuid4().hex, "changed_at": timezone.now()})
    return settings


@pytest.fixture
def real_site(site, sink):
    return site


@pytest.fixture
def reachable_by_others(tmp_path):
    """Test folders are closed to other accounts; with this one they aren't."""
    folders = [folder for folder in tmp_path.parents if folder.owner() == tmp_path.owner()]
    modes = {folder: folder.stat().st_mode for folder in [tmp_path, *folders]}
    for folder in modes:
        folder.chmod(0o755)
    yield
    for folder, mode in modes.items():
        folder.chmod(mode)


def said():
    """What the command prints; it must have found that something is wrong."""
    out = StringIO()
    with pytest.raises(CommandError, match="wrong"):
        call_command("doctor", stdout=out)
    return out.getvalue()


def advised():
    """What the command prints; it may have advice, but finds nothing wrong."""
    out = StringIO()
    with suppress(CommandError):
        call_command("doctor", stdout=out)
    assert "WRONG" not in out.getvalue()
    assert out.getvalue().endswith("Nothing is wrong.\n")
    return out.getvalue()


def told_only_on(vendor, sentence):
    """On the other database there is nothing to tell."""
    if connection.vendor == vendor:
        assert sentence in said()
    else:
        assert advised() == "Nothing is wrong.\n"


def test_nothing_is_wrong_with_a_site_as_it_should_be(real_site):
    assert advised() == "Nothing is wrong.\n"


def test_nothing_is_wrong_after_make_run(settings, tmp_path, admin_user):
    """On a developer's machine: plain http, mails in the terminal, no backups."""
    settings.SITE, settings.STATIC_ROOT = urlsplit("http://127.0.0.1:8000"), tmp_path
    (tmp_path / "staticfiles.json").touch()
    assert advised() == "Nothing is wrong.\n"


def test_the_number_of_faults_is_the_last_line(real_site):
    real_site.DEBUG = True
    with pytest.raises(CommandError, match=r"^1 thing is wrong\.$"):
        call_command("doctor", stdout=StringIO())
    real_site.BEHIND_PROXY = False
    with pytest.raises(CommandError, match=r"^2 things are wrong\.$"):
        call_command("doctor", stdout=StringIO())


# The environment


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"DEBUG": True}, "WRONG: DEBUG is on: an error shows everybody the code"),
        ({"IS_HTTPS": False}, "WRONG: SITE_URL begins with http://: passwords and secret links can be read"),
        ({"ALLOWED_HOSTS": ["*"]}, "WRONG: ALLOWED_HOSTS has *"),
        ({"ALLOWED_HOSTS": ["reglab.test"]}, "WRONG: ALLOWED_HOSTS lacks forslag.reglab.test"),
        ({"BEHIND_PROXY": False}, "WRONG: SITE_URL begins with https:// but BEHIND_PROXY is off"),
        ({"SECURE_HSTS_SECONDS": 0}, "WRONG: Django says (security.W004): "),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "WRONG: EMAIL_URL isn't set"),
        ({"SECRETARIAT_EMAIL": "kansliet@example.com"}, "WRONG: SECRETARIAT_EMAIL is an example, at example.com"),
        ({"DEFAULT_FROM_EMAIL": "a@example.org"}, "WRONG: DEFAULT_FROM_EMAIL is an example, at example.org"),
    ],
)
def test_a_wrong_setting(real_site, changes, sentence):
    for name, value in changes.items():
        setattr(real_site, name, value)
    assert sentence in said()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"REQUIRE_MFA": False}, "Advice: A password alone opens the desk."),
        ({"DEFAULT_FROM_EMAIL": "a@lab.test"}, "Advice: DEFAULT_FROM_EMAIL is at lab.test, the site at forslag.reglab"),
    ],
)
def test_a_setting_that_could_be_better(real_site, changes, sentence):
    for name, value in changes.items():
        setattr(real_site, name, value)
    assert sentence in advised()


def test_debug_on_a_developers_machine_is_only_mentioned(settings, real_site):
    settings.SITE, settings.IS_HTTPS, settings.DEBUG = urlsplit("http://localhost:8000"), False, True
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["localhost"], False
    assert "Advice: DEBUG is on" in advised()


def test_a_package_of_another_version(real_site, tmp_path):
    real_site.BASE_DIR = tmp_path
    (tmp_path / "requirements.txt").write_text("# Framework\nDjango==4.2.1\npsycopg[binary]==9.9\nnosuchpackage==1.0\n")
    printed = said()
    assert "WRONG: The package Django is 5.2." in printed
    assert "this version of Reglab was tested with 4.2.1." in printed
    assert "WRONG: The package psycopg is" in printed
    assert "WRONG: The package nosuchpackage is missing" in printed


# Files


def test_root_is_told_to_be_somebody_else(real_site, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "data_folder", lambda: tmp_path)
    if os.geteuid() == 0:
        os.chown(tmp_path, NOBODY, NOBODY)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert f"Advice: You are root, but {tmp_path} belongs to another account" in advised()


def test_a_key_that_others_can_read(real_site, reachable_by_others):
    real_site.SECRET_KEY_FILE.chmod(0o644)
    printed = said()
    assert f"WRONG: {real_site.SECRET_KEY_FILE} can be read by every account on this machine: it has the key" in printed
    assert f"chmod 600 {real_site.SECRET_KEY_FILE}" in printed


def test_a_backup_that_others_can_read(real_site, reachable_by_others, tmp_path):
    (tmp_path / "backups" / "newest").chmod(0o644)
    assert f"WRONG: {tmp_path}/backups/newest can be read by every account" in said()
    tmp_path.chmod(0o700)  # a closed folder above keeps them out as well
    assert advised() == "Nothing is wrong.\n"


def test_static_files_that_were_never_collected(real_site, tmp_path):
    (tmp_path / "static" / "staticfiles.json").unlink()
    assert "WRONG: The static files (styles, scripts, fonts) aren't collected" in said()


def test_static_files_that_have_changed_since(real_site, tmp_path):
    styles = real_site.BASE_DIR / "static" / "css" / "site.css"
    long_ago = styles.stat().st_mtime - 1
    os.utime(tmp_path / "static" / "staticfiles.json", (long_ago, long_ago))
    assert "WRONG: Static files have changed since they were collected: " in said()


def test_static_files_of_another_version(real_site, tmp_path):
    """Collected and new, but without a file that the pages ask for: so no page can be made."""
    real_site.STORAGES = {
        **real_site.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    (tmp_path / "static" / "staticfiles.json").write_text('{"version": "1.1", "paths": {}, "hash": ""}')
    assert "WRONG: The front page can't be made: ValueError: Missing staticfiles manifest entry" in said()


def test_a_nearly_full_disk(real_site, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)
    assert "has less than 500 MB free: soon nothing can be saved." in said()


def test_a_sqlite_file_that_the_account_may_not_write(real_site, tmp_path, monkeypatch):
    file = Path(connection.settings_dict["NAME"])
    monkeypatch.setattr(files, "_sqlite_file", lambda: tmp_path / file.name)
    (tmp_path / file.name).touch(mode=0o444)
    if os.geteuid() == 0:
        monkeypatch.setattr(os, "access", as_nobody(os.access))
    told_only_on("sqlite", f"WRONG: This account may not write to {tmp_path / file.name}: nothing can be saved.")


def as_nobody(look):
    """The look of an ordinary account: root may do everything."""

    def looks(*arguments, **options):
        os.seteuid(NOBODY)
        try:
            return look(*arguments, **options)
        finally:
            os.seteuid(0)

    return looks


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_sqlite_file_on_a_network_file_system(real_site, tmp_path, monkeypatch, kind):
    folder = Path(connection.settings_dict["NAME"]).absolute().parent
    (tmp_path / "mounts").write_text(
        f"/dev/sda1 / ext4 rw 0 0\nserver:/x {folder} {kind} rw 0 0\nproc /proc proc rw 0 0\n"
    )
    monkeypatch.setattr(files, "MOUNTS", tmp_path / "mounts")
    told_only_on("sqlite", f"is on a network file system ({kind}), where its locks don't hold")


def test_no_backup_of_the_last_two_days(real_site, tmp_path):
    old = (timezone.now() - timedelta(days=3)).timestamp()
    os.utime(tmp_path / "backups" / "newest", (old, old))
    assert f"Advice: There is no backup of the last 2 days in {tmp_path}/backups." in advised()


# The database


def test_a_database_that_is_gone(settings):
    """The other checks still tell what they can."""
    host, port = smtp.refusing()
    elsewhere = {"DATABASE_URL": f"postgres://reglab@{host}:{port}/reglab", "SITE_URL": "http://forslag.reglab.test"}
    addresses = dict.fromkeys(["SECRETARIAT_EMAIL", "DEFAULT_FROM_EMAIL"], "kansliet@reglab.test")
    command = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "k" * 50, **elsewhere, **addresses},
        capture_output=True,
        text=True,
    )
    assert command.returncode == 1
    assert "WRONG: The database doesn't answer: connection failed: " in command.stdout
    assert "WRONG: SITE_URL begins with http://" in command.stdout


def test_a_migration_that_is_not_applied(real_site):
    MigrationRecorder(connection).record_unapplied("proposals", "0009_history_notes")
    printed = said()
    assert "WRONG: The database lacks migrations of this version: 1, the first is proposals.0009" in printed
    assert "Run manage.py prepare" in printed


def test_a_database_of_a_newer_version(real_site):
    MigrationRecorder(connection).record_applied("proposals", "9999_from_the_future")
    MigrationRecorder(connection).record_applied("an_app_that_is_gone", "0001_initial")
    assert "WRONG: The database was migrated by a newer version: it has proposals.9999_from_the_future." in said()


def test_triggers_that_are_missing(real_site):
    remove_triggers()
    assert "WRONG: The database lacks triggers: " in said()


def test_more_workers_than_postgresql_has_connections_for(real_site, tmp_path, monkeypatch):
    (tmp_path / "gunicorn.conf.py").write_text("workers = 50\n")
    monkeypatch.setattr(database, "GUNICORN", tmp_path / "gunicorn.conf.py")
    told_only_on("postgresql", "PostgreSQL allows 100 connections, but each machine with 50 workers may need 410.")


def test_a_superuser_of_postgresql(real_site):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        assert "The site's account at PostgreSQL, reglab, is a superuser" in advised()
    else:
        assert advised() == "Nothing is wrong.\n"


def test_a_machine_that_cannot_make_backups(real_site, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    told_only_on("postgresql", "WRONG: pg_dump isn't installed: no backup can be made.")


@pytest.mark.parametrize(
    ("minutes", "sentence"), [(10, "600 seconds ahead of the database's."), (-10, "600 seconds behind the database's.")]
)
def test_a_clock_that_differs_from_the_databases(real_site, monkeypatch, minutes, sentence):
    wrong = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    printed = said().replace("599", "600").replace("601", "600")
    assert f"WRONG: This machine's clock is {sentence}" in printed


def test_a_clock_that_was_turned_back(real_site):
    ContentVersion.objects.update(changed_at=timezone.now() + timedelta(hours=1))
    assert "seconds behind the newest edit." in said()


# Accounts


def test_no_account_that_can_sign_in(real_site):
    User.objects.update(is_active=False)
    assert "WRONG: No account can sign in to the desk." in said()


def test_an_account_without_a_password_opens_nothing(real_site, admin_user):
    admin_user.set_unusable_password()
    admin_user.save()
    assert "WRONG: No account can sign in to the desk." in said()


def test_no_superuser(real_site, secretary):
    User.objects.filter(is_superuser=True).delete()
    assert "WRONG: No account can make accounts: there is no superuser." in said()


# Mails


def test_a_mail_server_that_refuses(site, refusing_server):
    printed = said()
    assert f"WRONG: The mail server 127.0.0.1:{site.EMAIL_PORT} can't be used: " in printed
    assert "Connection refused" in printed


def test_a_mail_server_that_hangs(site, hanging_server):
    site.EMAIL_TIMEOUT = 0.5
    assert f"WRONG: The mail server 127.0.0.1:{site.EMAIL_PORT} can't be used: " in (printed := said())
    assert "timed out" in printed


def test_the_mail_server_is_greeted_and_gets_no_mail(real_site, sink):
    assert advised() == "Nothing is wrong.\n"
    assert sink.messages == []


def test_mails_that_wait(real_site):
    Mail.objects.create(to="anna@example.com", reply_to="kansliet@example.com", subject="Kvitto")
    assert advised() == "Nothing is wrong.\n"
    Mail.objects.update(created_at=timezone.now() - timedelta(hours=1))
    printed = said()
    assert "WRONG: Mails have waited for more than a quarter of an hour: 1." in printed
    assert "anna" not in printed


def test_the_doctor_changes_nothing(real_site, make_proposal):
    make_proposal()
    before = list(Proposal.objects.values()), list(User.objects.values()), ContentVersion.objects.get().name
    examine()
    assert (list(Proposal.objects.values()), list(User.objects.values()), ContentVersion.objects.get().name) == before
