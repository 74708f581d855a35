import os

import pytest

# Playwright runs an event loop in this thread, and Django would refuse to use the database beside one
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def site(live_server, transactional_db, page):
    """A page at the running site; at the end nothing may have been said in its console."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(live_server.url)
    yield page
    assert said == []
