"""With JavaScript the list follows while one types and ticks; without it the same form has its button."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


def status(site):
    return site.get_by_role("status")


def test_typing_narrows_the_list_and_keeps_the_focus(site):
    field = site.get_by_role("searchbox")
    field.press_sequentially("persondrönare", delay=20)
    expect(status(site)).to_have_text("1 av 28 visas")
    expect(site.locator(".proposal")).to_have_count(1)
    expect(field).to_be_focused()
    expect(field).to_have_value("persondrönare")
    expect(site).to_have_url(re.compile(r"q=persondr"))
    expect(site).to_have_title(re.compile("^1 förslag om ”persondrönare”"))
    expect(site.locator(".tile", has_text="Dalarna").locator(".n")).to_contain_text("1")


def test_ticking_a_box_narrows_the_list_and_keeps_the_focus(site):
    box = site.get_by_label("Region Västmanland 4 förslag")
    box.focus()
    box.press("Space")
    expect(status(site)).to_have_text("4 av 28 visas")
    expect(site.get_by_label("Region Västmanland 4 förslag")).to_be_focused()
    expect(site.get_by_role("link", name="Ta bort: Region Västmanland")).to_be_visible()


def test_on_a_slow_network_no_tick_is_lost(site):
    slow = {"offline": False, "latency": 600, "downloadThroughput": -1, "uploadThroughput": -1}
    site.context.new_cdp_session(site).send("Network.emulateNetworkConditions", slow)
    site.get_by_label("Region Västmanland 4 förslag").check()
    site.wait_for_timeout(150)
    site.get_by_label("Region Dalarna 2 förslag").check()
    expect(status(site)).to_have_text("6 av 28 visas")
    expect(site).to_have_url(re.compile("region-dalarna.*region-vastmanland"))


def test_without_a_network_the_reader_is_told(page, the_28, live_server):
    page.goto(live_server.url)
    page.context.set_offline(True)
    page.get_by_label("Chefer 6 förslag").check()
    expect(status(page)).to_contain_text("Listan kunde inte uppdateras.")


def test_the_status_itself_stays_so_that_it_is_read_out(site):
    status(site).evaluate("element => { element.dataset.same = 'yes' }")
    site.get_by_label("Chefer 6 förslag").check()
    expect(status(site)).to_have_text("6 av 28 visas")
    expect(status(site)).to_have_attribute("data-same", "yes")


def test_the_back_button_leads_through_the_steps(site):
    site.get_by_label("Region Västmanland 4 förslag").check()
    expect(status(site)).to_have_text("4 av 28 visas")
    site.get_by_label("Tjänstepersoner 3 förslag").check()
    expect(status(site)).to_have_text("3 av 28 visas")
    site.go_back()
    expect(status(site)).to_have_text("4 av 28 visas")
    expect(site.get_by_label("Tjänstepersoner 3 förslag")).not_to_be_checked()
    site.go_back()
    expect(status(site)).to_have_text("Alla 28 visas")


def test_an_address_can_be_mailed_to_a_colleague(site, live_server):
    site.goto(f"{live_server.url}/?region=region-vastmanland&malgrupp=tjanstepersoner")
    expect(status(site)).to_have_text("3 av 28 visas")
    expect(site.get_by_label("Region Västmanland 3 förslag")).to_be_checked()


def test_a_tile_of_the_map_filters_and_a_second_press_takes_it_back(site):
    site.get_by_role("link", name="Örebro län 3 förslag").click()
    expect(status(site)).to_have_text("3 av 28 visas")
    site.get_by_role("link", name="Örebro län 3 förslag").click()
    expect(status(site)).to_have_text("Alla 28 visas")


def test_on_a_phone_the_facets_stay_open_while_one_ticks(site):
    site.set_viewport_size({"width": 360, "height": 740})
    expect(site.get_by_label("Chefer 6 förslag")).not_to_be_visible()
    site.get_by_text("Filtrera").click()
    site.get_by_label("Chefer 6 förslag").check()
    expect(status(site)).to_have_text("6 av 28 visas")
    expect(site.get_by_text("Filtrera (1 val)")).to_be_visible()
    expect(site.get_by_label("Strateger 4 förslag")).to_be_visible()


def test_previous_and_next_stay_within_the_list_one_came_from(site):
    site.get_by_label("Region Västmanland 4 förslag").check()
    expect(status(site)).to_have_text("4 av 28 visas")
    site.get_by_role("link", name="Barnrätt i praktiken").click()
    site.get_by_role("link", name="Nästa, 18").click()
    site.get_by_role("link", name="Nästa, 25").click()
    site.get_by_role("link", name="Tillbaka till listan").click()
    expect(status(site)).to_have_text("4 av 28 visas")


def test_the_link_of_a_proposal_can_be_copied(site, live_server):
    site.context.grant_permissions(["clipboard-read", "clipboard-write"])
    site.goto(f"{live_server.url}/forslag/2024-09-18/7/")
    site.get_by_role("button", name="Kopiera länken").click()
    expect(site.get_by_role("button", name="Länken är kopierad")).to_be_visible()
    assert site.evaluate("navigator.clipboard.readText()").endswith("/forslag/2024-09-18/7/")
    expect(site.get_by_role("button", name="Skriv ut")).to_be_visible()


def test_show_the_proposals_leads_to_them_with_their_number(site):
    site.get_by_label("Region Västmanland 4 förslag").check()
    site.get_by_role("button", name="Visa förslagen").click()
    expect(site.get_by_role("heading", name="4 förslag")).to_be_focused()


def test_no_empty_field_stands_in_the_address(site):
    site.get_by_label("Region Västmanland 4 förslag").check()
    expect(site).to_have_url(re.compile(r"/\?region=region-vastmanland$"))


def test_an_empty_tile_is_no_stop_of_the_tab_key(site):
    assert site.locator(".tile", has_text="Skåne").evaluate("element => element.tabIndex") == -1
    assert site.locator(".tile", has_text="Gotland").evaluate("element => element.tabIndex") == 0
