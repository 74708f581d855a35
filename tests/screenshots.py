"""Write the pictures in docs/screenshots anew from the running app: `make screenshots`.

Those of the README are of the fixture, those of docs/secretariat.md of a made-up year (tests.screenshots_guide).
"""

import subprocess
import tempfile
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium, screenshots_guide
from tests.server import ROOT, running

FOLDER = ROOT / "docs" / "screenshots"
PAGES = {
    "list": "/",
    "search": "/?q=upphandlng",
    "proposal": "/forslag/2024-09-18/7/",
    "form": "/forslag/nytt/",
    "admin": "/admin/proposals/proposal/?mote=2024-09-18",
    "desk": "/admin/?mote=2024-09-18",
}
SHEETS = [1, 2, 3]  # of the booklet
SIZES = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 360, "height": 740}}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as (port, account),
        sync_playwright() as program,
    ):
        browser = program.chromium.launch(**chromium.LAUNCH)
        _open_call(browser.new_page(), port, account)
        for size, viewport in SIZES.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport=viewport, color_scheme=scheme)
                for name, path in PAGES.items():
                    if name == "admin":
                        _sign_in(page, port, account)
                    page.goto(f"http://127.0.0.1:{port}{path}")
                    page.evaluate("document.fonts.ready")
                    page.screenshot(path=FOLDER / f"{name}-{size}-{scheme}.png")
                page.close()
        guide = screenshots_guide.draw(browser, FOLDER)
        browser.close()
        _draw_booklet(port)
    print(f"Wrote {len(PAGES) * len(SIZES) * 2 + len(SHEETS) + guide} pictures to {FOLDER.relative_to(ROOT)}/")


def _draw_booklet(port):
    """The first sheets of the PDF, drawn by poppler."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/moten/2024-09-18/hafte.pdf")
    content = connection.getresponse().read()
    for sheet in SHEETS:
        command = ["pdftoppm", "-png", "-r", "50", "-singlefile", "-f", str(sheet), "-", FOLDER / f"booklet-{sheet}"]
        subprocess.run(command, input=content, check=True)  # noqa: S603


def _open_call(page, port, account):
    """Add a coming meeting, so that there is a form to show."""
    _sign_in(page, port, account)
    page.goto(f"http://127.0.0.1:{port}/admin/proposals/meeting/add/")
    page.locator("#id_date").fill((date.today() + timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Spara", exact=True).click()
    page.close()


def _sign_in(page, port, account):
    page.goto(f"http://127.0.0.1:{port}/admin/")
    page.locator("#id_username").fill(account.name)
    page.locator("#id_password").fill(account.password)
    page.get_by_role("button", name="Logga in").click()


if __name__ == "__main__":
    main()
