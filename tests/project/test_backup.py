"""Backup, damage, restore: nothing that was acknowledged is lost, and nothing is half there."""

import base64
import os
import pickle
import pty
import re
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from io import StringIO
from threading import Event
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from proposals.models import Contact, ContentVersion, Mail, Proposal, Synonym
from proposals.models.content_version import missing_triggers, remove_triggers
from reglab.operations.backup import sqlite
from tests.filled import TYPED
from tests.own_database import rows
from tests.server import ROOT, running

SUBMITTERS = 3
CROWD = "Trängsel"  # how their titles begin
LEFT_OUT = {"proposals_ratelimit": "key", "proposals_bookletfile": "name", "django_session": "session_key"}


pytestmark = pytest.mark.usefixtures("filled_db")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def backup(folder):
    """A function that makes a backup and gives its path."""

    def make(**options):
        before = set(folder.glob("*"))
        call_command("backup", folder=folder, **options)
        [path] = set(folder.glob("*")) - before
        return path

    return make


@pytest.fixture
def restore(folder):
    """A function that restores a backup without asking."""

    def restore_without_asking(path, **options):
        call_command("restore", path, **{"yes": True, "folder": folder} | options)

    return restore_without_asking


@pytest.fixture
def small_disk():
    """No file becomes larger than 100 kB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def execute(*commands):
    with connection.cursor() as cursor:
        for command in commands:
            cursor.execute(command)


def damage():
    """What goes wrong at its worst: rows gone, others overwritten, a table dropped."""
    Proposal.objects.filter(pk__lt=5).delete()
    Proposal.objects.update(title="Borta", background="")
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    execute(f"DROP TABLE proposals_mail{cascade}", f"DROP TABLE proposals_historicalproposalcontact{cascade}")


class Crowd:
    """Submitters who send in one proposal after the other through the form, and one who reads the list."""

    def __init__(self):
        self.acknowledged = {}  # title: when it was begun
        self.read = []
        self.is_over = Event()

    def __enter__(self):
        self.pool = ThreadPoolExecutor(SUBMITTERS + 1)
        self.work = [self.pool.submit(self._submit, number) for number in range(SUBMITTERS)]
        self.work.append(self.pool.submit(self._read))
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.pool.shutdown()
        for work in self.work:
            work.result()

    def wait_for(self, count):
        """Wait until `count` more submissions are acknowledged."""
        goal, last = len(self.acknowledged) + count, time.monotonic() + 60
        while len(self.acknowledged) < goal:
            assert time.monotonic() < last
            time.sleep(0.01)

    def _submit(self, number):
        count = 0
        while not self.is_over.is_set():
            count += 1
            title, begun_at = f"{CROWD} {number}-{count}", time.monotonic()
            visitor = Client(REMOTE_ADDR=f"10.{number}.{count // 256}.{count % 256}")
            answer = visitor.post("/forslag/nytt/", TYPED | {"title": title})
            assert (answer.status_code, answer.url) == (302, "/forslag/nytt/tack/")
            self.acknowledged[title] = begun_at
        connection.close()

    def _read(self):
        while not self.is_over.is_set():
            self.read.append(Client().get("/?mote=alla").status_code)
            time.sleep(0.05)
        connection.close()


def is_complete(proposal):
    """Whether everything is there that sending it in makes."""
    kinds = sorted(proposal.mails.values_list("kind", flat=True))
    history = list(proposal.history.values_list("history_change_reason", "title"))
    people = list(proposal.contacts.values_list("name", flat=True))
    return (kinds, history, people) == (
        ["new_proposal", "receipt"],
        [("submitted", proposal.title)],
        ["Bo Exempel"],
    )


def test_what_was_acknowledged_before_a_backup_under_load_comes_back_whole(backup, restore):
    with Crowd() as crowd:
        crowd.wait_for(10)
        before = list(crowd.acknowledged)
        path = backup()
        crowd.wait_for(5)
    damage()
    restore(path)
    sent_in = Proposal.objects.filter(title__startswith=CROWD)
    titles = [proposal.title for proposal in sent_in]
    assert len(titles) == len(set(titles))
    assert set(before) <= set(titles) <= set(crowd.acknowledged)
    assert all(is_complete(proposal) for proposal in sent_in)
    assert set(crowd.read) == {200}
    connection.check_constraints()


def test_a_restore_under_load_stops_nobody(backup, restore):
    with Crowd() as crowd:
        crowd.wait_for(5)
        path = backup()
        crowd.wait_for(5)
        restore(path)
        restored_at = time.monotonic()
        crowd.wait_for(SUBMITTERS + 5)  # each may have had one in hand
    later = {title for title, begun_at in crowd.acknowledged.items() if begun_at > restored_at}
    assert later
    sent_in = Proposal.objects.filter(title__startswith=CROWD)
    assert later <= {proposal.title for proposal in sent_in}
    assert all(is_complete(proposal) for proposal in sent_in)
    assert set(crowd.read) == {200}


def test_every_row_of_every_table_is_as_it_was(backup, restore):
    path = backup()
    before = rows()
    damage()
    restore(path)
    after = rows()
    assert after.pop("proposals_dataversion")["name"] != before.pop("proposals_dataversion")["name"]
    for table, column in LEFT_OUT.items():
        assert before.pop(table)[column]
        assert not after.pop(table)[column]
    assert after == before


def test_what_is_made_again_and_who_is_signed_in_stands_in_no_backup(backup):
    path = backup()
    for table, column in LEFT_OUT.items():
        values = rows()[table][column]
        assert values
        assert [value for value in values if value.encode() in content_of(path)] == []
    assert b"Gemensam laddning" in content_of(path)


def content_of(path):
    """All that stands in a backup."""
    if connection.vendor == "sqlite":
        return path.read_bytes()
    return subprocess.run(["pg_restore", "--file=-", path], check=True, capture_output=True).stdout  # noqa: S603, S607


class PickleBomb:
    """What makes a file when somebody unpickles it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_prepared_backup_of_a_version_with_cache_tables_runs_nothing(backup, restore, tmp_path):
    call_command("migrate", "proposals", "0010", verbosity=0)
    bomb = base64.b64encode(pickle.dumps(PickleBomb(tmp_path / "run"))).decode()
    keys = ["mails:turn", "mails:silence", *(f"booklet:slot:{number}" for number in range(2))]
    with connection.cursor() as cursor:
        for table in ("reglab_cache", "reglab_booklets"):
            cursor.executemany(
                f"INSERT INTO {table} VALUES (%s, %s, '2099-01-01 00:00:00')",  # noqa: S608
                [(f":1:{key}", bomb) for key in keys],
            )
    path = backup()
    assert bomb.encode() in content_of(path)
    restore(path)
    assert not {"reglab_cache", "reglab_booklets"} & set(connection.introspection.table_names())
    assert Client().post("/forslag/nytt/", TYPED | {"title": "Nytt"}).status_code == 302
    assert Client().get("/moten/2024-09-18/hafte.xlsx").status_code == 200
    call_command("prune")
    assert not (tmp_path / "run").exists()


