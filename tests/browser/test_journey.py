"""The whole job in a real browser: read, send in, edit, publish, and see it in the list."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def browser_context_args(browser_context_args, request):
    return {**browser_context_args, "java_script_enabled": request.param == "with JavaScript"}


def fill_in(site):
    site.get_by_label("Rubrik").fill("Ett prov <b>med</b> tecken & åäö")
    site.get_by_label("Avsändare").select_option(label="Region Gotland")
    site.get_by_label("Bakgrund").fill("Första stycket.\n\n- punkt ett\n- punkt två")
    site.get_by_label("Chefer").check()
    site.get_by_label("Namn").first.fill("Anna Exempel")
    site.get_by_label("E-post").first.fill("anna@example.com")
    site.get_by_label("Din mejladress").fill("anna@example.com")


def test_a_member_filters_reads_and_sends_in_and_the_secretariat_publishes(site, live_server, sign_in):
    # Filter
    site.get_by_label("Region Västmanland 4 förslag").check()
    site.get_by_role("button", name="Visa förslagen").click()
    expect(site.get_by_role("status")).to_have_text("4 av 28 visas")
    expect(site).to_have_url(re.compile(r"region=region-vastmanland"))
    site.get_by_role("link", name="Rensa alla").click()
    expect(site.get_by_role("status")).to_have_text("Alla 28 visas")

    # Read
    site.get_by_role("searchbox").fill("persondrönare")
    site.get_by_role("searchbox").press("Enter")
    site.get_by_role("link", name="Kollektivtrafik eller persondrönare").click()
    expect(site.get_by_role("heading", level=1)).to_contain_text("Kollektivtrafik eller persondrönare")
    expect(site.get_by_text("Amelie Sahlin")).to_be_visible()

    # Send in
    site.get_by_role("link", name="Lämna förslag").click()
    fill_in(site)
    site.get_by_role("button", name="Lägg till en kontaktperson").click()
    expect(site.locator("#id_contacts-2-name")).to_be_focused()
    site.locator("#id_contacts-2-name").fill("Bo Exempel")
    site.get_by_role("button", name="Skicka in").click()
    expect(site.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")
    site.get_by_role("link", name="Till förslagen").click()
    expect(site.get_by_role("status")).to_have_text("Alla 28 visas")

    # Sign in, edit, publish
    sign_in(site)
    site.get_by_role("link", name="Ett prov").first.click()
    site.locator("#id_purpose").fill("Kansliet har lagt till ett syfte.")
    site.get_by_role("button", name="Spara och publicera …").click()
    expect(site.get_by_text("Får nummer 1").last).to_be_visible()
    site.get_by_role("button", name="Publicera").click()
    expect(site.get_by_text("är publicerat.")).to_be_visible()

    # See it
    site.goto(live_server.url)
    expect(site.get_by_role("status")).to_have_text("1 visas")
    site.get_by_role("link", name="Ett prov <b>med</b> tecken & åäö").click()
    expect(site).to_have_url(re.compile(r"/forslag/[0-9-]{10}/1/$"))
    expect(site.get_by_text("Kansliet har lagt till ett syfte.")).to_be_visible()
    expect(site.get_by_role("listitem").filter(has_text="punkt två")).to_be_visible()
    expect(site.get_by_text("Bo Exempel")).to_be_visible()


def test_a_draft_is_saved_found_again_and_sent_in(site):
    site.get_by_role("link", name="Lämna förslag").click()
    site.get_by_label("Din mejladress").fill("anna@example.com")
    site.get_by_label("Rubrik").fill("Halvfärdigt")
    site.get_by_role("button", name="Spara utkast").click()
    expect(site.get_by_text("Utkastet är sparat, men inte inskickat än.")).to_be_visible()
    expect(site.get_by_label("Rubrik")).to_have_value("Halvfärdigt")
    site.get_by_role("button", name="Skicka in").click()
    expect(site.get_by_role("alert")).to_contain_text("3 uppgifter behöver rättas")
    site.get_by_label("Avsändare").select_option(label="Annan eller ingen")
    site.get_by_label("Bakgrund").fill("Nu är det klart.")
    site.get_by_label("Namn").first.fill("Anna Exempel")
    site.get_by_role("button", name="Skicka in").click()
    expect(site.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")
    site.get_by_role("button", name="Öppna ditt förslag").click()
    site.get_by_label("Rubrik").fill("Färdigt")
    site.get_by_role("button", name="Spara ändringar").click()
    expect(site.get_by_text("Ändringarna är sparade.")).to_be_visible()


def test_faults_take_focus_and_lead_to_their_fields(site):
    site.get_by_role("link", name="Lämna förslag").click()
    site.get_by_label("Bakgrund").fill("Det här ska inte gå förlorat.")
    site.get_by_role("button", name="Skicka in").click()
    summary = site.get_by_role("alert")
    expect(summary).to_contain_text("4 uppgifter behöver rättas")
    expect(summary).to_be_focused()
    expect(site).to_have_title(re.compile("^Fel: "))
    summary.get_by_role("link", name="Skriv en rubrik.").click()
    expect(site.get_by_label("Rubrik")).to_be_focused()
    expect(site.get_by_label("Bakgrund")).to_have_value("Det här ska inte gå förlorat.")
