"""How long booklets take to make and documents to read, and what that costs those who read pages: `make bench`.

Each file is made as the site makes it, in a process of its own, ROUNDS times on an empty store; times are medians in
seconds. "280" is ten times the real 28.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROUNDS = 5
SIZES = [28, 280]


def measure():
    """Print the figures for this process's database, which holds the 28."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.test import Client

    from proposals.booklet.build import build_booklet
    from proposals.booklet.formats import FORMATS, render
    from proposals.booklet.render_jobs import RenderJob
    from proposals.importing.document import read_document
    from proposals.importing.parsing import parse
    from proposals.importing.plan import known_names
    from proposals.models import BookletFile, Meeting, Proposal

    booklet = build_booklet(Meeting.objects.get(date="2024-09-18"), Proposal.objects.published())
    books = {size: _times(booklet, size // len(booklet.proposals)) for size in SIZES}
    client, names = Client(), known_names()

    def make(size, ending):
        BookletFile.objects.all().delete()
        RenderJob(books[size], FORMATS[ending]).wait(60)

    for size in SIZES:
        for ending in FORMATS:
            _tell(f"{size} proposals as {ending}", _median(lambda size=size, ending=ending: make(size, ending)))
    client.get("/moten/2024-09-18/hafte.pdf")
    _tell("the same booklet as pdf once more", _median(lambda: client.get("/moten/2024-09-18/hafte.pdf")))
    for size in SIZES:
        word = render(books[size], "docx")
        _tell(f"{size} proposals read from Word", _median(lambda word=word: parse(read_document(word, "a"), names)))
    idle = _median(lambda: client.get("/"), rounds=30)
    work = subprocess.Popen([sys.executable, "-m", "tests.load.bench_booklet", "make"])
    busy = _median(lambda: client.get("/"), rounds=30)
    assert work.poll() is None, "it was finished before the pages were"
    work.wait()
    print(f"{'list page while one of 280 is made ÷ idle':<44}{busy / idle:8.2f}")


def make_many():
    """Make booklets of 280 without a pause for some seconds."""
    import django

    django.setup()
    from proposals.booklet.build import build_booklet
    from proposals.booklet.formats import FORMATS
    from proposals.booklet.render_jobs import RenderJob
    from proposals.models import Meeting, Proposal

    booklet = _times(build_booklet(Meeting.objects.get(date="2024-09-18"), Proposal.objects.published()), 10)
    for number in range(3):
        RenderJob(replace(booklet, title=f"{booklet.title} {number}"), FORMATS["pdf"]).wait(60)


def _times(booklet, times):
    """The booklet with all its proposals several times, under numbers of their own."""
    count = len(booklet.proposals)
    many = [replace(item, number=item.number + count * turn) for turn in range(times) for item in booklet.proposals]
    return replace(booklet, proposals=tuple(many))


def _median(task, rounds=ROUNDS):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _tell(what, seconds):
    print(f"{what:<44}{seconds:8.2f} s")


def main():
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'bench.sqlite3')}"
        environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        for command in (["manage.py", "prepare"], ["-m", "tests.load.bench_booklet", "measure"]):
            quiet = {"stdout": subprocess.DEVNULL} if "prepare" in command else {}
            subprocess.run([sys.executable, *command], env=environment, check=True, **quiet)  # noqa: S603


if __name__ == "__main__":
    {"measure": measure, "make": make_many}.get(" ".join(sys.argv[1:]), main)()
