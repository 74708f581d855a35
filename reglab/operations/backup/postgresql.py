"""Backups of PostgreSQL with pg_dump, pg_restore and psql; pg_dump blocks neither readers nor writers."""

import os
import re
import subprocess
from contextlib import contextmanager
from subprocess import DEVNULL, PIPE
from tempfile import NamedTemporaryFile

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import pq

from reglab.operations.backup.contents import LEFT_OUT, Contents
from reglab.operations.backup.failure import BackupFailed

NAME = "PostgreSQL"
SUFFIX = ".dump"
MAGIC = b"PGDMP"
LOCK_TIMEOUT = 60  # seconds
ATTEMPTS = 5  # at a deadlock with requests of the running site
FIRST = "proposals_proposal"  # the first table that most writers lock, so we do as well
CACHES = ("reglab_cache", "reglab_booklets")  # of older versions
# What is restored: rows and what holds them, but nothing that runs by itself. Our own triggers are made anew.
RESTORED = (
    "TABLE|TABLE DATA|SEQUENCE|SEQUENCE OWNED BY|SEQUENCE SET|DEFAULT|CONSTRAINT|CHECK CONSTRAINT|FK CONSTRAINT|INDEX"
)
DUMP = ["pg_dump", "--format=custom", "--no-password", f"--lock-wait-timeout={LOCK_TIMEOUT}s"]
DUMP += [f"--exclude-table-data={model._meta.db_table}" for model in LEFT_OUT]
RESTORE = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges"]
SHELL = ["psql", "--single-transaction", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"]


def location():
    return f"the PostgreSQL database {connection.settings_dict['NAME']}"


def is_empty():
    return not _our_tables()


def dump(target):
    with target.open("wb") as file:
        _run(*DUMP, stdout=file)


def contents(path):
    # Reads all of it: the list of contents stands at the beginning of the file, also of one that was cut off
    _run("pg_restore", "--file=/dev/null", path)
    if _schema(path) is None:
        return Contents()
    migrations = frozenset(tuple(row.split("\t")[1:3]) for row in _rows(path, "django_migrations"))
    return Contents(migrations, len(_rows(path, "proposals_proposal")))


def load(path):
    """Replace the site's tables, all of them or none; tables of other software stay.

    Returns False: running processes need no restart.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _load(path)
            break
        except BackupFailed as error:
            if "deadlock detected" not in str(error) or attempt == ATTEMPTS:
                raise
    return False


def _load(path):
    """One transaction of psql's, because pg_restore can't drop the tables that the backup doesn't know.

    They would stand in the way of the migrations that make them.
    """
    schema = _schema(path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY(current_schemas(false))", [schema])
        if cursor.fetchone() != (True,):
            raise BackupFailed(f"{path} has its tables in {schema}, where this site doesn't look.")
    tables = ", ".join(map(connection.ops.quote_name, _our_tables()))
    connection.close()
    with _restore_list(path, schema) as wanted, NamedTemporaryFile(suffix=".sql") as script:
        _run(*RESTORE, f"--use-list={wanted}", f"--file={script.name}", path)
        timeout = f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}s'"
        drop = [f"--command=DROP TABLE {tables}"] if tables else []
        _run(*SHELL, f"--command={timeout}", *drop, f"--file={script.name}")


def _our_tables():
    """The site's tables and its libraries', in the order in which to lock and drop them."""
    with connection.cursor() as cursor:
        existing = connection.introspection.table_names(cursor)
    labels = {"django"} | MigrationLoader(None).migrated_apps
    labels |= {app for app, _ in MigrationRecorder(connection).applied_migrations()}
    prefixes = tuple(f"{label}_" for label in labels)
    return sorted(
        (name for name in existing if name.startswith(prefixes) or name in CACHES),
        key=lambda name: (name != FIRST, name),
    )


def _schema(path):
    match = re.search(r"^\d+; \d+ \d+ TABLE (\S+) proposals_proposal ", _listed(path), re.MULTILINE)
    return match and match[1]


def _listed(path):
    return _run("pg_restore", "--list", path, stdout=PIPE).decode(errors="replace")


@contextmanager
def _restore_list(path, schema):
    wanted = re.compile(rf"\d+; \d+ \d+ ({RESTORED}) {re.escape(schema)} ")
    with NamedTemporaryFile("w", suffix=".list") as file:
        file.writelines(f"{line}\n" for line in _listed(path).splitlines() if wanted.match(line))
        file.flush()
        yield file.name


def _rows(path, table):
    """The rows of a table in the backup as COPY writes them: values with tabs between."""
    script = _run("pg_restore", "--data-only", f"--table={table}", "--file=-", path, stdout=PIPE).decode()
    _, _, copy = script.partition("\nCOPY ")
    lines = copy.split("\n")
    return lines[1 : lines.index("\\.")] if copy else []


def _run(program, *arguments, stdout=DEVNULL):
    try:
        done = subprocess.run([program, *arguments], env=_environment(), stdout=stdout, stderr=PIPE)  # noqa: S603
    except FileNotFoundError as error:
        raise BackupFailed(f"{program} isn't installed. Debian has it in the package postgresql-client.") from error
    if done.returncode:
        raise _failure(program, done.stderr)
    return done.stdout


def _environment():
    """libpq's environment variables: a password on a command line could be read by every account."""
    known = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults() if option.envvar}
    parameters = connection.get_connection_params().items()
    ours = {known[name].decode(): str(value) for name, value in parameters if name in known and value is not None}
    return os.environ | ours | {"LC_ALL": "C"}


def _failure(program, stderr):
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    first = next((index for index, line in enumerate(lines) if re.search("error:|ERROR:|FATAL:", line)), 0)
    shown = [re.sub(r"^.*?(error|ERROR|FATAL): *", "", line) for line in lines[first : first + 1]]
    shown += [line for line in lines[first + 1 : first + 2] if line.startswith("DETAIL:")]
    return BackupFailed(f"{program} failed: {' '.join(shown) or 'it was stopped'}.")
