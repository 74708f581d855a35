"""What a stranger may try to stop the site with: `make load` does it, on SQLite and on PostgreSQL.

Each attack is a function of its own, made on a server as `make run` starts it. Meanwhile somebody opens the form again
and again. In the end the longest that took, and the most memory that all the server's processes had together, are
compared with what they may be. Slow senders are tried against nginx and Caddy as deploy/ has them, where they are
installed: gunicorn itself listens on this machine alone.
"""

import asyncio
import re
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

from tests import caddy, nginx
from tests.load.crowd import Crowd
from tests.load.submissions import databases, mail_server, prepared
from tests.server import free_port, manage, serving

FORM = "/forslag/nytt/"
MOST_SECONDS = 2  # for the form
MOST_MEMORY = 600  # MB
TEXTS = ("background", "purpose", "expected_result", "target_group_text")
MOST_MAILS = 6  # to one mailbox in its first hour: five, and one for the rest
PAUSE = 0.1  # seconds between two looks at the form
SLOW, SLOW_FOR = 300, 20  # senders, and seconds
SENT_TO_VICTIM = """
from proposals.models import Mail
print(Mail.objects.filter(mailbox="offer@example.com").exclude(begun_at=None).count())
"""


@dataclass
class Site:
    """The server that is attacked, and what an attacker needs of it."""

    port: int
    environment: dict = field(repr=False)
    token: str
    cookie: str
    crowd: Crowd = field(repr=False)

    async def post(self, number, fields, path=FORM):
        """Post the fields from an address of one's own, the same for the same number."""
        body = fields if isinstance(fields, str) else urlencode(fields)
        body += f"&csrfmiddlewaretoken={self.token}"
        address = f"198.18.{number // 250}.{number % 250}"
        return await self.crowd.ask("POST", path, body, address, self.cookie)

    async def send_in(self, number, **texts):
        """Send in a proposal that can be taken; gives the cookie of the session."""
        typed = {"title": f"Förslag {number}", "region": "ingen", "contacts-0-name": "Bo Exempel", **texts}
        typed["action"] = "submit"
        answer = await self.post(number, rows(1, **typed))
        return answer and answer.headers.get("set-cookie", "").partition(";")[0]


class Watch(Thread):
    """Somebody who opens a page again and again, and how long it took at the longest."""

    def __init__(self, port, path=FORM):
        super().__init__()
        self.port, self.path = port, path
        self.stop = Event()
        self.longest, self.failed = 0, []

    def run(self):
        while not self.stop.wait(PAUSE):
            begun = time.monotonic()
            connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                connection.request("GET", self.path)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    self.failed.append(answer.status)
            except (OSError, HTTPException) as fault:
                self.failed.append(fault)
            finally:
                connection.close()
            self.longest = max(self.longest, time.monotonic() - begun)


def rows(count, **fields):
    """A form that can't be taken, with as many rows for contacts."""
    return {"contacts-TOTAL_FORMS": count, "contacts-INITIAL_FORMS": 0, **fields}


LETTER = "\N{GRINNING FACE}"  # four bytes, and twelve in a form that is sent
LARGE = [
    # The longest form that is read, and the one that makes the longest page
    urlencode(
        rows(
            50, **{name: LETTER * 20_000 for name in TEXTS}, **{f"contacts-{n}-title": LETTER * 550 for n in range(50)}
        )
    ),
    urlencode(rows(50, title=LETTER)) + "".join(f"&{name}=" + "'" * 120_000 for name in TEXTS),
]


async def large_posts_from_everywhere(site):
    await asyncio.gather(*(site.post(number, LARGE[number % 2]) for number in range(100)))


async def large_posts_from_one_address(site):
    await asyncio.gather(*(site.post(0, LARGE[number % 2]) for number in range(100)))


async def posts_that_are_too_large(site):
    await asyncio.gather(*(site.post(number, "background=" + "%C3%A5" * 383_000) for number in range(100)))


async def refused_posts_from_everywhere(site):
    await asyncio.gather(*(site.post(number, rows(50)) for number in range(100)))


async def refused_posts_from_one_address(site):
    await asyncio.gather(*(site.post(0, rows(50)) for number in range(100)))