def test_a_backup_is_one_sentence_and_one_file_for_its_owner_alone(backup, folder, capsys):
    path = backup()
    output = capsys.readouterr().out
    assert re.fullmatch(
        r"Wrote \S+/reglab-\d{4}-\d\d-\d\dT\d{6}Z\.(sqlite3|dump): \d+\.\d KB, 37 proposals\.\n", output
    )
    assert str(path) in output
    assert [stat.S_IMODE(one.stat().st_mode) for one in (folder, path)] == [0o700, 0o600]
    assert list(folder.iterdir()) == [path]


def test_only_the_newest_are_kept_and_what_is_not_ours_is_left(backup, folder, tmp_path, capsys):
    first = backup()
    others = [folder / name for name in ("reglab.sqlite3", "notes.txt", "reglab-2020-01-01.dump")]
    half_made = folder / ".reglab-2020-01-01T000000Z.dump.x.part"
    for path in (*others, half_made):
        path.touch()
    second, third = backup(), backup(keep=2)
    assert set(folder.iterdir()) == {second, third, *others}
    assert not first.exists()
    assert "Removed 2 older ones." in capsys.readouterr().out
    call_command("backup", tmp_path / "named")
    assert (tmp_path / "named").stat().st_size == third.stat().st_size
    with pytest.raises(CommandError, match="--keep is at least 1"):
        call_command("backup", folder=folder, keep=0)


