"""Each request leaves one line with an id that its answer shows, and with nothing that anybody typed or is called."""

import os
import pickle
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client

from tests.outages import IS_SQLITE, locked, without_sessions

KEY = "k" * 43
LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (INFO|ERROR) (\S+) (\S+) (\S+) (\d{3}) (\d+) ms (\d+) bytes(.*)"
)


@pytest.fixture
def visitor(db):
    return Client(raise_request_exception=False)


@pytest.fixture
def failing(settings):
    """Views that fail, beside the site's own."""
    settings.ROOT_URLCONF = "tests.failing_urls"


def lines(log):
    """Of each line its parts: level, id, method, route, status, milliseconds, bytes, fault."""
    return [LINE.fullmatch(line).groups() for line in log.getvalue().splitlines()]


def test_each_request_leaves_one_line_with_the_id_of_its_answer(visitor, log):
    pages = [visitor.get(path) for path in ("/om/", "/om/", "/moten/")]
    written = lines(log)
    assert [line[1] for line in written] == [page["X-Request-ID"] for page in pages]
    assert len({line[1] for line in written}) == 3
    assert all(re.fullmatch("[0-9A-F]{8}", line[1]) for line in written)
    assert [line[6] for line in written] == [str(len(page.content)) for page in pages]


@pytest.mark.parametrize(
    ("method", "path", "status", "route"),
    [
        ("GET", "/?q=hemligt", 200, "/"),
        ("HEAD", "/moten/", 200, "/moten/"),
        ("GET", f"/forslag/andra/{KEY}/", 404, "/forslag/andra/<key:key>/"),
        ("POST", f"/forslag/nytt/sent/{KEY}/", 404, "/forslag/nytt/sent/<key:key>/"),
        ("GET", "/moten/2030-05-14/", 404, "/moten/<date:date>/"),
        ("GET", "/admin/proposals/proposal/7/change/", 302, "/admin/proposals/proposal/<path:object_id>/change/"),
        ("GET", "/finns/inte/anna@example.com", 404, "-"),
        ("POST", "/om/", 405, "/om/"),
        ("ANNA-ANDERSSON", "/om/", 405, "/om/"),
    ],
)
def test_the_line_tells_the_route_and_never_the_path(visitor, log, method, path, status, route):
    visitor.generic(method, path, headers={"Referer": "http://testserver/?q=hemligt", "User-Agent": "hemligt"})
    [line] = lines(log)
    assert line[2:5] == (method if method != "ANNA-ANDERSSON" else "-", route, str(status))
    assert not re.search("hemligt|kkkk|anna|127.0.0.1", log.getvalue(), re.IGNORECASE)


def test_a_cached_page_logs_its_route_as_well(visitor, log, make_proposal):
    make_proposal(number=1)
    for path in ("/", "/", "/forslag/2030-05-14/1/", "/forslag/2030-05-14/1/"):
        visitor.get(path)
    detail = "/forslag/<date:date>/<number:number>/"
    assert [line[3] for line in lines(log)] == ["/", "/", detail, detail]


def test_a_static_file_is_logged_as_one(visitor, log, settings):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    page = visitor.get("/static/favicon.svg")
    with open(finders.find("favicon.svg"), "rb") as file:
        assert b"".join(page.streaming_content) == file.read()
    assert lines(log)[0][3] == "/static/"


@pytest.mark.parametrize(
    ("given", "behind_proxy", "is_believed"),
    [
        ("0123456789abcdef0123456789abcdef", True, True),
        ("0123456789abcdef0123456789abcdef", False, False),
        ("anna@example.com", True, False),
        ("a b\x85c", True, False),
        ("x" * 65, True, False),
        ("", True, False),
    ],
)
def test_the_id_is_the_proxys_only_when_there_is_one_and_it_looks_like_an_id(
    visitor, settings, given, behind_proxy, is_believed
):
    settings.BEHIND_PROXY = behind_proxy
    answer = visitor.get("/om/", headers={"X-Request-ID": given})["X-Request-ID"]
    assert (answer == given) == is_believed
    assert re.fullmatch("[0-9A-Za-z-]{6,64}", answer)


