"""Backup, wreck, restore: nothing that was acknowledged is lost, and nothing is half there."""

import os
import pty
import re
import resource
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from http.client import HTTPConnection
from threading import Event

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from proposals.models import Contact, DataVersion, Mail, Meeting, Proposal
from tests.filled import TYPED, fill
from tests.own_database import rows
from tests.server import ROOT, running

SUBMITTERS = 3


pytestmark = pytest.mark.usefixtures("own_db")


@pytest.fixture
def filled(own_db):
    fill()


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

    def bring_back(path, **options):
        call_command("restore", path, **{"yes": True, "folder": folder} | options)

    return bring_back


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


def wreck():
    """What goes wrong at its worst: rows gone, others overwritten, a table dropped."""
    Proposal.objects.filter(pk__lt=5).delete()
    Proposal.objects.update(title="Borta", background="")
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    execute(f"DROP TABLE proposals_mail{cascade}", f"DROP TABLE proposals_historicalproposalcontact{cascade}")


class Crowd:
    """Submitters who send in one proposal after the other through the form, and one who reads the list."""

    def __init__(self):
        self.acknowledged = []
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
        place = 0
        while not self.is_over.is_set():
            place += 1
            title = f"Förslag {number}-{place}"
            answer = Client(REMOTE_ADDR=f"10.0.{number}.{place}").post("/forslag/nytt/", TYPED | {"title": title})
            assert (answer.status_code, answer.url) == (302, "/forslag/nytt/tack/")
            self.acknowledged.append(title)
        connection.close()

    def _read(self):
        while not self.is_over.is_set():
            self.read.append(Client().get("/?mote=alla").status_code)
            time.sleep(0.05)
        connection.close()


def is_whole(proposal):
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
    Meeting.objects.create(date=date(2030, 5, 14))
    with Crowd() as crowd:
        crowd.wait_for(10)
        before = list(crowd.acknowledged)
        path = backup()
        crowd.wait_for(5)
    wreck()
    restore(path)
    titles = list(Proposal.objects.values_list("title", flat=True))
    assert len(titles) == len(set(titles))
    assert set(before) <= set(titles) <= set(crowd.acknowledged)
    assert all(is_whole(proposal) for proposal in Proposal.objects.all())
    assert Mail.objects.count() == 2 * len(titles)
    assert set(crowd.read) == {200}
    connection.check_constraints()


def test_a_restoration_under_load_stops_nobody(backup, restore):
    Meeting.objects.create(date=date(2030, 5, 14))
    with Crowd() as crowd:
        crowd.wait_for(5)
        path = backup()
        crowd.wait_for(5)
        restore(path)
        after = len(crowd.acknowledged) + SUBMITTERS  # each may have had one in hand
        crowd.wait_for(SUBMITTERS + 5)
    titles = set(Proposal.objects.values_list("title", flat=True))
    assert set(crowd.acknowledged[after:]) <= titles
    assert all(is_whole(proposal) for proposal in Proposal.objects.all())
    assert set(crowd.read) == {200}


def test_every_row_of_every_table_is_as_it_was(filled, backup, restore):
    path = backup()
    before = rows()
    wreck()
    restore(path)
    after = rows()
    version, sessions = (before.pop(table) for table in ("proposals_dataversion", "django_session"))
    assert after.pop("proposals_dataversion")["name"] != version["name"]
    assert sessions["session_key"]
    assert not after.pop("django_session")["session_key"]
    assert after == before
