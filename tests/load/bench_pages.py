"""Pages under load, as shares of a bare Django "hello" by the same server in the same run: `make bench`.

Needs `wrk` (Debian). A server says hello and one for each size of database shows pages; each target is asked in turn,
ROUNDS times for SECONDS, over 1 and over 16 connections. CPU is that of all the server's processes for one answer.

- *unchanged*: the page is cached
- *anew*: an address that nobody has asked for, of a list that has been rendered since the last edit
- *others*: more different lists than are cached, so that each is read and rendered for the first time
- *after an edit*: nothing is cached but rendered entries and filters that the edit left as they were; asked one page at
  a time
"""

import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from tests.server import GUNICORN, environment_for, fill, serving

MISSING = "Pages under load are left out: no wrk found. Install Debian's package wrk."
SIZES = ["28", "10000"]
ROUNDS = 3
SECONDS = 2
CONNECTIONS = [1, 16]
EDITS = 30
MANY = 300  # more than are cached
WORDS = "SELECT text FROM proposals_word WHERE length(text) > 5 ORDER BY text LIMIT ?"
SETTINGS = "tests.load.bench_settings"
ANEW = str(Path(__file__).with_name("bench_anew.lua"))
SERVERS = {
    "gunicorn": GUNICORN,
    "gunicorn, sync": [*GUNICORN, "--worker-class", "sync", "--threads", "1"],
    "granian": [
        *("-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws"),
        *("--no-log", "--host", "127.0.0.1", "--port", "{port}", "reglab.wsgi:application"),
    ],
}
TICK = os.sysconf("SC_CLK_TCK")


class Site:
    """A running server, what is asked of it, and what came of that.

    `targets` are addresses by name, a single one asked for as it is, a list of them each time spelled anew.
    """

    def __init__(self, name, port, process, targets):
        self.name, self.port, self.process, self.targets = name, port, process, targets
        self.runs = {}

    def ask(self, target, connections):
        """Put the server under load for SECONDS and keep answers a second, median and 99th ms, CPU ms an answer."""
        asked = self.targets[target]
        address = f"http://127.0.0.1:{self.port}"
        before = self.cpu()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
        with tempfile.NamedTemporaryFile("w") as file:
            if isinstance(asked, str):
                command.append(address + asked)
            else:
                file.write("\n".join(asked))
                file.flush()
                command += ["-s", ANEW, address, "--", file.name]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
        assert "Non-2xx" not in said, said
        answers = int(re.search(r"(\d+) requests in", said)[1])
        cpu = (self.cpu() - before) / TICK * 1000 / answers
        figures = answers / SECONDS, _milliseconds(said, "50%"), _milliseconds(said, "99%"), cpu
        self.runs.setdefault((target, connections), []).append(figures)

    def figures(self, target, connections):
        """The median over the rounds of each of the figures that `ask` got."""
        return [statistics.median(column) for column in zip(*self.runs[target, connections], strict=True)]

    def get(self, path, packing="identity"):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Accept-Encoding": packing})
        content = connection.getresponse().read()
        connection.close()
        return content

    def cpu(self):
        return sum(map(_ticks, self._processes()))

    def memory(self):
        """The MB that are the processes' own, what they share counted once."""
        return sum(map(_memory, self._processes())) / 1024

    def _processes(self):
        main = str(self.process.pid)
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [Path("/proc", number) for number in (main, *children)]


def main(server, sizes):
    if not shutil.which("wrk"):
        print(MISSING)
        return
    command = SERVERS[server]
    with ExitStack() as stack:
        hello = stack.enter_context(_hello(command))
        sites, files = [], {}
        for size in sizes:
            files[size] = Path(stack.enter_context(tempfile.TemporaryDirectory()), "reglab.sqlite3")
            environment = environment_for(f"sqlite:///{files[size]}", SETTINGS)
            fill(environment, size)
            start = time.monotonic()
            port, process = stack.enter_context(serving(environment, command))
            print(f"{server}, {size} proposals: {time.monotonic() - start:.2f} s to the first answer")
            sites.append(_site(size, port, process, files[size]))
        for connections in CONNECTIONS:
            for _ in range(ROUNDS):
                hello.ask("hello", connections)
                for site in sites:
                    for target in site.targets:
                        site.ask(target, connections)
        for site in sites:
            _tell(site, hello, sites[0])
            _tell_edits(site, hello, files[site.name])
            print(f"  memory {site.memory():.0f} MB (hello {hello.memory():.0f} MB)")
            _tell_counts(environment_for(f"sqlite:///{files[site.name]}", SETTINGS), site.targets)


class _hello:
    """The server that says hello, as a Site."""

    def __init__(self, command):
        to_load = "tests.load.bench_hello:application"
        is_granian = "granian" in command
        command = [*command[:-1], to_load] if is_granian else [*command, to_load]
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self.server = serving(environment, command)

    def __enter__(self):
        return Site("hello", *self.server.__enter__(), {"hello": "/hello/"})

    def __exit__(self, *error):
        self.server.__exit__(*error)


