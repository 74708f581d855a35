"""The server as `make run` starts it, asked over a real socket."""

from http.client import HTTPConnection

import pytest

from tests import server


@pytest.fixture(scope="module")
def get(tmp_path_factory):
    """A function that asks for a path: (status, text)."""
    with server.running(tmp_path_factory.mktemp("server")) as (port, _):

        def get(path):
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            response = connection.getresponse()
            answer = response.status, response.read().decode()
            connection.close()
            return answer

        yield get


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
