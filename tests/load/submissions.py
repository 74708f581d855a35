"""Fifty submitters and two hundred readers at once, on SQLite and on PostgreSQL: `make load`.

Sends 1 000 proposals (`python -m tests.load.submissions 5000` sends more) to the server as `make run` starts it, over
loopback only, and looks whether each that was acknowledged is in the database once. Reading is measured before, while
nobody sends, and meanwhile.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests import postgres
from tests.load.crowd import Crowd, percentile_99
from tests.server import environment_for, fill, free_port, manage, serving

SUBMITTERS = 50
ROUNDS = 8  # through all pages, until each process has them
IDLE = 15  # seconds
MOST_SLOWER = 10  # times, for those who read meanwhile
OPEN_CALL = """
from datetime import timedelta
from django.utils import timezone
from proposals.models import Meeting
Meeting.objects.create(date=timezone.localdate() + timedelta(days=60))
"""
COUNT = """
import json
from proposals.models import Mail, Proposal
titles = list(Proposal.objects.exclude(submitter_email="").values_list("title", flat=True))
print(json.dumps([titles, Mail.objects.count(), Mail.objects.unsent().count()]))
"""


@contextmanager
def mail_server(port):
    """A mail server of its own that takes all and keeps nothing; gives its process."""
    command = ["-m", "aiosmtpd", "--nosetuid", "--listen", f"127.0.0.1:{port}", "--class", "aiosmtpd.handlers.Sink"]
    server = subprocess.Popen([sys.executable, *command], stderr=subprocess.DEVNULL)  # noqa: S603 (our own command)
    try:
        yield server
    finally:
        server.kill()
        server.wait()


@contextmanager
def databases():
    """(name, address) of each database that there is."""
    with tempfile.TemporaryDirectory() as folder:
        found = [("SQLite", f"sqlite:///{Path(folder, 'reglab.sqlite3')}")]
        binaries = postgres.find_binaries()
        if binaries is None:
            print(postgres.MISSING)
            yield found
            return
        with postgres.cluster(binaries) as cluster:
            yield [*found, ("PostgreSQL", cluster.url)]


def prepared(url):
    """The environment of a site on that database, with the 28 proposals and an open call; its mails go to MAIL_PORT."""
    environment = environment_for(url, "tests.load.settings", MAIL_PORT=str(free_port()))
    fill(environment)
    manage(environment, "shell", "--no-imports", "-c", OPEN_CALL)
    return environment


def main(total):
    with databases() as found:
        results = [_run(name, prepared(url), total // SUBMITTERS) for name, url in found]
    return 0 if all(results) else 1


def _run(name, environment, each):
    with mail_server(int(environment["MAIL_PORT"])), serving(environment) as (port, _):
        idle, busy = Crowd(port), Crowd(port)
        asyncio.run(idle.look_at_everything(ROUNDS))
        idle.reading.clear()
        asyncio.run(idle.read(IDLE))
        begun = time.monotonic()
        asyncio.run(busy.read_and_send(SUBMITTERS, each))
        seconds = time.monotonic() - begun
    return tell(name, environment, idle, busy, seconds)


def count(environment):
    """The titles of what was sent in, how many mails there are, and how many of them wait."""
    return json.loads(manage(environment, "shell", "--no-imports", "-c", COUNT).splitlines()[-1])


def tell(name, environment, idle, busy, seconds):
    """Print what came of it; whether all that was acknowledged is there once, and no answer was a server's fault."""
    titles, mails, unsent = count(environment)
    faults = sum(count for status, count in busy.statuses.items() if status >= 500)
    is_whole = sorted(titles) == sorted(busy.acknowledged)
    before, meanwhile = percentile_99(idle.reading) * 1000, percentile_99(busy.reading) * 1000
    print(
        f"{name}: {len(busy.acknowledged)} sent in and acknowledged in {seconds:.0f} s, {len(titles)} in the database, "
        f"{'each once' if is_whole else 'NOT THE SAME'}; {faults} faults, {busy.unanswered} without an answer; "
        f"{mails} mails, {unsent} of them wait\n"
        f"  sending 99 % within {percentile_99(busy.sending) * 1000:.0f} ms; reading 99 % within {meanwhile:.1f} ms, "
        f"idle {before:.1f} ms: {meanwhile / before:.1f} ×; answers {busy.statuses}"
    )
    return is_whole and not faults and not busy.unanswered and meanwhile <= MOST_SLOWER * before


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.load.settings")
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1_000))