def _site(size, port, process, file):
    site = Site(size, port, process, {})
    front = site.get("/").decode()
    proposal = re.search(r'href="(/forslag/[0-9-]+/[0-9]+/)"', front)[1]
    regions, groups = (re.findall(f'name="{name}" value="([a-z0-9-]+)"', front) for name in ("region", "malgrupp"))
    with sqlite3.connect(file) as database:
        words = [word for [word] in database.execute(WORDS, [MANY])]
    database.close()
    site.targets = {
        "minimal list of 28": "/minimal/",
        "list, unchanged": "/",
        "proposal, unchanged": proposal,
        "list, anew": ["/"],
        "list, filtered, anew": ["/?region=region-dalarna"],
        "list, searched, anew": ["/?q=kollektivtrafik"],
        "proposal, anew": [proposal],
        "list, filtered, others": [f"/?region={region}&malgrupp={group}" for region in regions for group in groups],
        "list, searched, others": [f"/?q={quote(word)}" for word in words],
    }
    return site


def _tell(site, hello, smallest):
    print(
        f"\n{site.name} proposals: answers a second ÷ hello, ms (median / 99 %, ÷ that of the fewest), CPU ms an answer"
    )
    for connections in CONNECTIONS:
        rate, middle, slowest, cpu = hello.figures("hello", connections)
        line = f"{1:6.2f}{middle:9.2f} /{slowest:7.2f}{'':8}{cpu:9.2f}   {rate:.0f} a second"
        print(f"{connections:>3} × {'hello':<26}{line}")
        for target in site.targets:
            own, middle, slowest, cpu = site.figures(target, connections)
            growth = slowest / smallest.figures(target, connections)[2]
            line = f"{own / rate:6.2f}{middle:9.2f} /{slowest:7.2f} ({growth:5.2f}){cpu:9.2f}"
            print(f"{connections:>3} × {target:<26}{line}")
    for what in ("list, unchanged", "proposal, unchanged"):
        path = site.targets[what]
        print(f"  {what}: {len(site.get(path))} bytes, packed {len(site.get(path, 'gzip'))}")


def _tell_edits(site, hello, file):
    """The first page after each of some edits."""
    usual = statistics.median(_timed(lambda: hello.get("/hello/")) for _ in range(EDITS))
    for target, [path] in _anew(site.targets):
        first = statistics.median(_after_an_edit(site, path, file) for _ in range(EDITS))
        print(f"  1 × {target + ', after an edit':<32}{usual / first:6.2f}{first * 1000:9.2f} ms")


def _anew(targets):
    """(name, [address]) of those pages that are measured when they are made anew."""
    return [(name.removesuffix(", anew"), asked) for name, asked in targets.items() if name.endswith(", anew")]


def _after_an_edit(site, path, file):
    with sqlite3.connect(file, timeout=20) as database:
        database.execute("UPDATE proposals_proposal SET title = title WHERE number = 1")
    database.close()
    return _timed(lambda: site.get(path))


def _timed(task):
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def _tell_counts(environment, targets):
    command = [sys.executable, "-m", "tests.load.bench_pages", "count", json.dumps(_anew(targets))]
    said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout  # noqa: S603
    for what, (queries, objects) in json.loads(said.splitlines()[-1]).items():
        print(f"  {what:<36}{queries:3} queries {objects:4} model objects")


def count(targets):
    """Print as JSON {page: [SQL queries, model objects built]} of this process's database."""
    import django

    django.setup()
    from django.db import connection
    from django.db.models.signals import post_init
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from proposals.models import ContentVersion

    built, client, counts = [], Client(), {}
    post_init.connect(lambda sender, **_: built.append(sender), weak=False)
    for target, [path] in targets:
        for what in ("unchanged", "anew", "after an edit"):
            if what == "after an edit":
                ContentVersion.objects.update(name=f"after {target}")
            client.get(path) if what == "unchanged" else None
            built.clear()
            with CaptureQueriesContext(connection) as queries:
                client.get(path + ("&" if "?" in path else "?") + "anew=1" if what == "anew" else path)
            counts[f"{target}, {what}"] = len(queries), len(built)
    print(json.dumps(counts))


def _milliseconds(said, which):
    number, unit = re.search(rf"{which}\s+([\d.]+)(us|ms|s)", said).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def _ticks(folder):
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _memory(folder):
    said = (folder / "smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", said, re.MULTILINE)[1])


if __name__ == "__main__":
    if sys.argv[1:2] == ["count"]:
        count(json.loads(sys.argv[2]))
    elif sys.argv[1:2] == ["servers"]:
        for name in SERVERS:
            main(name, sys.argv[2:] or SIZES[:1])
    else:
        main("gunicorn", sys.argv[1:] or SIZES)