def test_of_a_fault_the_line_tells_what_kind_and_where_but_not_what_it_says(visitor, log, failing):
    page = visitor.post(f"/fault/{KEY}/", {"text": "hemligt"})
    [line] = lines(log)
    assert page.status_code == 500
    assert line[:5] == ("ERROR", page["X-Request-ID"], "POST", "/fault/<str:key>/", "500")
    assert re.fullmatch(r" ValueError tests/failing_urls\.py:\d+", line[7])


@pytest.mark.django_db(transaction=True)
def test_of_the_database_the_line_tells_its_own_name_for_the_fault_and_the_way_there(log, typed):
    visitor = Client(raise_request_exception=False)
    with locked():
        visitor.post("/forslag/nytt/", typed)
    [line] = lines(log)
    name = r"OperationalError \(SQLITE_BUSY\)" if IS_SQLITE else r"LockNotAvailable \(55P03\)"
    place = "proposals/models/rate_limit" if IS_SQLITE else "proposals/models/meeting"
    assert line[4] == "503"
    assert re.search(rf"proposals/submission/views\.py:\d+.* {place}\.py:\d+", line[7])
    assert IS_SQLITE or re.match(rf" OperationalError < {name} ", line[7])


@pytest.mark.django_db(transaction=True)
def test_an_exception_in_a_middleware_is_logged_too(log, typed):
    visitor = Client(raise_request_exception=False)
    with without_sessions():
        visitor.post("/forslag/nytt/", typed)
    [line] = lines(log)
    assert line[4] == "503"
    assert "OperationalError" in line[7]
    assert "anna@example.com" not in log.getvalue()


def test_djangos_own_lines_are_not_written(visitor, log, typed):
    visitor.get("/", headers={"Host": "anna.example"})
    Client(enforce_csrf_checks=True).post("/forslag/nytt/", typed, headers={"Referer": "http://anna.example"})
    Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "anna"})
    visitor.get(f"/forslag/andra/{KEY}")
    assert [line[4] for line in lines(log)] == ["400", "403", "403", "301"]
    assert lines(log)[0][7].startswith(" DisallowedHost ")
    assert "anna" not in log.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_failure_after_a_commit_is_logged_without_its_message(log):
    def fail():
        raise ValueError("hemligt")

    with transaction.atomic():
        transaction.on_commit(fail, robust=True)
    assert re.fullmatch(
        r"\S+ \S+ ERROR django\.db\.backends\.base at base:\d+ ValueError tests/project/test_request_log\.py:\d+\n",
        log.getvalue(),
    )


def start(program, **environment):
    """Run a few lines of Python on the site's settings, and give what they write to the log."""
    environment |= {"PATH": os.environ["PATH"], "SECRET_KEY": "k" * 50, "DATABASE_URL": "sqlite:///:memory:"}
    environment |= {"DJANGO_SETTINGS_MODULE": "reglab.settings"}
    command = [sys.executable, "-c", f"import django; django.setup()\n{program}"]
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    return run.stderr


def test_with_debug_django_logs_as_usual():
    client = "Client(raise_request_exception=False, headers={'Host': 'localhost'})"
    program = f"from django.test import Client; {client}.get('/finns-inte/')"
    assert "Not Found: /finns-inte/" in start(program, DEBUG="true")
    assert "finns-inte" not in start(program)


def test_a_booklet_that_cannot_be_rendered_logs_the_place_without_the_message():
    command = [sys.executable, "-m", "proposals.booklet.formats", "hemligt"]
    run = subprocess.run(command, cwd=settings.BASE_DIR, input=pickle.dumps("hemligt"), capture_output=True)  # noqa: S603
    assert run.returncode == 1
    output = run.stdout.decode()
    assert output.startswith("ModuleNotFoundError ")
    assert "proposals/booklet/formats/__main__.py" in output
    assert "No module named" not in output
    assert run.stderr == b""
