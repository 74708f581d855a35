"""Those who send in take turns; those who read don't wait for them."""

from io import BytesIO
from threading import Event, Thread

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from proposals import turns
from proposals.turns import Turns


@pytest.fixture
def work():
    """A view that stays at work with a post until it may end, behind the turns.

    (middleware, the addresses it was asked for, an Event that the first one sets, an Event that lets the posts end)
    """
    begun, at_work, end = [], Event(), Event()

    def view(request):
        middleware.process_view(request, view, (), {})  # as Django does before it
        begun.append(request.path)
        at_work.set()
        if request.method == "POST":
            end.wait(timeout=10)
        return HttpResponse("done")

    middleware = Turns(view)
    return middleware, begun, at_work, end


def in_thread(middleware, request):
    thread = Thread(target=middleware, args=[request])
    thread.start()
    return thread


def test_a_second_post_waits_until_the_first_is_done_while_pages_are_read(work, rf):
    middleware, begun, at_work, end = work
    first = in_thread(middleware, rf.post("/forslag/nytt/"))
    assert at_work.wait(timeout=10)
    second = in_thread(middleware, rf.post("/admin/"))
    form = in_thread(middleware, rf.get("/forslag/nytt/"))
    assert middleware(rf.get("/")).content == b"done"
    assert begun == ["/forslag/nytt/", "/"]
    end.set()
    for thread in (first, second, form):
        thread.join(timeout=10)
    assert sorted(begun) == ["/", "/admin/", "/forslag/nytt/", "/forslag/nytt/"]


def test_the_turn_is_given_on_when_a_post_fails(rf):
    def view(request):
        middleware.process_view(request, view, (), {})
        raise ValueError("broken")

    middleware = Turns(view)
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            middleware(rf.post("/forslag/nytt/"))


def test_a_body_that_comes_slowly_holds_nobody_up(work, rf):
    middleware, begun, _, end = work
    end.set()
    arrived = Event()

    class SlowBody(BytesIO):
        def read(self, *size):
            arrived.wait(timeout=10)
            return super().read(*size)

    slow = rf.post("/forslag/nytt/", data="a=b", content_type="application/x-www-form-urlencoded")
    slow._stream = SlowBody()
    thread = in_thread(middleware, slow)
    middleware(rf.post("/forslag/andra/"))
    assert begun == ["/forslag/andra/"]
    arrived.set()
    thread.join(timeout=10)
    assert begun == ["/forslag/andra/", "/forslag/nytt/"]


def test_nobody_waits_for_longer_than_a_proxy_does_for_the_site(work, rf, monkeypatch):
    middleware, _, at_work, end = work
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.1)
    first = in_thread(middleware, rf.post("/forslag/nytt/"))
    assert at_work.wait(timeout=10)
    with pytest.raises(OperationalError):
        middleware(rf.post("/forslag/nytt/"))
    end.set()
    first.join(timeout=10)
    assert middleware(rf.post("/forslag/nytt/")).content == b"done"


@pytest.mark.usefixtures("free_slots")
def test_whoever_got_no_turn_finds_their_text_and_a_button_to_send_it_again(client, typed, monkeypatch):
    monkeypatch.setattr(turns, "AT_ONCE", 0)
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.01)
    client.raise_request_exception = False
    page = client.post("/forslag/nytt/", typed)
    assert page.status_code == 503
    assert 'value="Grön el"' in page.content.decode()
    assert "Försök igen</button>" in page.content.decode()
    monkeypatch.undo()
    assert Client().post("/forslag/nytt/", typed).status_code == 302
