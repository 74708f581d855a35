"""A database for one test to wreck, and what stands in it."""

import os
import shutil
from contextlib import contextmanager

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection

from proposals.emails import outbox


@contextmanager
def model(folder, fill):
    """A database, migrated and filled by `fill`, for others to be copied from; gives its name."""
    with _made(_name(folder, fill.__name__)) as name:
        with _in_use(name), pytest.MonkeyPatch.context() as patch:
            patch.setattr(outbox, "PER_HOUR", 1_000)  # what is months apart happens here at once
            call_command("migrate", verbosity=0)
            fill()
        yield name


@contextmanager
def copied(model, folder):
    """A copy of the database `model` in the place of the tests' common one, until the block ends."""
    with _made(_name(folder, "own"), model) as name, _in_use(name):
        yield


def _name(folder, word):
    """SQLite's is a file in `folder`, PostgreSQL's another one in each process of the tests."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    return folder / f"{word}.sqlite3" if connection.vendor == "sqlite" else f"reglab_{word}_{worker}"


@contextmanager
def _made(name, model=None):
    if connection.vendor == "sqlite":
        if model:
            shutil.copyfile(model, name)
        yield name
        return
    _administer(f"CREATE DATABASE {name}" + (f" TEMPLATE {model}" if model else ""))
    try:
        yield name
    finally:
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _in_use(name):
    common = connection.settings_dict["NAME"]
    _turn_to(name)
    try:
        yield
    finally:
        _turn_to(common)


def _turn_to(name):
    """Let all new connections, in every thread, lead to the database `name`."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
    caches["pages"].clear()


def _administer(command):
    with connection._nodb_cursor() as cursor:
        cursor.execute(command)


def rows():
    """Every row of every table, as {table: {column: what it holds, row by row}}."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith("sqlite_")]
        return {table: _columns(cursor, table) for table in tables}


def _columns(cursor, table):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1, 2")  # noqa: S608
    names = [column[0] for column in cursor.description]
    values = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(names)
    return dict(zip(names, values, strict=True))
