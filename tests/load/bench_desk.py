"""Queries, CPU and size of the desk's pages with few and many proposals at one meeting: `make bench`.

CPU is that of this process for one answer, the median of ROUNDS, and a multiple of the sign-in page in the same run.
Size is that of the page and of the style sheets and scripts that it names, as they are sent, gzipped.
"""

import gzip
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.server import environment_for, fill

SIZES = [30, 300]
ROUNDS = 15
MOST_QUERIES = 12


def measure(size):
    """Print the figures for this process's database."""
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client

    from proposals.models import Meeting, Proposal, Status

    meeting = Meeting.objects.order_by("-date").first()
    waiting = {"status": Status.SUBMITTED, "number": None, "published_at": None}
    Proposal.objects.update(meeting=meeting, **waiting)
    client = Client()
    client.force_login(User.objects.get(is_superuser=True))
    client.get(f"/admin/?mote={meeting.date}")
    proposal = Proposal.objects.order_by("pk").first()
    pages = {
        "the desk": "/admin/",
        "Förslagen": "/admin/proposals/proposal/",
        "one proposal": f"/admin/proposals/proposal/{proposal.pk}/change/",
        "its history": f"/admin/proposals/proposal/{proposal.pk}/history/",
        "order": f"/admin/proposals/meeting/{meeting.pk}/order/",
        "publish": f"/admin/proposals/meeting/{meeting.pk}/publish/",
        "reminders": f"/admin/proposals/meeting/{meeting.pk}/reminder/",
        "mails": "/admin/proposals/mail/",
    }
    bare = _cpu(Client(), "/admin/login/")
    for name, path in pages.items():
        client.get(path)
        queries, cpu, sent = _queries(client, path), _cpu(client, path), _sent(client, path)
        mark = "" if queries <= MOST_QUERIES else "  TOO MANY"
        figures = f"{queries:3} queries {cpu * 1000:6.0f} ms {cpu / bare:6.1f} × sign-in {sent / 1000:5.0f} kB"
        print(f"{size:>4} proposals  {name:<14}{figures}{mark}")


def _queries(client, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    return len([query for query in queries if query["sql"].startswith(("SELECT", "INSERT", "UPDATE", "WITH"))])


def _cpu(client, path):
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        client.get(path)
        times.append(time.process_time() - begun)
    return statistics.median(times)


def _sent(client, path):
    from django.contrib.staticfiles import finders

    content = client.get(path).content
    named = set(re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js))"', content))
    files = [Path(finders.find(name.decode())).read_bytes() for name in named]
    return sum(len(gzip.compress(one)) for one in [content, *files])


def main():
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            environment = environment_for(f"sqlite:///{Path(folder, 'bench.sqlite3')}")
            fill(environment, str(size))
            command = [sys.executable, "-m", "tests.load.bench_desk", str(size)]
            subprocess.run(command, env=environment, check=True)  # noqa: S603


if __name__ == "__main__":
    measure(int(sys.argv[1])) if len(sys.argv) > 1 else main()
