"""Two app machines on one PostgreSQL behind nginx, one of them killed under load.

By hand: `python -m tests.load.trial_two_machines`, with Debian's nginx, openssl and postgresql. It asks only this
machine, stops by itself after a minute and says what readers and submitters met. Each person has a loopback address of
their own, because addresses are limited.
"""

import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

from lxml import html

from tests import nginx, postgres
from tests.nginx import HOST
from tests.server import ROOT, Account, free_port, wait_for

SECONDS, KILLED_AT, STARTED_AT = 30, 10, 20
READERS, SUBMITTERS, PAUSE = 12, 4, 0.08
PAGES = ["/", "/?q=energi", "/?region=region-dalarna", "/forslag/2024-09-18/7/", "/moten/", "/moten/2024-09-18/"]
SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
TLS = ssl._create_unverified_context()  # the certificate is made for the trial  # noqa: S323


class Person:
    """Somebody with an address and cookies of their own, who asks nginx or, with `machine`, one gunicorn directly."""

    def __init__(self, port, address="127.0.0.1", machine=None):
        self.port, self.address, self.machine, self.cookies = port, address, machine, {}
        self.connection = None

    def ask(self, path, fields=None):
        """(status, text, Location); OSError or HTTPException when there is no answer."""
        headers = {"Host": f"{HOST}:{self.port}", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if self.machine:  # says what nginx would say
            headers |= {"X-Forwarded-For": self.address, "X-Forwarded-Proto": "https"}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Referer"] = f"https://{HOST}:{self.port}{path}"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection = self.connection or self._connect()
            self.connection.request("GET" if body is None else "POST", path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException):
            self.connection = None
            raise
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers.get("Location", "")

    def _connect(self):
        if self.machine:
            return HTTPConnection(HOST, self.machine, timeout=70)
        return HTTPSConnection(HOST, self.port, timeout=70, context=TLS, source_address=(self.address, 0))

    def submit(self, title):
        """Fill in the form and send it: its status, 302 when it is taken in."""
        _, page, _ = self.ask("/forslag/nytt/")
        fields = {
            "csrfmiddlewaretoken": "".join(TOKEN.findall(page)[:1]),
            "title": title,
            "background": "Vi behöver el.",
            "submitter_email": "anna@example.com",
            "contacts-TOTAL_FORMS": "1",
            "contacts-INITIAL_FORMS": "0",
            "region": "ingen",
            "contacts-0-name": "Bo Exempel",
            "action": "submit",
        }
        return self.ask("/forslag/nytt/", fields)[0]


def main():
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        port, *machines = (free_port() for _ in range(3))
        os.environ.update(
            DATABASE_URL=stack.enter_context(postgres.server(postgres.find_binaries())),
            DJANGO_SETTINGS_MODULE="reglab.settings",
            SITE_URL=f"https://{HOST}:{port}",
            SECRET_KEY="only-for-the-trial-0123456789-abcdefghijklmnopqrstuvwxyz",
            BEHIND_PROXY="true",
        )
        account = prepare()
        servers = [stack.enter_context(gunicorn(machine)) for machine in machines]
        stack.enter_context(nginx.running(folder, port, machines))
        try_edit_and_session(port, machines, account)
        try_limit(port, machines)
        read, sent = under_load(port, servers)
        report(read, sent)
        send_again(port, [title for title, status in sent.items() if status != 302])


def prepare():
    """Tables, static files, the 28 proposals and a meeting that is open; gives the secretariat's Account."""
    said = ""
    for command in (["collectstatic", "--noinput", "--verbosity=0"], ["prepare"]):
        command = [sys.executable, "manage.py", *command]
        said += subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603
    import django

    django.setup()
    from proposals.models import Meeting

    Meeting.objects.create(date=date.today() + timedelta(days=60))
    return Account.told_by(said)


@contextmanager
def gunicorn(port):
    """A machine; gives a function that kills it at once with all its workers, and one that starts it."""
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"{HOST}:{port}"]
    running = []

    def start():
        running[:] = [subprocess.Popen(command, cwd=ROOT, **SILENT, start_new_session=True)]  # noqa: S603
        wait_for(port)

    def kill():
        os.killpg(running[0].pid, signal.SIGKILL)
        running[0].wait()

    start()
    try:
        yield kill, start
    finally:
        kill()


