"""What axe finds, and what a keyboard, large text and a narrow screen need, on every page and after use."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from proposals import workflow
from proposals.models import Meeting, Proposal, Region, Status
from proposals.workflow.recording import recorded_change
from tests.authenticator import Authenticator
from tests.browser.conftest import PASSWORD
from tests.importing.test_reading import OTHER_YEAR

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

PAGES = [
    "/",
    "/?q=beredskap&region=region-gotland",
    "/?q=upphandlng",
    "/?q=fredriksson",
    '/?q="upphandlng"',
    "/?region=region-vastmanland&malgrupp=tjanstepersoner&malgrupp=finns-inte",
    "/forslag/2024-09-18/7/",
    "/forslag/2024-09-18/24/",
    "/forslag/nytt/",
    "/forslag/andra/",
    "/moten/",
    "/moten/2024-09-18/",
    "/moten/2024-09-18/statistik/",
    "/om/",
    "/tillganglighet/",
    "/integritet/",
]
LOOKS = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]


def overflow(page):
    """How many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_any_page(site, live_server, faults, width, scheme):
    site.set_viewport_size({"width": width, "height": 800})
    site.emulate_media(color_scheme=scheme)
    for path in PAGES:
        site.goto(live_server.url + path)
        assert faults(site) == [], path


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_after_use(page, the_28, live_server, faults, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url)
    if width < 1000:
        page.get_by_text("Karta över regionerna").click()
        page.get_by_text("Filtrera").click()
    page.get_by_label("Region Västmanland 4 förslag").check()
    page.get_by_role("searchbox").press_sequentially("barn")
    expect(page.get_by_role("status")).to_have_text("1 av 28 visas")
    assert faults(page) == []
    page.goto(f"{live_server.url}/finns-inte/")
    assert faults(page) == []
    page.goto(f"{live_server.url}/forslag/nytt/")
    page.get_by_role("button", name="Skicka in").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert faults(page) == []
    page.get_by_label("Rubrik").fill("Påverkan genom upphandling")
    page.get_by_label("Bakgrund").fill("Upphandling")
    page.get_by_label("Syfte och mål").focus()
    expect(page.locator("#liknande")).to_contain_text("Region Jämtland Härjedalen")
    assert faults(page) == []
    page.get_by_label("Avsändare").select_option(label="Annan eller ingen")
    page.get_by_label("Namn").first.fill("Anna Exempel")
    page.get_by_label("Din mejladress").fill("anna@example.com")
    page.get_by_role("button", name="Skicka in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")
    assert faults(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_needs_sideways_scrolling(site, live_server, path):
    for width, size in ((320, "100%"), (640, "200%")):
        site.set_viewport_size({"width": width, "height": 800})
        site.goto(live_server.url + path)
        # The policy for styles is for markup; a script may set one
        site.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert overflow(site) == 0


def test_the_whole_way_by_keyboard_alone(site):
    def tab_to(name, most=60):
        """Press Tab until the element of that name has focus, and is seen to have it."""
        for _ in range(most):
            site.keyboard.press("Tab")
            focused = site.locator(":focus")
            if name in (focused.inner_text() or focused.get_attribute("id") or ""):
                assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
                return
        raise AssertionError(f"Tab never came to {name}")

    tab_to("Hoppa till innehållet")
    site.keyboard.press("Enter")
    for _ in range(8):
        site.keyboard.press("Tab")
        if site.locator(":focus").get_attribute("id") == "q":
            break
    site.keyboard.type("persondrönare")
    expect(site.get_by_role("status")).to_have_text("1 av 28 visas")
    tab_to("Kollektivtrafik eller persondrönare", most=80)
    site.keyboard.press("Enter")
    expect(site.get_by_role("heading", level=1)).to_contain_text("Kollektivtrafik")
    tab_to("Lämna förslag")
    site.keyboard.press("Enter")
    expect(site.get_by_role("heading", level=1)).to_contain_text("Lämna förslag")
    for id_, typed in (
        ("id_title", "Med tangenter"),
        ("id_region", "Annan eller ingen"),
        ("id_background", "Text"),
        ("id_contacts-0-name", "Anna Exempel"),
        ("id_submitter_email", "anna@example.com"),
    ):
        for _ in range(60):
            site.keyboard.press("Tab")
            if site.locator(":focus").get_attribute("id") == id_:
                break
        site.keyboard.type(typed)
    tab_to("Skicka in")
    site.keyboard.press("Enter")
    expect(site.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")


def test_nothing_moves(site, live_server):
    site.emulate_media(reduced_motion="no-preference")
    for path in PAGES:
        site.goto(live_server.url + path)
        moving = (
            "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).transitionDuration !== '0s').length"
        )
        assert site.evaluate(moving) == 0
        assert site.evaluate("document.getAnimations().length") == 0


def test_the_desk_says_nothing_in_the_console(site, live_server, sign_in):
    """The `site` fixture reads the console at the end: a style or script of the admin's own would be refused there."""
    sign_in(site)
    for path in ("", "proposals/proposal/", "proposals/proposal/add/", "proposals/meeting/add/", "proposals/contact/"):
        site.goto(f"{live_server.url}/admin/{path}")
    site.goto(f"{live_server.url}/admin/proposals/proposal/?mote=2024-09-18")
    site.get_by_role("link", name="Barn och Unga", exact=True).click()
    site.get_by_role("link", name="Historik").click()
    expect(site.get_by_role("heading", level=1)).to_contain_text("Historik")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_the_desk_that_we_shape(page, the_28, live_server, sign_in, faults, scheme):
    page.emulate_media(color_scheme=scheme)
    sign_in(page)
    page.goto(f"{live_server.url}/admin/proposals/proposal/?mote=2024-09-18&q=regional")
    assert faults(page) == []
    page.get_by_role("link", name="Regional utveckling med krympande resurser", exact=True).click()
    page.locator("#id_title").fill("Rättad")
    page.get_by_role("button", name="Spara och stanna").click()
    page.get_by_role("link", name="Historik").click()
    assert faults(page) == []
    page.get_by_role("link", name="Läs versionen").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tidigare version")
    assert faults(page) == []
    page.goto(f"{live_server.url}/?q=elmoped")
    page.goto(f"{live_server.url}/admin/proposals/synonym/")
    expect(page.get_by_role("link", name=re.compile("Gör till synonym.*elmoped"))).to_be_visible()
    assert faults(page) == []
    page.goto(f"{live_server.url}/admin/proposals/proposal/?mote=alla&nastan-lika=ja")
    page.get_by_role("link", name="liknar 23").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jämför två förslag")
    assert faults(page) == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_a_submitters_own_pages(page, the_28, live_server, faults, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/forslag/nytt/")
    page.get_by_label("Din mejladress").fill("anna@example.com")
    page.get_by_role("button", name="Spara utkast").click()
    expect(page.get_by_text("Utkastet är sparat")).to_be_visible()
    assert (faults(page), overflow(page)) == ([], 0)
    proposal = Proposal.objects.get(title="")
    Proposal.objects.filter(pk=proposal.pk).update(title="Grön el", status=Status.SUBMITTED)
    workflow.return_to_submitter(proposal, "Vem ska delta?")
    page.goto(live_server.url + proposal.issue_edit_url())
    expect(page.get_by_text("Vem ska delta?")).to_be_visible()
    assert (faults(page), overflow(page)) == ([], 0)
    page.get_by_role("link", name="Återta förslaget").click()
    assert faults(page) == []
    page.get_by_role("button", name="Återta").click()
    expect(page.get_by_text("Förslaget är återtaget.")).to_be_visible()
    assert (faults(page), overflow(page)) == ([], 0)
    page.goto(f"{live_server.url}/forslag/andra/")
    page.get_by_label("Din mejladress").fill("anna@example.com")
    page.get_by_role("button", name="Mejla länken").click()
    assert faults(page) == []
    Meeting.objects.update(submissions_close_at=timezone.now())
    page.goto(f"{live_server.url}/forslag/nytt/")
    assert faults(page) == []


REGISTERS = ["contact", "meeting", "region", "targetgroup", "synonym", "latelink", "mail"]
STEPS = ["assign", "groups", "publish", "return", "move", "letter", "withdraw"]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_the_pages_of_the_desk(page, the_28, live_server, sign_in, faults, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    meeting = Meeting.objects.receiving()
    region = Region.objects.get(slug="region-gotland")
    Region.objects.filter(pk=region.pk).update(member_emails="gotland@example.com")
    for title in ("Grön el", "Vatten"):
        proposal = Proposal.objects.create(
            meeting=meeting, title=title, status=Status.SUBMITTED, submitter_email="anna@example.com", background=title
        )
    twin = Proposal.objects.create(meeting=meeting, title="Mer vatten", status=Status.SUBMITTED, background="Hav.")
    merged = Proposal.objects.create(meeting=meeting, title="Sötvatten", status=Status.SUBMITTED)
    workflow.merge(twin, merged, {})
    old = Meeting.objects.get(date="2024-09-18")
    sign_in(page)
    for path in (
        "",
        f"?mote={old.date}",
        f"proposals/meeting/{meeting.pk}/order/",
        f"proposals/meeting/{meeting.pk}/publish/",
        f"proposals/meeting/{meeting.pk}/reminder/",
        f"proposals/meeting/{old.pk}/renumber/",
        f"proposals/proposal/{proposal.pk}/return/",
        f"proposals/proposal/{proposal.pk}/withdraw/",
        f"proposals/proposal/{proposal.pk}/edit-link/",
        f"proposals/proposal/{proposal.pk}/change/",
        f"proposals/proposal/{proposal.pk}/publish/",
        f"proposals/proposal/{proposal.pk}/move/",
        f"proposals/proposal/{proposal.pk}/row/",
        f"proposals/proposal/{proposal.pk}/compare/{twin.pk}/",
        f"proposals/proposal/{proposal.pk}/merge/{twin.pk}/",
        f"proposals/proposal/{twin.pk}/change/",
        f"proposals/proposal/{merged.pk}/change/",
        f"proposals/proposal/{proposal.pk}/history/",
        f"proposals/proposal/?mote={meeting.date}",
        f"proposals/proposal/?mote={meeting.date}&lage=saknar",
        f"proposals/proposal/?mote={meeting.date}&lage=atertagna",
        *(f"proposals/proposal/many/{step}/?valda={proposal.pk}" for step in STEPS),
        "proposals/proposal/add/",
        "proposals/meeting/add/",
        f"proposals/meeting/{meeting.pk}/change/",
        *(
            f"proposals/{register}/"
            for register in ["contact", "meeting", "region", "targetgroup", "synonym", "latelink", "mail"]
        ),
        f"proposals/region/{region.pk}/change/",
        "proposals/latelink/add/",
        "proposals/region/addresses/",
        "proposals/mail/texts/receipt/",
        "auth/user/",
        "auth/user/add/",
        "password_change/",
        "guide/",
        f"proposals/proposal/{proposal.pk}/preview/",
        f"proposals/proposal/{proposal.pk}/delete/",
        "proposals/mail/examples/",
    ):
        page.goto(f"{live_server.url}/admin/{path}")
        page.evaluate("document.querySelectorAll('main details').forEach((fold) => (fold.open = true))")
        assert (faults(page), overflow(page)) == ([], 0), path


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_in_the_preview_of_a_document(page, the_28, live_server, sign_in, faults, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    sign_in(page)
    page.goto(f"{live_server.url}/admin/proposals/meeting/intake/")
    page.get_by_label("Dokument", exact=True).set_input_files(OTHER_YEAR)
    page.get_by_label("Mötets datum").fill("2030-03-12")
    page.get_by_role("button", name="Visa vad som läses in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Granska inläsningen")
    assert (faults(page), overflow(page)) == ([], 0)
    page.goto(f"{page.url}3/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rätta")
    assert (faults(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Hör till förslaget ovanför").click()
    expect(page.get_by_text("Texten hör nu till förslaget ovanför.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_where_two_texts_collide(page, the_28, live_server, sign_in, faults, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    proposal = Proposal.objects.get(number=7)
    sign_in(page)
    page.goto(f"{live_server.url}/admin/proposals/proposal/{proposal.pk}/change/")
    proposal.background = "En annan bakgrund."
    with recorded_change(proposal):
        proposal.save()
    page.get_by_label("Bakgrund").fill("Min bakgrund.")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("välj vad som ska gälla")
    assert (faults(page), overflow(page)) == ([], 0)


@pytest.mark.parametrize(("width", "scheme"), [LOOKS[0], LOOKS[-1]])
def test_axe_finds_nothing_at_the_door_of_the_desk(
    page, the_28, live_server, sign_in, faults, settings, free_slots, width, scheme
):
    settings.REQUIRE_MFA = True
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)

    def is_fine(heading):
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert (faults(page), overflow(page)) == ([], 0), heading

    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("button", name="Logga in").click()
    is_fine("Logga in")
    sign_in(page)
    app = Authenticator(page.content())
    page.get_by_label("Kod").fill("1")
    page.get_by_role("button", name="Koppla appen").click()
    is_fine("Koppla en app")
    page.get_by_label("Kod").fill(app.code())
    page.get_by_role("button", name="Koppla appen").click()
    is_fine("Spara reservkoderna")
    page.get_by_role("link", name="Jag har sparat koderna").click()
    page.goto(f"{live_server.url}/admin/proposals/proposal/add/")
    page.locator("#id_background").fill("Vi behöver el.\n\nOch vatten.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("Det du hade skrivit finns kvar")).to_be_visible()
    is_fine("Logga in")
    page.locator("#id_username").fill("kansli")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    is_fine("Skriv koden")
    page.get_by_label("Kod").fill(app.code(later=1))
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_label("Bakgrund")).to_have_value("Vi behöver el.\n\nOch vatten.")
    is_fine("Du är inloggad igen. Det du hade skrivit finns kvar")