def test_a_file_that_exists_is_never_written_over(backup, folder):
    path = backup()
    before = path.read_bytes()
    with pytest.raises(CommandError, match=f"No backup is made. {path} exists already"):
        call_command("backup", path)
    assert path.read_bytes() == before


def test_a_full_disk_is_one_line_and_leaves_nothing_behind(folder, small_disk):
    with pytest.raises(CommandError, match=r"^No backup is made\. .+\.$") as failure:
        call_command("backup", folder=folder)
    assert "\n" not in str(failure.value)
    assert list(folder.iterdir()) == []


def test_there_is_no_folder_to_write_to(tmp_path):
    with pytest.raises(CommandError, match=f"There is no folder {tmp_path}/none."):
        call_command("backup", tmp_path / "none" / "file")


def test_a_database_that_is_not_ours_is_no_backup(folder):
    execute("DELETE FROM django_migrations WHERE app = 'proposals'")
    with pytest.raises(CommandError, match="There are no proposals in"):
        call_command("backup", folder=folder)
    assert list(folder.iterdir()) == []


def make_files(folder, path):
    """Files that aren't backups of ours, each with the reason of its refusal."""
    folder.mkdir()
    whole = path.read_bytes()
    foreign = folder / "foreign.sqlite3"
    with closing(sqlite3.connect(foreign)) as file:
        file.execute("CREATE TABLE proposals_proposal (id)")
    is_sqlite = connection.vendor == "sqlite"
    contents = {
        "text": (b"Bara text", "isn't a backup of Reglab"),
        "empty": (b"", "isn't a backup of Reglab"),
        "cut": (whole[:-5_000], "is damaged" if is_sqlite else "pg_restore failed"),
        "foreign": (foreign.read_bytes(), "isn't a backup of Reglab: it has no" if is_sqlite else "is of SQLite, but"),
        "other": (b"PGDMP" + whole, "is of PostgreSQL, but" if is_sqlite else "pg_restore failed"),
    }
    for name, (content, reason) in contents.items():
        (folder / name).write_bytes(content)
        yield folder / name, reason
    yield folder, "Is a directory"
    yield folder / "none", "No such file"


def test_what_is_no_backup_of_ours_changes_nothing(backup, restore, tmp_path):
    path = backup()
    before = rows()
    for file, reason in make_files(tmp_path / "files", path):
        with pytest.raises(CommandError, match=rf"^Nothing is changed\. .*{reason}.*\.$"):
            restore(file)
    assert rows() == before


def test_a_backup_of_a_newer_version_is_refused_by_name(backup, restore):
    recorder = MigrationRecorder(connection)
    recorder.record_applied("proposals", "9999_of_another_year")
    path = backup()
    recorder.record_unapplied("proposals", "9999_of_another_year")
    with pytest.raises(CommandError, match=r"newer version of Reglab: proposals\.9999_of_another_year is unknown here"):
        restore(path)


def test_a_backup_of_an_older_version_comes_up_to_date(backup, restore):
    call_command("migrate", "proposals", "0005", verbosity=0)
    path = backup()
    call_command("migrate", verbosity=0)
    restore(path)
    call_command("migrate", check_unapplied=True)
    page = Client().get("/?q=upphandling&mote=2024-09-18")
    assert 'href="/forslag/2024-09-18/' in page.content.decode()
    name = ContentVersion.objects.current()[0]
    Proposal.objects.filter(number=7).update(title="Ändrad")
    assert ContentVersion.objects.current()[0] != name


