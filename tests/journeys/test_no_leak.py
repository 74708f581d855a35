"""Nothing that isn't public stands in any byte of any public answer, nor does anything that is personal in the log."""

import html
import io
import re
from datetime import date
from itertools import count
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from proposals import workflow
from proposals.booklet.formats import FORMATS
from proposals.models import LateLink, Mail, MissedQuery, Proposal, Region, Status
from proposals.workflow.recording import recorded_change
from tests.addresses import address, routes
from tests.booklet.test_formats import pdf_text, undivided
from tests.outages import gone

HOST = {"Host": "example.org"}
VISIBLE = "synligtord"
PAGES = [
    "/",
    "/?mote=alla",
    "/moten/",
    "/moten/2030-05-14/",
    "/moten/2030-05-14/statistik/",
    "/flode.xml",
    "/sitemap.xml",
]
FILES = [f"/moten/2030-05-14/hafte.{ending}" for ending in FORMATS]
UNPUBLISHED = set(Status.values) - {Status.PUBLISHED}

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("free_slots")]


class Secrets:
    """Words that stand nowhere else, two in each place, so that a search for one could bring the other to light."""

    def __init__(self):
        self.words, self._numbers = [], count()

    def text(self):
        return " ".join(self.word() for _ in range(2))

    def word(self, end=""):
        letters = "".join("bdfgklmnpr"[int(digit)] for digit in f"{next(self._numbers):03}")
        self.words.append(f"zebulon{letters}xy{end}")
        return self.words[-1]

    def email(self):
        return f"{self.word()}@example.com"

    def key(self):
        return self.word().ljust(43, "k")


@pytest.fixture
def secrets(things, make_proposal):
    """A secret in every place that has one, beside `things`."""
    secrets = Secrets()
    for status in UNPUBLISHED:
        texts = {name: secrets.text() for name in ("title", *Proposal.TEXTS, "return_message")}
        rest = {"draft_data": {"title": secrets.text()}, "withdrawn_from": "submitted" if status == "withdrawn" else ""}
        make_proposal(status=status, people=[secrets.text()], **texts, **rest, **sender(secrets))
    make_proposal(number=2, title=f"{VISIBLE} om el", region=things["region"], **sender(secrets))
    for proposal in Proposal.objects.all():
        with recorded_change(proposal):
            proposal.save()
    person = {"name": secrets.text(), "email": secrets.email(), "reason": secrets.text()}
    LateLink.objects.create(meeting=things["meeting"], expires_at=things["meeting"].closes_at, **person)
    Region.objects.update(member_emails=secrets.email())
    mail = {"to": secrets.email(), "reply_to": secrets.email(), "subject": secrets.text(), "body": secrets.text()}
    Mail.objects.create(kind=Mail.Kind.RECEIPT, **mail, error=secrets.text())
    MissedQuery.objects.create(text=secrets.text(), last_at=timezone.now())
    User.objects.create_superuser(secrets.word(), email=secrets.email(), first_name=secrets.word())
    return secrets


def sender(secrets):
    return {"submitter_name": secrets.text(), "submitter_email": secrets.email(), "key": secrets.key()}


def said(response):
    """All that an answer says, its files unpacked."""
    content = response.getvalue() if response.streaming else response.content
    if content.startswith(b"PK"):
        with ZipFile(io.BytesIO(content)) as parts:
            content = b"".join(part.encode() + parts.read(part) for part in parts.namelist())
    text = content.decode(errors="replace")
    if content.startswith(b"%PDF"):
        text += undivided(pdf_text(content))
    return html.unescape(f"{response.status_code} {list(response.items())} {response.cookies} {text}")


def leaks(response, secrets, asked=""):
    """The secrets in an answer; what was asked for may be said again."""
    text = said(response)
    return [word for word in secrets.words if word in text and word not in asked]


def test_what_is_public_is_found_in_every_kind_of_answer(client, secrets):
    """Else the tests below would find nothing because they can't read it, or because nobody could."""
    for path in ["/", "/flode.xml", "/moten/2030-05-14/", *FILES]:
        assert VISIBLE in said(client.get(path)), path
    unpublished = Proposal.objects.filter(status__in=UNPUBLISHED, title__startswith="zebulon")
    assert len(unpublished) == len(UNPUBLISHED)
    assert all(Proposal.objects.search(proposal.title).get() == proposal for proposal in unpublished)


def test_no_public_address_tells_a_secret(secrets, things, kansli):
    for path in PAGES:
        kansli.get(path)  # what is kept of these is nobody else's to see
    found = {}
    visitor = Client(raise_request_exception=False)
    for name, route in routes().items():
        for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
            path = address(route, things)
            if words := leaks(visitor.generic(method, path), secrets):
                found[name, method] = words
    assert found == {}


def test_no_file_and_no_narrowed_one_tells_a_secret(client, secrets):
    for path in FILES:
        assert leaks(client.get(path), secrets) == []
        assert leaks(client.get(f"{path}?region=region-dalarna"), secrets) == []


