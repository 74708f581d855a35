"""`manage.py check --deploy --database default`: each test plants one fault in a site that is well."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from proposals.models import ContentVersion, Mail, Proposal
from proposals.models.content_version import install_triggers, remove_triggers
from reglab.operations import checks, health
from reglab.operations.checks import database, files
from tests import smtp
from tests.postgres import find_binaries

pytestmark = pytest.mark.django_db
NOBODY = 65534
BROWSER_TESTS = "async.E001"  # they set DJANGO_ALLOW_ASYNC_UNSAFE for the whole process


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
    settings.DATA_CONTROLLER, settings.LEGAL_BASIS = "Reglab", "avtal"
    settings.DATA_PROTECTION_OFFICER = "dataskydd@reglab.test"
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
    settings.SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", BROWSER_TESTS]
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


def check(**options):
    """What `manage.py check --deploy --database default` prints; SystemCheckError when there are errors."""
    out, err = StringIO(), StringIO()
    call_command("check", deploy=True, databases=["default"], stdout=out, stderr=err, **options)
    return out.getvalue() + err.getvalue()


def errors():
    """The text of a check that fails."""
    with pytest.raises(SystemCheckError) as failure:
        check()
    return str(failure.value)


def warnings():
    """The text of a check that passes with warnings."""
    printed = check()
    assert "WARNINGS:" in printed
    return printed


def is_well():
    return check().startswith("System check identified no issues")


def check_only_on(vendor, sentence):
    """On the other database there is no such error."""
    if connection.vendor == vendor:
        assert sentence in errors()
    else:
        assert is_well()


def test_nothing_is_wrong_with_a_site_as_it_should_be(real_site):
    assert is_well()


def test_nothing_is_wrong_after_make_run(settings, tmp_path, admin_user):
    """On a developer's machine: plain http, mails in the terminal, no backups."""
    settings.SITE, settings.STATIC_ROOT = urlsplit("http://127.0.0.1:8000"), tmp_path
    settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, BROWSER_TESTS]
    (tmp_path / "staticfiles.json").touch()
    assert is_well()


def test_each_fault_is_reported_once_and_counted(real_site):
    real_site.REQUIRE_MFA = False
    assert "System check identified 1 issue (" in warnings()
    real_site.BEHIND_PROXY = False
    assert "System check identified 2 issues (" in errors()


def test_ids_are_unique_and_say_the_level():
    sources = "".join(path.read_text() for path in Path(checks.__file__).parent.glob("*.py"))
    found = re.findall(r'(Error|Warning)\((?s:.)*?id="reglab\.([EW])(\d{3})"', sources)
    assert len(found) == sources.count('id="reglab.')
    assert all(kind[0] == letter for kind, letter, _ in found)
    assert len({number for _, _, number in found}) == len(found)


def test_without_a_database_only_settings_and_packages_are_checked(real_site, monkeypatch, refusing_server):
    """As `make check` does on a machine that has neither run the site nor reaches a mail server."""
    real_site.STATIC_ROOT = real_site.STATIC_ROOT / "none"
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)
    User.objects.update(is_active=False)
    out = StringIO()
    call_command("check", deploy=True, fail_level="WARNING", stdout=out)
    assert out.getvalue().startswith("System check identified no issues")
    real_site.BEHIND_PROXY = False
    with pytest.raises(SystemCheckError, match=r"reglab\.E005"):
        call_command("check", deploy=True)


# The environment


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"IS_HTTPS": False}, "(reglab.E002) SITE_URL begins with http://: passwords and secret links can be read"),
        ({"ALLOWED_HOSTS": ["*"]}, "(reglab.E003) ALLOWED_HOSTS has *"),
        ({"ALLOWED_HOSTS": ["reglab.test"]}, "(reglab.E004) ALLOWED_HOSTS lacks forslag.reglab.test"),
        ({"BEHIND_PROXY": False}, "(reglab.E005) SITE_URL begins with https:// but BEHIND_PROXY is off"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "(reglab.E010) EMAIL_URL isn't set"),
        (
            {"SECRETARIAT_EMAIL": "kansliet@example.com"},
            "(reglab.E011) SECRETARIAT_EMAIL is an example, at example.com",
        ),
        ({"DEFAULT_FROM_EMAIL": "a@example.org"}, "(reglab.E011) DEFAULT_FROM_EMAIL is an example, at example.org"),
    ],
)
def test_a_wrong_setting(real_site, changes, sentence):
    for name, value in changes.items():
        setattr(real_site, name, value)
    assert sentence in errors()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"DEBUG": True}, "(security.W018) You should not have DEBUG set to True"),
        ({"SECURE_HSTS_SECONDS": 0}, "(security.W004) You have not set a value for the SECURE_HSTS_SECONDS"),
        ({"REQUIRE_MFA": False}, "(reglab.W006) A password alone opens the desk."),
        (
            {"DEFAULT_FROM_EMAIL": "a@lab.test"},
            "(reglab.W012) DEFAULT_FROM_EMAIL is at lab.test, the site at forslag.reglab",
        ),
    ],
)
def test_a_setting_that_could_be_better(real_site, changes, sentence):
    for name, value in changes.items():
        setattr(real_site, name, value)
    assert sentence in warnings()


