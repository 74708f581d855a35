"""A database for one test to wreck, and what stands in it."""

from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection


@contextmanager
def own_database(folder):
    """A new database, migrated, in the place of the tests' common one until the block ends; SQLite's is in `folder`."""
    common = connection.settings_dict["NAME"]
    own = folder / "own.sqlite3" if connection.vendor == "sqlite" else f"own_{common}"
    _administer(f"DROP DATABASE IF EXISTS {own}", f"CREATE DATABASE {own}")
    _turn_to(own)
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        _turn_to(common)
        _administer(f"DROP DATABASE {own} WITH (FORCE)")


def _turn_to(name):
    """Let all new connections, in every thread, lead to the database `name`."""
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
    caches["pages"].clear()


def _administer(*commands):
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            for command in commands:
                cursor.execute(command)


def rows():
    """Every row of every table, as {table: {column: what it holds, row by row}}."""
    with connection.cursor() as cursor:
        return {table: _columns(cursor, table) for table in connection.introspection.table_names(cursor)}


def _columns(cursor, table):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1, 2")  # noqa: S608
    names = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
    values = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(names)
    return dict(zip(names, values, strict=True))
