"""Databases that really don't answer, each as a context in which every query of ours fails or waits too long.

For tests in real transactions (`transactional_db`): they use the connection that the requests use.
"""

import sqlite3
from contextlib import contextmanager

import psycopg
from django.db import connection

IS_SQLITE = connection.vendor == "sqlite"
TABLES = "proposals_proposal, proposals_meeting, proposals_ratelimit, django_session"


@contextmanager
def locked():
    """Somebody else holds what is to be written, for longer than we wait."""
    _wait_at_most("50" if IS_SQLITE else "'50ms'")
    other = sqlite3.connect(connection.settings_dict["NAME"]) if IS_SQLITE else _another_connection()
    other.execute("BEGIN IMMEDIATE" if IS_SQLITE else f"LOCK TABLE {TABLES} IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
        _wait_at_most("20000" if IS_SQLITE else "0")


@contextmanager
def gone():
    """There is no database: the file can't be opened, or nobody answers at the port."""
    _disconnect()
    elsewhere = {"NAME": "/nowhere/at/all"} if IS_SQLITE else {"HOST": "127.0.0.1", "PORT": "1"}
    before = {name: connection.settings_dict[name] for name in elsewhere}
    connection.settings_dict.update(elsewhere)
    try:
        yield
    finally:
        _disconnect()
        connection.settings_dict.update(before)


@contextmanager
def full():
    """SQLite: the file may not grow by a single page. What is shorter than a page may still find room."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        before = cursor.execute("PRAGMA max_page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {before}")


@contextmanager
def cut_off():
    """PostgreSQL: the server drops our connection, as when it is restarted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        key = cursor.fetchone()[0]
    with _another_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [key])
    try:
        yield
    finally:
        # What Django does at the end of a request, and the test client doesn't
        connection.close_if_unusable_or_obsolete()


@contextmanager
def without_sessions():
    """What is to be saved can be, but not the session, which comes last."""
    steps = [
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE USING ERRCODE = '53100'; END $$"
    ]
    action = "FOR EACH ROW EXECUTE FUNCTION no_room()"
    if IS_SQLITE:
        steps, action = [], "BEGIN INSERT INTO nowhere VALUES (1); END"
    steps += [f"CREATE TRIGGER no_{one} BEFORE {one} ON django_session {action}" for one in ("INSERT", "UPDATE")]
    with connection.cursor() as cursor:
        for step in steps:
            cursor.execute(step)
    try:
        yield
    finally:
        ends = ["DROP TRIGGER no_INSERT", "DROP TRIGGER no_UPDATE"] if IS_SQLITE else ["DROP FUNCTION no_room CASCADE"]
        with connection.cursor() as cursor:
            for end in ends:
                cursor.execute(end)


OUTAGES = [locked, gone, full if IS_SQLITE else cut_off]


def _disconnect():
    """Whoever asks next connects anew; the connections of a pool would still be good."""
    connection.close()
    if not IS_SQLITE:
        connection.close_pool()


def _another_connection():
    wanted = {name: value for name, value in connection.get_connection_params().items() if name in PLACE}
    return psycopg.connect(**wanted)


PLACE = {"dbname", "user", "password", "host", "port"}


def _wait_at_most(time):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {time}" if IS_SQLITE else f"SET lock_timeout = {time}")