async def receipts_of_texts_that_are_slow_to_parse(site):
    """Each of a few people sends in and looks at the receipt again and again."""

    async def one(number):
        texts = dict.fromkeys(TEXTS, ("[", "http://a.b/(", "a\n", "**a** ")[number % 4] * 1_600)
        cookie = await site.send_in(number, submitter_email=f"{number}@example.com", **texts)
        for _ in range(5):
            await site.crowd.ask("GET", "/forslag/nytt/tack/", address="192.0.2.3", cookie=cookie)

    await asyncio.gather(*(one(number) for number in range(24)))


async def mails_to_somebody_who_never_asked(site):
    """From many addresses, under the names of one mailbox; whether it was spared."""
    names = ("offer@example.com", "OFFER@example.com", "offer+{}@example.com")
    await asyncio.gather(
        *(
            site.send_in(number, submitter_email=names[number % 3].format(number), background="Köp!")
            for number in range(116)
        )
    )
    await asyncio.sleep(3)
    sent = int(manage(site.environment, "shell", "--no-imports", "-c", SENT_TO_VICTIM).splitlines()[-1])
    print(f"  {sent} mails to that mailbox")
    return sent <= MOST_MAILS


ATTACKS = [
    large_posts_from_everywhere,
    large_posts_from_one_address,
    posts_that_are_too_large,
    refused_posts_from_everywhere,
    refused_posts_from_one_address,
    receipts_of_texts_that_are_slow_to_parse,
    mails_to_somebody_who_never_asked,
]


def memory(process):
    """The most that the process and its children ever had, in MB."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    peaks = [
        re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{number}/status").read_text())[1]
        for number in (process.pid, *children)
    ]
    return sum(map(int, peaks)) / 1024


def attack(name, environment, how):
    """Make one attack on a server of its own; whether it was borne."""
    with serving(environment) as (port, process):
        crowd = Crowd(port)
        opened = asyncio.run(crowd.ask("GET", FORM, address="192.0.2.2"))
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', opened.body)[1]
        crowd.statuses.clear()
        watch = Watch(port)
        watch.start()
        begun = time.monotonic()
        cookie = opened.headers["set-cookie"].partition(";")[0]
        is_spared = asyncio.run(how(Site(port, environment, token, cookie, crowd))) is not False
        seconds = time.monotonic() - begun
        watch.stop.set()
        watch.join()
        peak = memory(process)
    print(
        f"{name}, {how.__name__.replace('_', ' ')}: the form within {watch.longest:.1f} s, {peak:.0f} MB, "
        f"{seconds:.0f} s; answers {crowd.statuses}, {crowd.unanswered} without {watch.failed or ''}",
        flush=True,
    )
    return is_spared and not watch.failed and watch.longest <= MOST_SECONDS and peak <= MOST_MEMORY


def slow_senders(name, environment, proxy):
    """Many who send a byte a second of a form, through a proxy; whether others saw pages meanwhile."""
    with serving(environment) as (machine, _), tempfile.TemporaryDirectory() as folder:
        port = free_port()
        with proxy(Path(folder), port, machine):
            watch = Watch(port, "/")
            watch.start()
            asyncio.run(_dribble(port))
            watch.stop.set()
            watch.join()
    print(f"{name}: {SLOW} slow senders, a page within {watch.longest:.1f} s {watch.failed or ''}", flush=True)
    return not watch.failed and watch.longest <= MOST_SECONDS


async def _dribble(port):
    head = f"POST {FORM} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"

    async def one(number):
        await asyncio.sleep(number * 0.015)  # so that they are shared between the processes
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            # A proxy that buffers nothing hands on the first kilobytes at once
            writer.write(f"{head}Content-Length: 60000\r\n\r\ntitle={'a' * 8_000}".encode())
            for _ in range(SLOW_FOR):
                await asyncio.sleep(1)
                writer.write(b"a")
                await writer.drain()
            writer.close()

    await asyncio.gather(*map(one, range(SLOW)))


PROXIES = {"caddy": caddy.running, "nginx": nginx.running_plainly}


def main(names):
    wanted = [how for how in ATTACKS if not names or how.__name__ in names]
    results = []
    with databases() as found:
        for name, url in found:
            environment = prepared(url)
            with mail_server(int(environment["MAIL_PORT"])):
                results += [attack(name, environment, how) for how in wanted]
                for program, proxy in PROXIES.items():
                    if shutil.which(program) is None:
                        print(f"{program} isn't installed, so slow senders aren't tried against it.")
                    elif not names:
                        results.append(slow_senders(f"{name}, {program}", environment, proxy))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