def test_debug_on_a_developers_machine_is_only_mentioned(settings, real_site):
    settings.SITE, settings.IS_HTTPS, settings.DEBUG = urlsplit("http://localhost:8000"), False, True
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["localhost"], False
    assert "(security.W018) You should not have DEBUG" in warnings()


def test_a_package_of_another_version(real_site, tmp_path):
    real_site.BASE_DIR = tmp_path
    (tmp_path / "requirements.txt").write_text("# Framework\nDjango==4.2.1\npsycopg[binary]==9.9\nnosuchpackage==1.0\n")
    printed = errors()
    assert "(reglab.E001) The package Django is 5.2." in printed
    assert "this version of Reglab was tested with 4.2.1." in printed
    assert "(reglab.E001) The package psycopg is" in printed
    assert "(reglab.E001) The package nosuchpackage is missing" in printed


# Files


def test_root_is_advised_to_use_the_sites_account(real_site, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "data_folder", lambda: tmp_path)
    if os.geteuid() == 0:
        os.chown(tmp_path, NOBODY, NOBODY)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert f"(reglab.W020) You are root, but {tmp_path} belongs to another account" in warnings()


def test_a_key_that_others_can_read(real_site, reachable_by_others):
    real_site.SECRET_KEY_FILE.chmod(0o644)
    printed = errors()
    assert (
        f"(reglab.E021) {real_site.SECRET_KEY_FILE} can be read by every account on this machine: it has the key"
        in printed
    )
    assert f"chmod 600 {real_site.SECRET_KEY_FILE}" in printed


def test_a_backup_that_others_can_read(real_site, reachable_by_others, tmp_path):
    (tmp_path / "backups" / "newest").chmod(0o644)
    assert f"(reglab.E021) {tmp_path}/backups/newest can be read by every account" in errors()
    tmp_path.chmod(0o700)  # a closed folder above keeps them out as well
    assert is_well()


def test_static_files_that_were_never_collected(real_site, tmp_path):
    (tmp_path / "static" / "staticfiles.json").unlink()
    assert "(reglab.E022) The static files (styles, scripts, fonts) aren't collected" in errors()


def test_static_files_that_have_changed_since(real_site, tmp_path):
    styles = real_site.BASE_DIR / "static" / "css" / "site.css"
    long_ago = styles.stat().st_mtime - 1
    os.utime(tmp_path / "static" / "staticfiles.json", (long_ago, long_ago))
    assert "(reglab.E023) Static files have changed since they were collected: " in errors()


def test_static_files_of_another_version(real_site, tmp_path):
    """Collected and new, but without a file that the pages ask for: so no page can be made."""
    real_site.STORAGES = {
        **real_site.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    (tmp_path / "static" / "staticfiles.json").write_text('{"version": "1.1", "paths": {}, "hash": ""}')
    assert "(reglab.E043) The front page can't be made: ValueError: Missing staticfiles manifest entry" in errors()


def test_a_nearly_full_disk(real_site, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)
    assert "has less than 500 MB free: soon nothing can be saved." in errors()


def test_a_sqlite_file_that_the_account_may_not_write(real_site, tmp_path, monkeypatch):
    file = Path(connection.settings_dict["NAME"])
    monkeypatch.setattr(files, "_sqlite_file", lambda: tmp_path / file.name)
    (tmp_path / file.name).touch(mode=0o444)
    if os.geteuid() == 0:
        monkeypatch.setattr(os, "access", as_nobody(os.access))
    check_only_on(
        "sqlite", f"(reglab.E025) This account may not write to {tmp_path / file.name}: nothing can be saved."
    )


def as_nobody(access):
    """`access` as for an ordinary account: root may do everything."""

    def check_access(*arguments, **options):
        os.seteuid(NOBODY)
        try:
            return access(*arguments, **options)
        finally:
            os.seteuid(0)

    return check_access


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_sqlite_file_on_a_network_file_system(real_site, tmp_path, monkeypatch, kind):
    folder = Path(connection.settings_dict["NAME"]).absolute().parent
    (tmp_path / "mounts").write_text(
        f"/dev/sda1 / ext4 rw 0 0\nserver:/x {folder} {kind} rw 0 0\nproc /proc proc rw 0 0\n"
    )
    monkeypatch.setattr(files, "MOUNTS", tmp_path / "mounts")
    check_only_on("sqlite", f"is on a network file system ({kind}), where its locks don't hold")


def test_no_backup_of_the_last_two_days(real_site, tmp_path):
    old = (timezone.now() - timedelta(days=3)).timestamp()
    os.utime(tmp_path / "backups" / "newest", (old, old))
    assert f"(reglab.W027) There is no backup of the last 2 days in {tmp_path}/backups." in warnings()


def test_a_privacy_page_that_lacks_what_only_the_organisation_knows(real_site):
    real_site.LEGAL_BASIS = ""
    assert "(reglab.W007) The privacy page doesn't say all that it must. Not set: LEGAL_BASIS." in warnings()


# The database


def test_a_database_that_is_gone(settings):
    """The other checks still tell what they can."""
    host, port = smtp.refusing()
    elsewhere = {"DATABASE_URL": f"postgres://reglab@{host}:{port}/reglab", "SITE_URL": "http://forslag.reglab.test"}
    addresses = dict.fromkeys(["SECRETARIAT_EMAIL", "DEFAULT_FROM_EMAIL"], "kansliet@reglab.test")
    command = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--database", "default"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "k" * 50, **elsewhere, **addresses},
        capture_output=True,
        text=True,
    )
    assert command.returncode == 1
    assert "(reglab.E030) The database doesn't answer: connection failed: " in command.stderr
    assert "(reglab.E002) SITE_URL begins with http://" in command.stderr
    assert re.findall(r"reglab\.[EW]0[34]\d", command.stderr) == ["reglab.E030"]
    assert "Traceback" not in command.stderr