def test_a_cached_page_does_not_outlive_a_restore(backup, restore):
    address = "/forslag/2024-09-18/7/"
    old = Client().get(address)
    path = backup()
    Proposal.objects.filter(number=7).update(title="Ändrad sedan dess")
    # Last-Modified counts in seconds
    ContentVersion.objects.update(changed_at=timezone.now() - timedelta(seconds=5))
    newer = Client().get(address)
    assert "Ändrad sedan dess" in newer.content.decode()
    restore(path)
    for headers in ({}, {"If-None-Match": newer["ETag"]}, {"If-Modified-Since": newer["Last-Modified"]}):
        page = Client().get(address, headers=headers)
        assert page.status_code == 200
        assert "Ändrad sedan dess" not in page.content.decode()
    assert page["ETag"] == old["ETag"]


def test_what_gives_the_pages_their_version_is_there_after_a_restore(backup, restore):
    remove_triggers()
    restore(backup())
    name = ContentVersion.objects.current()[0]
    Proposal.objects.filter(number=7).update(title="Ändrad")
    assert ContentVersion.objects.current()[0] != name


def test_a_mail_that_waited_may_have_gone_since_and_waits_for_a_person(backup, restore):
    Mail.objects.create(kind=Mail.Kind.RECEIPT, to="anna@example.com", subject="Kvitto", body="Tack")
    path = backup()
    restore(path)
    call_command("send_mails")
    assert Mail.objects.get(subject="Kvitto").is_uncertain


class TestConfirming:
    def test_without_a_terminal_nothing_is_changed(self, backup, restore, monkeypatch):
        path = backup()
        monkeypatch.setattr(sys, "stdin", StringIO("restore\n"))
        with pytest.raises(CommandError, match=r"^Nothing is changed\. Say --yes, or confirm"):
            restore(path, yes=False)

    @pytest.mark.parametrize(("typed", "count"), [("restore\n", 37), ("yes\n", 0), ("\n", 0), ("\x04", 0)])
    def test_a_person_at_a_terminal_types_the_word(self, backup, restore, monkeypatch, typed, count):
        path = backup()
        Proposal.objects.all().delete()
        keyboard, terminal = pty.openpty()
        monkeypatch.setattr(sys, "stdin", os.fdopen(terminal))
        os.write(keyboard, typed.encode())
        if count:
            restore(path, yes=False)
        else:
            with pytest.raises(CommandError, match=r"^Nothing is changed\.$"):
                restore(path, yes=False)
        assert Proposal.objects.count() == count


class TestTheSafetyCopy:
    def test_what_was_there_can_be_brought_back(self, backup, restore, folder, capsys):
        path = backup()
        Contact.objects.create(name="Senare")
        restore(path)
        assert not Contact.objects.filter(name="Senare").exists()
        copy = max(folder.iterdir())
        assert f"What was there is in {copy}." in capsys.readouterr().out
        restore(copy)
        assert Contact.objects.filter(name="Senare").exists()

    def test_when_it_cannot_be_made_nothing_is_changed(self, backup, restore, folder, capsys):
        path = backup()
        Proposal.objects.all().delete()
        (folder / "file").touch()
        with pytest.raises(
            CommandError, match=r"^Nothing is changed\. What is there now can't be copied\. .*safety-copy\.$"
        ):
            restore(path, folder=folder / "file")
        assert not Proposal.objects.exists()
        restore(path, folder=folder / "file", without_safety_copy=True)
        assert Proposal.objects.count() == 37
        assert "What is there now can't be copied." in capsys.readouterr().out


