"""Thousands of requests that no browser would send, and none of them is answered with a server error."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client

from reglab.wsgi import application
from tests.odd_requests import OddRequests


@pytest.fixture(autouse=True)
def one_connection(free_slots):
    """The test's own transaction stays open from request to request, as with Django's test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def answer(environ):
    """(status, headers, body) of the answer to a WSGI environment, as a server gets it."""
    begun = []
    response = application(environ, lambda status, headers: begun.extend([status, headers]))
    try:
        return int(begun[0].split()[0]), begun[1], b"".join(response)
    finally:
        response.close()


def faults(environ):
    """What is wrong with the answer, if anything is."""
    with transaction.atomic():
        status, headers, body = answer(environ)
        transaction.set_rollback(True)  # the next request finds everything as it was
    if status >= 500 or b"Traceback" in body:
        return status
    broken = [name for name, value in headers if not value.isprintable() or not value.isascii()]
    return broken or None


@pytest.mark.parametrize(("role", "count"), [("stranger", 1500), ("secretary", 1000), ("superuser", 500)])
def test_none_of_them_is_a_server_error(things, secretary, log, role, count):
    client = Client()
    if role != "stranger":
        client.force_login(secretary if role == "secretary" else things["user"])
    odd = OddRequests(things, role, client.cookies.output(header="", attrs=[]).strip())
    wrong = [(environ, fault) for environ in (odd.make() for _ in range(count)) if (fault := faults(environ))]
    assert wrong == []
    assert [line for line in log.getvalue().splitlines() if " ERROR " in line] == []
    assert len(log.getvalue().splitlines()) == count