def test_no_search_brings_a_secret_to_light(client, secrets):
    """Neither what stands beside the word that is searched for, nor the word itself to somebody who nearly has it."""
    found = {}
    for word in secrets.words:
        for path, query in [
            ("/", word),
            ("/moten/2030-05-14/hafte.json", word),
            ("/", word[:-1]),
            ("/", word[:-2] + "q"),
        ]:
            if words := leaks(client.get(path, {"q": query, "mote": "alla"}), secrets, asked=query):
                found[path, query] = words
        if words := leaks(
            client.post("/forslag/nytt/liknande/", {"title": word, "background": word}), secrets, asked=word
        ):
            found["alike", word] = words
    assert found == {}


def test_no_answer_to_somebody_who_has_been_here_tells_a_secret(client, secrets):
    for path in [*PAGES, *FILES]:
        first = client.get(path)
        for headers in (
            {"If-None-Match": first.get("ETag", "*")},
            {"If-Modified-Since": first.get("Last-Modified", "")},
        ):
            assert leaks(client.get(path, headers=headers), secrets) == []
        assert leaks(client.get(path, headers={"Referer": "http://testserver/?q=zebulon"}), secrets) == []


def test_no_redirect_and_no_fault_tells_a_secret(secrets, things, settings, admin_user):
    settings.ROOT_URLCONF = "tests.failing_urls"
    workflow.reschedule(things["meeting"], date(2030, 6, 1))
    visitor = Client(raise_request_exception=False)
    answers = [
        *(visitor.get(f"/forslag/2030-05-14/{number}/") for number in (1, 2, 3)),
        *(visitor.get(path) for path in [*FILES, "/moten/2030-05-14/", "/moten/2030-05-14/statistik/"]),
        visitor.get("/moten"),
        visitor.get("/admin/proposals/proposal/1/change"),
        visitor.get("/", headers=HOST),
        visitor.get(f"/forslag/andra/{'x' * 43}/"),
        visitor.get(f"/forslag/nytt/sent/{'x' * 43}/"),
        visitor.post("/", {}),
        visitor.post("/forslag/nytt/", {"background": "x" * 3_000_000}),
        visitor.post("/fault/", {"a": "b"}),
        visitor.get("/no-room/"),
        Client(enforce_csrf_checks=True).post("/forslag/andra/", {"email": "anna@example.com"}),
    ]
    with gone():
        answers += [visitor.get("/"), visitor.post("/forslag/nytt/", {"title": "Grön el"})]
    assert {answer.status_code for answer in answers} >= {301, 302, 400, 403, 404, 405, 413, 500, 503}
    assert [leaks(answer, secrets) for answer in answers] == [[]] * len(answers)


def test_asking_for_links_tells_nothing_of_whose_they_are(client, secrets):
    for proposal in Proposal.objects.exclude(submitter_email=""):
        answer = client.post("/forslag/andra/", {"email": proposal.submitter_email})
        assert leaks(answer, secrets, asked=proposal.submitter_email) == []


def test_the_log_tells_nothing_of_anybody(secrets, things, settings, log, admin_user):
    """Neither of strangers who try, nor of those whose the secrets are, nor of kansliet, whatever goes wrong."""
    settings.ROOT_URLCONF = "tests.failing_urls"
    kansli, visitor = Client(raise_request_exception=False), Client(raise_request_exception=False)
    kansli.force_login(admin_user)
    word = secrets.word()
    typed = {"title": word, "background": word, "submitter_email": f"{word}@example.com", "contacts-0-name": word}
    typed |= {"contacts-TOTAL_FORMS": "1", "region": "ingen", "action": "submit"}
    headers = {
        "Referer": f"http://testserver/?q={word}",
        "User-Agent": word,
        "X-Forwarded-For": word,
        "Cookie": f"a={word}",
    }
    for proposal in Proposal.objects.filter(link_keys__isnull=False, status__in=[Status.RETURNED, Status.PUBLISHED]):
        paths = [f"/fault/{word}/", "/fault/", "/forslag/nytt/", f"/{word}/", "/forslag/andra/"]
        paths += [proposal.issue_edit_url(), f"{proposal.issue_edit_url()}aterta/"]
        paths += [
            address(route, things | {"proposal": proposal}) for name, route in routes().items() if "_change" in name
        ]
        for path in paths:
            for client in (visitor, kansli):
                client.get(path, {"q": word}, headers=headers)
                client.post(path, typed)
                client.get(path, headers={"Host": f"{word}.example"})
                Client(enforce_csrf_checks=True).post(path, typed, headers=headers)
            with gone():
                visitor.post(path, typed)
    log = log.getvalue()
    assert len(log.splitlines()) > 300
    assert {status for status in re.findall(r" (\d{3}) \d+ ms", log)} >= {
        "200",
        "302",
        "400",
        "403",
        "404",
        "500",
        "503",
    }
    assert [word for word in [*secrets.words, "anna@example.com", "127.0.0.1", "testserver"] if word in log] == []
