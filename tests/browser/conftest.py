import os
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from proposals.models import Meeting

# Playwright runs an event loop in this thread, and Django would refuse to use the database beside one
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PASSWORD = "only-for-this-test"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def the_28(transactional_db):
    """The 28 proposals, a coming meeting whose window is open, and the secretariat's account."""
    call_command("loaddata", "forslag_2024", verbosity=0)
    Meeting.objects.create(date=timezone.localdate() + timedelta(days=60))
    User.objects.create_superuser("kansli", password=PASSWORD)


@pytest.fixture
def site(live_server, the_28, page):
    """A page at the running site; at the end nothing may have been said in its console."""
    said = []
    # htmx tells of each request that a newer one replaces, as if that were a fault
    page.on("console", lambda message: message.text.startswith("htmx:") or said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(live_server.url)
    yield page
    assert said == []


@pytest.fixture
def sign_in(live_server):
    """A function that signs the secretariat in."""

    def sign_in(page):
        page.goto(f"{live_server.url}/admin/")
        page.locator("#id_username").fill("kansli")
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Logga in").click()

    return sign_in


@pytest.fixture
def faults():
    """A function that gives what axe finds wrong on a page: [(rule, the elements)].

    axe puts styles into the page, which the content security policy refuses: read the console before.
    """

    def faults(page):
        violations = Axe().run(page, options=RULES).response["violations"]
        return [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in violations]

    return faults
