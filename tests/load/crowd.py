"""Members in a crowd, each with a browser: readers who look at pages, submitters who send in proposals.

All in one thread, over plain sockets to this machine, so that the crowd takes little of what it measures.
"""

import asyncio
import random
import re
import statistics
import time
from dataclasses import dataclass, field
from itertools import count as counting
from itertools import takewhile
from urllib.parse import urlencode

PAUSE = (1.0, 3.0)  # seconds that a reader looks at a page
AGAIN = 0.5  # seconds until somebody who got no answer presses the button again
PATIENCE = 60  # seconds for one answer
RECEIPT = "/forslag/nytt/tack/"
PAGES = ["/", "/?region=region-dalarna", "/?q=kollektivtrafik", "/moten/", "/moten/2024-09-18/"]
PAGES += [f"/forslag/2024-09-18/{number}/" for number in range(1, 29)]
WORDS = ["region", "plats", "kunskap", "lärande", "metod", "nätverk", "analys", "strategi", "stöd", "resa", "energi"]
WORDS += [
    "kultur",
    "skola",
    "mark",
    "vatten",
    "jobb",
    "hälsa",
    "digital",
    "klimat",
    "företag",
    "landsbygd",
    "forskning",
]


@dataclass
class Answer:
    status: int
    headers: dict
    body: str


@dataclass
class Crowd:
    """The people, and what happened to them. Times are in seconds."""

    port: int
    reading: list = field(default_factory=list)
    sending: list = field(default_factory=list)
    acknowledged: list = field(default_factory=list)  # titles whose receipt was shown
    statuses: dict = field(default_factory=dict)
    unanswered: int = 0
    lost_texts: int = 0  # faults that didn't show what was typed

    async def read(self, seconds):
        """200 readers for some time."""
        await self._readers(200, asyncio.create_task(asyncio.sleep(seconds)))

    async def look_at_everything(self, rounds):
        for _ in range(rounds):
            await asyncio.gather(*(self.ask("GET", path) for path in PAGES))

    async def read_and_send(self, submitters, each, readers=200):
        """Readers and submitters at once, until each submitter has sent in `each` proposals, or until that Event."""
        sending = asyncio.gather(*(self._submitter(number, each) for number in range(submitters)))
        await self._readers(readers, sending)
        await sending

    async def _readers(self, count, until):
        await asyncio.gather(*(self._reader(random.Random(number), until) for number in range(count)))  # noqa: S311

    async def _reader(self, chance, until):
        await asyncio.sleep(chance.uniform(0, PAUSE[1]))
        while not until.done():
            begun = time.perf_counter()
            if await self.ask("GET", chance.choice(PAGES)):
                self.reading.append(time.perf_counter() - begun)
            await asyncio.sleep(chance.uniform(*PAUSE))

    async def _submitter(self, number, each):
        chance = random.Random(f"submitter {number}")  # noqa: S311
        turns = range(each) if isinstance(each, int) else takewhile(lambda _: not each.is_set(), counting())
        for turn in turns:
            # A member writes from an address of their own, as the limit of an hour has it
            address = f"198.18.{number}.{turn % 250}"
            title = f"Förslag {number}-{turn} om {' '.join(chance.sample(WORDS, 4))}"
            text = " ".join(chance.choices(WORDS, k=120))
            await self._send_in(address, {"title": title, "background": text})

    async def _send_in(self, address, texts):
        """Open the form, send it in, and press the button again until there is a receipt."""
        form = None
        while form is None or form.status != 200:
            form = await self.ask("GET", "/forslag/nytt/", address=address) or await asyncio.sleep(AGAIN)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.body)[1]
        cookie = form.headers["set-cookie"].partition(";")[0]
        typed = {
            **texts,
            "submitter_email": "anna@example.com",
            "contacts-TOTAL_FORMS": "1",
            "contacts-INITIAL_FORMS": "0",
            "region": "ingen",
            "contacts-0-name": "Bo Exempel",
            "csrfmiddlewaretoken": token,
            "action": "submit",
        }
        while True:
            begun = time.perf_counter()
            answer = await self.ask("POST", "/forslag/nytt/", urlencode(typed), address, cookie)
            if answer and answer.status == 302 and answer.headers["location"] == RECEIPT:
                self.sending.append(time.perf_counter() - begun)
                self.acknowledged.append(texts["title"])
                return
            if answer and texts["title"] not in answer.body:
                self.lost_texts += 1
            await asyncio.sleep(AGAIN)

    async def ask(self, method, path, body="", address="192.0.2.1", cookie=""):
        """The answer, or None when there was none."""
        sent = [f"{method} {path} HTTP/1.1", "Host: testserver", "Connection: close", f"X-Forwarded-For: {address}"]
        sent += [f"Cookie: {cookie}"] if cookie else []
        sent += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"] if body else []
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    writer.write("\r\n".join([*sent, "", body]).encode())
                    received = await reader.read()
                finally:
                    writer.close()
            head, _, content = received.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            status = int(first.split()[1])
        except (OSError, TimeoutError, IndexError):
            self.unanswered += 1
            return None
        self.statuses[status] = self.statuses.get(status, 0) + 1
        pairs = (line.partition(": ") for line in lines)
        return Answer(status, {name.lower(): value for name, _, value in pairs}, content.decode(errors="replace"))


def percentile_99(times):
    return statistics.quantiles(times, n=100)[-1]
