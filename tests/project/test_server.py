"""The server as `make run` starts it, asked over a real socket."""

import re
import socket
from http.client import HTTPConnection

import pytest

from tests import server

WORDS = "hemligt-ord"
HEAD = "Host: localhost\r\nConnection: close\r\n"
FORM = f"POST /forslag/nytt/ HTTP/1.1\r\n{HEAD}Content-Type: application/x-www-form-urlencoded\r\n"
# What no browser sends, and what may be answered to it
RAW = [
    # No HTTP at all
    *(
        "\r\n\r\n",
        f"{WORDS}\r\n\r\n",
        "\x16\x03\x01\x02\x00",
        f"GET {WORDS}\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ),
    f"GET /{WORDS} HTTP/9.9\r\n{HEAD}\r\n",
    f"{WORDS} / HTTP/1.1\r\n{HEAD}\r\n",
    f"G\x00T /{WORDS} HTTP/1.1\r\n{HEAD}\r\n",
    # Odd targets
    f"GET http://{WORDS}.example/om/ HTTP/1.1\r\n{HEAD}\r\n",
    *(f"{method} * HTTP/1.1\r\n{HEAD}\r\n" for method in ("OPTIONS", "GET", "POST")),
    f"CONNECT {WORDS}:443 HTTP/1.1\r\n{HEAD}\r\n",
    *(
        f"GET /{path}/{WORDS} HTTP/1.1\r\n{HEAD}\r\n"
        for path in ("%00", "%ff", "..", "//", "%2e%2e/%2e%2e", "a" * 9000)
    ),
    f"GET /?{'q=' + WORDS * 3000} HTTP/1.1\r\n{HEAD}\r\n",
    # Odd headers
    "GET / HTTP/1.1\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: {WORDS}\r\nConnection: close\r\n\r\n",
    f"GET / HTTP/1.1\r\n{HEAD}Host: {WORDS}\r\n\r\n",
    f"GET / HTTP/1.1\r\n{HEAD}{WORDS}\r\n\r\n",
    f"GET / HTTP/1.1\r\n{HEAD}X: \x00{WORDS}\r\n\r\n",
    f"GET / HTTP/1.1\r\n{HEAD}{WORDS} : x\r\n\r\n",
    f"GET / HTTP/1.1\r\n{HEAD}X: a\r\n {WORDS}\r\n\r\n",
    f"GET / HTTP/1.1\r\n{HEAD}X: {WORDS * 2000}\r\n\r\n",
    "GET / HTTP/1.1\r\n" + HEAD + f"X-{WORDS}: x\r\n" * 200 + "\r\n",
    f"GET /om/ HTTP/1.1\r\n{HEAD}SCRIPT_NAME: /{WORDS}\r\n\r\n",
    f"GET /om/ HTTP/1.1\r\n{HEAD}X-Forwarded-Proto: {WORDS}\r\n\r\n",
    f"GET /om/ HTTP/1.1\r\n{HEAD}Content-Type: a/b; charset*={WORDS}'en'%E4\r\n\r\n",
    f"GET /om/ HTTP/1.1\r\n{HEAD}Expect: {WORDS}\r\n\r\n",
    f"GET /om/ HTTP/1.1\r\n{HEAD}Upgrade: websocket\r\n\r\n",
    # Odd bodies
    *(
        f"{FORM}Content-Length: {length}\r\n\r\n{WORDS}"
        for length in ("-1", "x", "1e3", "٣", "11, 12", "9" * 30, "2500001")
    ),
    f"{FORM}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{WORDS}",
    f"{FORM}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{WORDS}",
    f"{FORM}Transfer-Encoding: {WORDS}\r\n\r\n0\r\n\r\n",
    f"{FORM}Transfer-Encoding: chunked\r\n\r\n{WORDS}\r\n",
    f"{FORM}Transfer-Encoding: chunked\r\n\r\nb\r\n{WORDS}\r\n0\r\n\r\n",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def port(folder):
    with server.running(folder) as (port, _):
        yield port


@pytest.fixture
def get(port):
    """A function that asks for a path: (status, text)."""

    def get(path):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path)
        response = connection.getresponse()
        answer = response.status, response.read().decode()
        connection.close()
        return answer

    return get


def send(port, sent):
    """What the server answers to the bytes, until it closes; it has closed already when it answers nothing."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        answer = b""
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                answer += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
        return answer


def test_the_front_page_is_served(get):
    status, page = get("/")
    assert status == 200
    assert page.count('<li class="proposal">') == 28


def test_ten_thousand_letters_in_the_address_get_a_page_of_ours(get):
    status, page = get("/?q=" + "k%C3%A4rnkraft+" * 700)
    assert status == 200
    assert "Inga förslag matchar" in page


def test_halves_of_characters_in_the_address_get_a_page_of_ours(get):
    for path in ("/?q=%ED%A0%80", "/?region=%FF%FE&mote=%00", "/%ED%A0%80/", "/?%zz=%"):
        assert get(path)[0] in (200, 404)


def test_what_no_browser_sends_is_refused_and_costs_nobody_else_anything(get, port):
    wrong = {}
    for request in RAW:
        answer = send(port, request.encode("utf-8", "surrogatepass"))
        status = int(answer[9:12] or 0)
        # A way of packing the body that isn't known is answered so by the book
        may_be = (501,) if f"Encoding: {WORDS}" in request else range(500)
        if status not in may_be or b"Traceback" in answer or b"gunicorn/" in answer:
            wrong[request[:200]] = answer[:200]
    assert wrong == {}
    assert get("/")[0] == 200


def test_a_body_that_does_not_tell_its_length_is_not_read(port):
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    request = f"{FORM}Transfer-Encoding: chunked\r\n\r\n".encode() + piece * 100 + b"0\r\n\r\n"
    answer = send(port, request)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 403 ")


def test_the_log_has_one_line_a_request_and_none_of_its_words(get, port, folder):
    for request in RAW:
        send(port, request.encode("utf-8", "surrogatepass"))
    get(f"/?q={WORDS}")
    log = (folder / "log").read_text()
    assert "Listening at" in log
    assert not re.search(f"{WORDS}|127.0.0.1(?!:{port} )|Traceback", log)
    line = (
        r"[\d-]+ [\d:,]+ INFO [0-9A-F]{8} [A-Z-]+ \S+ \d{3} \d+ ms \d+ bytes.*|\[[^]]+\] \[\d+\] \[(INFO|WARNING)\] .*"
    )
    assert [one for one in log.splitlines() if not re.fullmatch(line, one)] == []