def test_a_migration_that_is_not_applied(real_site):
    MigrationRecorder(connection).record_unapplied("proposals", "0009_history_notes")
    printed = errors()
    assert "(reglab.E031) The database lacks migrations of this version: 1, the first is proposals.0009" in printed
    assert "Run manage.py prepare" in printed
    assert re.findall(r"reglab\.[EW]0[34]\d", printed) == ["reglab.E031"]


def test_a_database_of_a_newer_version(real_site):
    MigrationRecorder(connection).record_applied("proposals", "9999_from_the_future")
    MigrationRecorder(connection).record_applied("an_app_that_is_gone", "0001_initial")
    assert (
        "(reglab.E032) The database was migrated by a newer version: it has proposals.9999_from_the_future." in errors()
    )


def test_triggers_that_are_missing(real_site):
    remove_triggers()
    assert "(reglab.E033) The database lacks triggers: " in errors()


def test_more_workers_than_postgresql_has_connections_for(real_site, tmp_path, monkeypatch):
    (tmp_path / "gunicorn.conf.py").write_text("workers = 50\n")
    monkeypatch.setattr(database, "GUNICORN", tmp_path / "gunicorn.conf.py")
    check_only_on("postgresql", "PostgreSQL allows 100 connections, but each machine with 50 workers may need 410.")


def test_a_superuser_of_postgresql(real_site):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        assert "The site's account at PostgreSQL, reglab, is a superuser" in warnings()
    else:
        assert is_well()


def test_a_machine_that_cannot_make_backups(real_site, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    check_only_on("postgresql", "(reglab.E028) pg_dump isn't installed: no backup can be made.")


@pytest.mark.parametrize(
    ("minutes", "sentence"), [(10, "600 seconds ahead of the database's."), (-10, "600 seconds behind the database's.")]
)
def test_a_clock_that_differs_from_the_databases(real_site, monkeypatch, minutes, sentence):
    wrong = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    printed = errors().replace("599", "600").replace("601", "600")
    assert f"(reglab.E036) This machine's clock is {sentence}" in printed


def test_a_clock_that_was_turned_back(real_site):
    ContentVersion.objects.update(changed_at=timezone.now() + timedelta(hours=1))
    assert "seconds behind the newest edit." in errors()


# Accounts


def test_no_account_that_can_sign_in(real_site):
    User.objects.update(is_active=False)
    assert "(reglab.E040) No account can sign in to the desk." in errors()


def test_an_account_without_a_password_opens_nothing(real_site, admin_user):
    admin_user.set_unusable_password()
    admin_user.save()
    assert "(reglab.E040) No account can sign in to the desk." in errors()


def test_no_superuser(real_site, secretary):
    User.objects.filter(is_superuser=True).delete()
    assert "(reglab.E041) No account can make accounts: there is no superuser." in errors()


# Mails


def test_a_mail_server_that_refuses(site, refusing_server):
    printed = errors()
    assert f"(reglab.E013) The mail server 127.0.0.1:{site.EMAIL_PORT} can't be used: " in printed
    assert "Connection refused" in printed


def test_a_mail_server_that_hangs(site, hanging_server):
    site.EMAIL_TIMEOUT = 0.5
    assert f"(reglab.E013) The mail server 127.0.0.1:{site.EMAIL_PORT} can't be used: " in (printed := errors())
    assert "timed out" in printed


def test_the_mail_server_is_greeted_and_gets_no_mail(real_site, sink):
    assert is_well()
    assert sink.messages == []


def test_mails_that_wait(real_site):
    Mail.objects.create(to="anna@example.com", reply_to="kansliet@example.com", subject="Kvitto")
    assert is_well()
    Mail.objects.update(created_at=timezone.now() - timedelta(hours=1))
    printed = errors()
    assert "(reglab.E042) Mails have waited for more than a quarter of an hour: 1." in printed
    assert "anna" not in printed


def test_a_check_changes_nothing(real_site, make_proposal):
    make_proposal()
    before = list(Proposal.objects.values()), list(User.objects.values()), ContentVersion.objects.get().name
    check()
    assert (list(Proposal.objects.values()), list(User.objects.values()), ContentVersion.objects.get().name) == before