def try_edit_and_session(port, machines, account):
    """An edit through the first machine shows at once on both, and so does the session that made it."""
    first, second = (Person(port, machine=machine) for machine in machines)
    _, page, _ = first.ask("/admin/login/")
    signing_in = {
        "csrfmiddlewaretoken": TOKEN.search(page)[1],
        "username": account.name,
        "password": account.password,
        "next": "/admin/",
    }
    assert first.ask("/admin/login/", signing_in)[0] == 302
    second.cookies = dict(first.cookies)
    assert second.ask("/admin/")[0] == 200
    print("Signed in on the first machine, known on the second.")
    strangers = [Person(port, machine=machine) for machine in machines]
    for number in range(5):
        name = f"Region Dalarna {number}"
        editor = (first, second)[number % 2]
        editor.cookies = dict(first.cookies)
        form = next(one for one in html.fromstring(editor.ask(edit_address())[1]).forms if "name" in one.fields)
        assert editor.ask(edit_address(), {**dict(form.form_values()), "name": name, "_save": "1"})[0] == 302
        assert all(name in stranger.ask("/")[1] for stranger in strangers)
    print("5 edits through either machine: each seen by the next reader of both.")


def edit_address():
    from proposals.models import Region

    return f"/admin/proposals/region/{Region.objects.get(slug='region-dalarna').pk}/change/"


def try_limit(port, machines):
    """Of 24 forms from one address, sent to the machines in turn, 20 are taken in."""
    people = [Person(port, address="192.0.2.9", machine=machine) for machine in machines]
    statuses = Counter(people[number % 2].submit(f"Gräns {number}") for number in range(24))
    assert statuses == {302: 20, 429: 4}, statuses
    print("24 forms from one address to both machines in turn: 20 taken in, 4 refused.")


def under_load(port, servers):
    """Read and send in while the first machine is killed and started again.

    Gives [(moment, seconds, status)] of what was read, and {title: status} of what was sent in.
    """
    kill, start = servers[0]
    begun_at = time.monotonic()
    read, sent = [], {}

    def elapsed():
        return time.monotonic() - begun_at

    def reading(number):
        person = Person(port, address=f"127.0.1.{number + 1}")
        for turn in range(10**9):
            if (asked_at := elapsed()) > SECONDS:
                return
            read.append((asked_at, *timed(person.ask, PAGES[(number + turn) % len(PAGES)])))
            time.sleep(PAUSE)

    def sending(number):
        for turn in range(10**9):
            if elapsed() > SECONDS:
                return
            person = Person(port, address=f"127.0.{2 + number}.{turn // 10 + 1}")
            title = f"Förslag {number}-{turn}"
            sent[title] = timed(person.submit, title)[1]

    with ThreadPoolExecutor(READERS + SUBMITTERS + 1) as pool:
        work = [pool.submit(reading, number) for number in range(READERS)]
        work += [pool.submit(sending, number) for number in range(SUBMITTERS)]
        time.sleep(KILLED_AT - elapsed())
        kill()
        time.sleep(STARTED_AT - elapsed())
        start()
        for one in work:
            one.result()
    return read, sent


def timed(call, argument):
    """(seconds, status); the status is 0 without an answer."""
    began = time.monotonic()
    try:
        answer = call(argument)
    except (OSError, HTTPException):
        answer = 0
    return time.monotonic() - began, answer[0] if isinstance(answer, tuple) else answer


def report(read, sent):
    from proposals.models import Proposal

    failed = [status for *_, status in read if status != 200]
    print(f"Reading: {len(read)} requests, {len(failed)} failed{failed or ''}.")
    moments = {"before": (0, KILLED_AT), "killed": (KILLED_AT, STARTED_AT), "after": (STARTED_AT, SECONDS)}
    for name, (since, until) in moments.items():
        waits = sorted(1000 * seconds for asked_at, seconds, _ in read if since <= asked_at < until)
        p50, p99 = (waits[int(share * len(waits))] for share in (0.5, 0.99))
        print(f"  {name}: {len(waits)} requests, p50 {p50:.0f} ms, p99 {p99:.0f} ms, slowest {waits[-1]:.0f} ms")
    kept = Counter(Proposal.objects.filter(title__in=sent).values_list("title", flat=True))
    taken = [title for title, status in sent.items() if status == 302]
    others = {title: status for title, status in sent.items() if status != 302}
    print(f"Sending in: {len(taken)} acknowledged, {sum(kept[title] == 1 for title in taken)} of them kept once.")
    print(f"  Not acknowledged: {sorted(others.values())}, {sum(kept[title] for title in others)} of them kept.")
    assert all(kept[title] == 1 for title in taken)
    assert max(kept.values()) == 1


def send_again(port, titles):
    """What wasn't acknowledged, as somebody does who found no receipt."""
    from proposals.models import Proposal

    statuses = [Person(port, address=f"127.0.9.{number + 1}").submit(title) for number, title in enumerate(titles)]
    kept = Proposal.objects.filter(title__in=titles).count()
    print(f"  Sent again: {statuses}, {kept} of them kept, each once.")
    assert kept == len(titles)


if __name__ == "__main__":
    main()
