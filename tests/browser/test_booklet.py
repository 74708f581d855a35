"""The booklet in a real browser: the page while a large one is made, and a document read in at the desk."""

import time
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from proposals.booklet import views
from proposals.models import BookletFile, Proposal, RateLimit
from tests.browser.test_accessibility import LOOKS, overflow

pytestmark = pytest.mark.browser

DOCUMENT = settings.BASE_DIR / "tests" / "documents" / "2025-03-12.txt"


@pytest.fixture
def slow(the_28, monkeypatch):
    """A site on which every booklet takes longer than anybody waits."""
    BookletFile.objects.all().delete()
    monkeypatch.setattr(views, "BROWSER_TIMEOUT", 0)


def wait_for_file():
    """However long it takes on a busy machine; whoever renders gives up by itself."""
    while not BookletFile.objects.exists():
        assert not RateLimit.objects.filter(key__endswith=":failed").exists()
        time.sleep(0.1)


def test_the_page_goes_on_to_the_file_by_itself(site, live_server, slow):
    site.goto(f"{live_server.url}/moten/2024-09-18/")
    with site.expect_download() as download:
        site.get_by_role("link", name="Word").click()
        expect(site.get_by_role("heading", level=1)).to_have_text("Häftet görs i ordning")
    assert download.value.suggested_filename == "forslag-2024-09-18.docx"
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    expect(site.get_by_role("status")).to_have_text("Filen är klar.")


def test_without_a_script_the_page_has_a_link_to_the_file(browser, live_server, slow):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/moten/2024-09-18/hafte.docx")
    expect(page.get_by_text("Vänta några sekunder och tryck sedan på Hämta filen.")).to_be_visible()
    wait_for_file()
    with page.expect_download() as download:
        page.get_by_role("link", name="Hämta filen").click()
    assert download.value.suggested_filename == "forslag-2024-09-18.docx"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_the_pages_about_files(
    page, live_server, slow, sign_in, faults, monkeypatch, width, scheme
):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/moten/2024-09-18/hafte.pdf")
    assert (faults(page), overflow(page)) == ([], 0)
    monkeypatch.setattr(views, "SELECTIONS_PER_HOUR", 0)
    page.goto(f"{live_server.url}/moten/2024-09-18/hafte.pdf?region=region-dalarna")
    expect(page.get_by_role("heading", level=1)).to_have_text("För många urval på kort tid")
    assert (faults(page), overflow(page)) == ([], 0)
    sign_in(page)
    page.goto(f"{live_server.url}/admin/proposals/proposal/")
    page.get_by_role("link", name="Läs in dokument").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Läs in dokument")
    assert (faults(page), overflow(page)) == ([], 0)
    page.get_by_label("Dokument").set_input_files(DOCUMENT)
    page.get_by_label("Mötets datum").fill("2030-03-12")
    page.get_by_role("button", name="Visa vad som läses in").click()
    expect(page.get_by_text("8 av 8 förslag")).to_be_visible()
    assert (faults(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Läs in 8 förslag som inskickade").first.click()
    expect(page.get_by_text("8 förslag är inlästa som inskickade.")).to_be_visible()
    assert Proposal.objects.count() == 28 + 8