if connection.vendor == "sqlite":

    def test_who_writes_meanwhile_neither_waits_nor_is_in_the_copy(backup, monkeypatch):
        written = []

        def write(_):
            assert len(written) < 100, "it begins anew with each write"
            written.append(Synonym.objects.create(expressions=f"ord {len(written)}, annat {len(written)}"))

        monkeypatch.setattr(sqlite, "STEP", 20)
        monkeypatch.setattr(sqlite, "time", SimpleNamespace(sleep=write))
        before = Synonym.objects.count()
        path = backup()
        assert len(written) > 5
        with closing(sqlite3.connect(path)) as copy:
            assert copy.execute("SELECT count(*) FROM proposals_synonym").fetchone() == (before,)
        assert path.read_bytes()[18:20] == b"\1\1"  # SQLite's sign for a file that is whole without a log beside it

    class TestWhatRunsByItself:
        STEAL = "AFTER INSERT ON proposals_proposal BEGIN UPDATE proposals_contact SET name = new.submitter_email; END"
        PREPARED = {
            "the trigger steal": [f"CREATE TRIGGER steal {STEAL}"],
            "the view titles": ["CREATE VIEW titles AS SELECT title FROM proposals_proposal"],
            "the table words": ["CREATE VIRTUAL TABLE words USING fts5(word)"],
        }

        @pytest.mark.parametrize(("what", "commands"), PREPARED.items())
        def test_a_file_with_what_is_not_ours_is_refused_by_name(self, backup, restore, what, commands):
            path = backup()
            before = rows()
            prepare(path, *commands)
            with pytest.raises(CommandError, match=rf"^Nothing is changed\. .*run by itself: {what}\.$"):
                restore(path)
            assert rows() == before

        def test_what_goes_by_the_name_of_ours_is_ours_again(self, backup, restore):
            path = backup()
            name = "version_update_proposals_contact"
            prepare(path, f"DROP TRIGGER {name}", f"CREATE TRIGGER {name} {self.STEAL}")
            restore(path)
            Client().post("/forslag/nytt/", TYPED | {"title": "Nytt"})
            assert not Contact.objects.filter(name="anna@example.com").exists()
            assert missing_triggers() == []

        def test_what_somebody_has_added_here_is_in_no_backup_so_that_each_can_be_restored(self, backup, restore):
            execute(f"CREATE TRIGGER steal {self.STEAL}", "CREATE VIEW titles AS SELECT title FROM proposals_proposal")
            restore(backup())
            assert Proposal.objects.count() == 37
            assert "titles" not in schema_names()

    def prepare(path, *commands):
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            for command in commands:
                file.execute(command)

    def schema_names():
        with connection.cursor() as cursor:
            return {name for [name] in cursor.execute("SELECT name FROM sqlite_master")}

    class TestTheFile:
        @pytest.fixture
        def file(self):
            return connection.settings_dict["NAME"]

        @pytest.mark.parametrize("content", [b"Garbage " * 5_000, b"SQLite format 3\0" * 99])
        def test_garbage_is_copied_and_replaced(self, backup, restore, folder, file, content, capsys):
            path = backup()
            before = rows()
            connection.close()
            for name in ("", "-wal", "-shm"):
                file.with_name(file.name + name).write_bytes(content)
            file.chmod(0o640)
            restore(path)
            output = capsys.readouterr().out
            assert "Restart the site now" in output
            assert rows()["proposals_proposal"] == before["proposals_proposal"]
            [aside] = folder.glob("reglab-*.damaged.sqlite3")
            assert f"What was there is in {aside}." in output
            assert aside.read_bytes() == content
            assert [stat.S_IMODE(one.stat().st_mode) for one in (aside, file)] == [0o600, 0o640]

        @pytest.mark.parametrize("size", [0, 1_000, 50_000])
        def test_a_file_that_is_cut_off_is_whole_again(self, backup, restore, file, size):
            path = backup()
            before = rows()
            connection.close()
            os.truncate(file, size)
            restore(path)
            assert rows()["proposals_proposal"] == before["proposals_proposal"]
            assert Client().get("/?mote=2024-09-18").status_code == 200

        def test_the_log_of_the_old_file_is_not_read_into_the_new_one(self, backup, restore, file):
            path = backup()
            Proposal.objects.filter(number=7).update(title="Ur den gamla loggen")
            log = file.with_name(file.name + "-wal")
            content = log.read_bytes()
            connection.close()
            file.write_bytes(b"Garbage " * 5_000)
            log.write_bytes(content)
            restore(path)
            assert Proposal.objects.count() == 37
            assert not Proposal.objects.filter(title="Ur den gamla loggen").exists()

        def test_a_file_that_is_gone_is_back(self, backup, restore, file, capsys):
            path = backup()
            before = rows()
            connection.close()
            file.unlink()
            with pytest.raises(CommandError, match=f"There is no database at {file}"):
                backup()
            restore(path)
            assert rows()["proposals_proposal"] == before["proposals_proposal"]
            output = capsys.readouterr().out
            assert "There was nothing to copy first." in output
            assert "Restart the site now" in output

        def test_pages_of_another_size_are_no_hindrance(self, backup, restore):
            path = backup()
            execute("PRAGMA journal_mode=DELETE", "PRAGMA page_size=8192", "VACUUM")
            restore(path)
            assert Proposal.objects.count() == 37

        def test_who_writes_for_long_is_waited_for_and_then_named(self, backup, restore, file, monkeypatch):
            monkeypatch.setattr(sqlite, "TIMEOUT", 0.1)
            path = backup()
            with closing(sqlite3.connect(file, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                with pytest.raises(CommandError, match=r"^Nothing is changed\. Somebody has been writing"):
                    restore(path)
            restore(path)

    def test_a_running_site_shows_what_is_restored_and_garbage_is_replaced(tmp_path):
        file = tmp_path / "reglab.sqlite3"
        with running(tmp_path) as (port, _):
            manage(file, "backup", tmp_path / "backup")
            with closing(sqlite3.connect(file)) as database:
                database.execute("UPDATE proposals_proposal SET title = 'Borta'")
                database.commit()
            assert "Borta" in page_of(port)
            output = manage(file, "restore", tmp_path / "backup", "--yes", "--folder", tmp_path)
            assert "Restart" not in output
            assert "Borta" not in page_of(port)
        for rest in tmp_path.glob("reglab.sqlite3-*"):  # what a server that was stopped may have left is whole
            rest.unlink()
        file.write_bytes(os.urandom(20_000))
        output = manage(file, "restore", tmp_path / "backup", "--yes", "--folder", tmp_path)
        assert "Restart the site now" in output
        assert "28 proposals" in manage(file, "backup", tmp_path / "again")

    def manage(file, *arguments):
        """What manage.py says, run as somebody does who runs the site on the SQLite file."""
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{file}", "DJANGO_SETTINGS_MODULE": "tests.settings"}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout  # noqa: S603

    def page_of(port):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/?mote=2024-09-18")
        return connection.getresponse().read().decode()

else:

    class TestThePrograms:
        def test_one_that_is_missing_is_named(self, folder, monkeypatch, tmp_path):
            monkeypatch.setenv("PATH", str(tmp_path))
            with pytest.raises(
                CommandError, match=r"pg_dump isn't installed\. Debian has it in the package postgresql-client"
            ):
                call_command("backup", folder=folder)
            assert list(folder.iterdir()) == []

        def test_a_server_that_is_gone_is_one_line(self, folder, monkeypatch):
            connection.close()
            with monkeypatch.context() as elsewhere:
                elsewhere.setitem(connection.settings_dict["OPTIONS"], "host", "/nowhere")
                with pytest.raises(CommandError, match=r"^No backup is made\. pg_dump failed: .*No such file.*\.$"):
                    call_command("backup", folder=folder)

        def test_the_password_is_on_no_command_line(self, backup, restore, monkeypatch, tmp_path):
            monkeypatch.setitem(connection.settings_dict, "PASSWORD", "hemligt")
            log = tmp_path / "log"
            for program in ("pg_dump", "pg_restore", "psql"):
                wrapper = tmp_path / program
                wrapper.write_text(
                    f'#!/bin/sh\necho "$0 $@ and $PGPASSWORD" >> {log}\nexec {shutil.which(program)} "$@"\n'
                )
                wrapper.chmod(0o755)
            monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
            restore(backup())
            output = log.read_text()
            assert all(f"{tmp_path}/{program} " in output for program in ("pg_dump", "pg_restore", "psql"))
            assert all(line.count("hemligt") == 1 and line.endswith(" and hemligt") for line in output.splitlines())

        def test_a_backup_of_tables_where_the_site_does_not_look_is_refused(self, backup, restore):
            execute("ALTER SCHEMA public RENAME TO elsewhere", "SET search_path TO elsewhere")
            path = backup()
            execute("ALTER SCHEMA elsewhere RENAME TO public", "RESET search_path")
            before = rows()
            with pytest.raises(CommandError, match=r"^Nothing is changed\. .* tables in elsewhere, where this site"):
                restore(path)
            assert rows() == before

        def test_tables_of_other_software_stay_as_they_are(self, backup, restore):
            execute("CREATE SCHEMA elsewhere", "CREATE TABLE elsewhere.paid (id integer)")
            path = backup()
            execute("CREATE TABLE invoice (id integer, sum integer)", "INSERT INTO invoice VALUES (7, 100)")
            execute("INSERT INTO elsewhere.paid VALUES (7)")
            restore(path)
            assert rows()["invoice"] == {"id": (7,), "sum": (100,)}
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM elsewhere.paid")
                assert cursor.fetchall() == [(7,)]

        def test_nothing_that_runs_by_itself_is_restored_but_what_is_ours(self, backup, restore):
            steal = "$$ BEGIN UPDATE proposals_contact SET name = 'x'; RETURN NULL; END $$"
            execute(
                f"CREATE FUNCTION steal() RETURNS trigger LANGUAGE plpgsql AS {steal}",
                "CREATE TRIGGER steal AFTER INSERT ON proposals_proposal EXECUTE FUNCTION steal()",
                "CREATE RULE deny AS ON DELETE TO proposals_contact DO INSTEAD NOTHING",
                "CREATE VIEW titles AS SELECT title FROM proposals_proposal",
            )
            path = backup()
            text = content_of(path)
            assert all(word in text for word in (b"FUNCTION public.steal", b"RULE deny", b"VIEW public.titles"))
            execute("DROP VIEW titles", "DROP FUNCTION steal CASCADE")
            restore(path)
            Client().post("/forslag/nytt/", TYPED | {"title": "Nytt"})
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT proname FROM pg_proc WHERE proname = 'steal' UNION SELECT tgname FROM pg_trigger "
                    "WHERE tgname = 'steal' UNION SELECT rulename FROM pg_rules WHERE schemaname = 'public' "
                    "UNION SELECT viewname FROM pg_views WHERE schemaname = 'public'"
                )
                assert cursor.fetchall() == []
            assert missing_triggers() == []

        def test_a_prepared_file_runs_no_command_of_the_shell(self, backup, restore, tmp_path):
            """Where psql is of August 2025 or newer."""
            command = f"');\n\\! touch {tmp_path}/run\n--"
            room = "x" * len(command)
            execute(f"CREATE TABLE proposals_more (id integer, CHECK (id::text <> '{room}'))")
            path = backup()
            path.write_bytes(path.read_bytes().replace(room.encode(), command.encode()))
            assert f"\n\\! touch {tmp_path}".encode() in content_of(path)
            with pytest.raises(CommandError, match=r"^Nothing is changed\. psql failed: "):
                restore(path)
            assert not (tmp_path / "run").exists()

        def test_an_owner_who_is_not_here_is_no_hindrance(self, backup, restore):
            execute("CREATE ROLE somebody", "ALTER TABLE proposals_word OWNER TO somebody")
            path = backup()
            execute("REASSIGN OWNED BY somebody TO CURRENT_USER", "DROP ROLE somebody")
            restore(path)
            assert Proposal.objects.count() == 37

        def test_what_others_have_built_on_our_tables_is_named_and_nothing_is_changed(self, backup, restore):
            path = backup()
            Proposal.objects.update(title="Efteråt")
            execute("CREATE VIEW titles AS SELECT title FROM proposals_proposal")
            with pytest.raises(
                CommandError, match=r"^Nothing is changed\. psql failed: cannot drop .* view titles depends on"
            ):
                restore(path)
            assert set(Proposal.objects.values_list("title", flat=True)) == {"Efteråt"}
