"""Pages under load, as shares of a bare Django "hello" on the same server in the same run: `make bench`.

Needs `wrk` (Debian). Each target is asked in turn, ROUNDS times for SECONDS, over 1 and over 16 connections. "Anew" are
pages that a cookie keeps from being kept. CPU is that of all the server's processes for one answer.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from http.client import HTTPConnection
from pathlib import Path

from tests.server import running

MISSING = "Pages under load are left out: no wrk found. Install Debian's package wrk."
SIZES = ["28", "10000"]
ROUNDS = 3
SECONDS = 2
CONNECTIONS = [1, 16]
COOKIE = "Cookie: sessionid=nobody"
TARGETS = {
    "hello": ("/hello/", None),
    "minimal list of 28": ("/minimal/", None),
    "list, unchanged": ("/", None),
    "proposal, unchanged": ("{proposal}", None),
    "list, anew": ("/", COOKIE),
    "list, filtered, anew": ("/?region=region-dalarna", COOKIE),
    "list, searched, anew": ("/?q=kollektivtrafik", COOKIE),
    "proposal, anew": ("{proposal}", COOKIE),
}
TICK = os.sysconf("SC_CLK_TCK")


def main(sizes):
    if not shutil.which("wrk"):
        print(MISSING)
        return
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, running(Path(folder), "tests.bench_settings", size) as (port, _):
            _measure(port, size)


def _measure(port, size):
    proposal = re.search(r'href="(/forslag/[0-9-]+/[0-9]+/)"', _get(port, "/")[0].decode())[1]
    print(f"\n{size} proposals: answers a second ÷ hello, ms (median / 99 %), CPU ms an answer")
    for connections in CONNECTIONS:
        figures = {name: [] for name in TARGETS}
        for _ in range(ROUNDS):
            for name, (path, header) in TARGETS.items():
                figures[name].append(_run(port, path.format(proposal=proposal), header, connections))
        hello = statistics.median(one[0] for one in figures["hello"])
        for name, runs in figures.items():
            rate, middle, slowest, cpu = (statistics.median(column) for column in zip(*runs, strict=True))
            print(f"{connections:>3} × {name:<26}{rate / hello:6.2f}{middle:9.1f} /{slowest:7.1f}{cpu:9.2f}")
    print(f"    the list is {len(_get(port, '/')[0])} bytes, packed {len(_get(port, '/', 'gzip')[0])}")
    print(f"    memory of all processes {sum(map(_memory, _server())) / 1024:.0f} MB")


def _run(port, path, header, connections):
    """(answers a second, median ms, 99th percentile ms, CPU ms an answer)"""
    before = sum(map(_ticks, _server()))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", f"http://127.0.0.1:{port}{path}"]
    command += ["-H", header] if header else []
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    answers = int(re.search(r"(\d+) requests in", said)[1])
    cpu = (sum(map(_ticks, _server())) - before) / TICK * 1000 / answers
    assert "Non-2xx" not in said, said
    return answers / SECONDS, _milliseconds(said, "50%"), _milliseconds(said, "99%"), cpu


def _milliseconds(said, which):
    number, unit = re.search(rf"{which}\s+([\d.]+)(us|ms|s)", said).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def _get(port, path, packing="identity"):
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": packing})
    response = connection.getresponse()
    return response.read(), response


def _server():
    """The processes of the gunicorn that we have started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"gunicorn" in (folder / "cmdline").read_bytes():
                found.append(folder)
        except OSError:
            continue
    return found


def _ticks(folder):
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _memory(folder):
    """The kB of memory that are the process's own."""
    said = (folder / "smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", said, re.MULTILINE)[1])


if __name__ == "__main__":
    main(sys.argv[1:] or SIZES)
