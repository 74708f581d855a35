"""How long pages and searches take with few and with many proposals: `make bench`, `make bench SIZES="28 100000"`.

For each size it makes proposals in a fresh SQLite file and on a temporary PostgreSQL, and asks for each page
ROUNDS times through Django, without a network. Times are in milliseconds, median and 95th percentile.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import postgres

SIZES = ["28", "1000", "10000"]
ROUNDS = 15
SEARCHES = {
    "word": "gruvnäring",
    "common word": "regional",
    "part of a compound": "attraktion",
    "inflected": "elektrifieringen",
    "several words": "fysisk planering i kommunerna",
    "two common words": "regional utveckling",
    "typing error": "upphandlng",
    "abbreviation": "VGR",
    "phrase": '"röd tråd"',
    "being typed": "upph",
    "person": "Exempelsson",
    "nothing there": "kärnkraft",
    "stop words": "och att det som",
    "signs": '%_\\"(.*[🦊',
}


def measure():
    """Print {what: [median, 95th percentile]} of this process's database as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    from proposals.models import Proposal

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as its own housekeeping has done on any server that has run for a while
            cursor.execute("VACUUM ANALYZE")
    client, published = Client(), Proposal.objects.published()
    latest = published.select_related("meeting").order_by("-meeting__date", "number").first()
    parts = {**dict.fromkeys(("sender", "contacts", "target_group"), ""), "title": latest.title, "body": latest.purpose}

    def page(address, **query):
        return lambda: client.get(address, query)

    tasks = {
        "list": page("/"),
        "list, filtered": page("/", region="region-dalarna", malgrupp="chefer"),
        "list of all meetings": page("/", mote="alla"),
        "list of all meetings, filtered": page("/", mote="alla", region="region-dalarna", malgrupp="chefer"),
        "proposal": page(latest.get_absolute_url()),
    }
    for kind, query in SEARCHES.items():
        tasks[f"search, {kind}"] = page("/", q=query)
        tasks[f"search all meetings, {kind}"] = page("/", q=query, mote="alla")
    long = f"{latest.title} {latest.background} {latest.purpose} " * 20
    tasks["search, 10 000 letters"] = page("/", q=long[:10_000])
    tasks["search all meetings, 10 000 letters"] = page("/", q=long[:10_000], mote="alla")
    Proposal.objects.filter(pk=latest.pk).compare()
    tasks["similar, stored"] = lambda: list(published.most_like(latest, 3))
    tasks["similar, to a text being written"] = lambda: published.like_text(parts, 3)
    print(json.dumps({name: _timed(task) for name, task in tasks.items()}))


def _timed(task):
    task()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        task()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def run(url, size):
    """The figures for one database and size."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def python(*arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout  # noqa: S603

    python("manage.py", "migrate", "--verbosity=0")
    python("manage.py", "generate_proposals", size)
    return json.loads(python("-m", "tests.load.bench", "measure").splitlines()[-1])


def main(sizes):
    results = {}
    binaries = postgres.find_binaries()
    if binaries is None:
        print(postgres.MISSING)
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            results["SQLite", size] = run(f"sqlite:///{Path(folder, 'bench.sqlite3')}", size)
        if binaries:
            with postgres.server(binaries) as url:
                results["PostgreSQL", size] = run(url, size)
    print(f"{'median / 95th percentile, ms':<48}" + "".join(f"{name} {size:>7}".rjust(21) for name, size in results))
    for task in next(iter(results.values())):
        print(f"{task:<48}" + "".join("{:10.1f} /{:9.1f}".format(*figures[task]) for figures in results.values()))


if __name__ == "__main__":
    measure() if sys.argv[1:] == ["measure"] else main(sys.argv[1:] or SIZES)
