"""What people do with a form: leave it, go back, open two, paste into it, and come back too late."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from proposals.models import Meeting, Proposal

pytestmark = pytest.mark.browser

FORM = reverse("proposal_new")
COPY = "Spara en kopia i den här webbläsaren medan jag skriver"
TITLE = "Rubrik"


@pytest.fixture
def form(site, live_server):
    site.goto(live_server.url + FORM)
    return site


def fill_in(page, title="Grön el"):
    page.get_by_label(TITLE).fill(title)
    page.get_by_label("Avsändare").select_option(label="Region Gotland")
    page.get_by_label("Bakgrund").fill("Vi behöver el.")
    page.get_by_label("Namn").first.fill("Bo Exempel")
    page.get_by_label("Din mejladress").fill("anna@example.com")


def send(page):
    page.get_by_role("button", name="Skicka in", exact=True).last.click()


def test_everything_typed_comes_back_after_back_contacts_too(form, live_server):
    fill_in(form)
    form.once("dialog", lambda dialog: dialog.accept())
    form.goto(f"{live_server.url}/om/")
    form.go_back()
    expect(form.get_by_label(TITLE)).to_have_value("Grön el")
    expect(form.get_by_label("Namn").first).to_have_value("Bo Exempel")


def test_back_after_a_refused_and_a_taken_form_shows_the_form(form):
    fill_in(form, title="")
    send(form)
    expect(form.get_by_role("alert")).to_contain_text("1 uppgift behöver rättas")
    form.get_by_label(TITLE).fill("Grön el")
    send(form)
    expect(form.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")
    form.go_back()
    expect(form.get_by_label("Bakgrund")).to_have_value("Vi behöver el.")
    form.get_by_label(TITLE).fill("Grönare el")
    send(form)
    form.get_by_role("button", name="Ändra förslaget").click()
    expect(form.get_by_text("Ändringarna är sparade.")).to_be_visible()
    assert Proposal.objects.filter(title="Grönare el").count() == 1
    assert not Proposal.objects.filter(title="Grön el").exists()


def test_a_page_with_unsaved_text_asks_before_it_is_left(form, live_server):
    asked = []
    form.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form.get_by_label(TITLE).press_sequentially("Grön")
    form.goto(f"{live_server.url}/om/")
    assert asked == ["beforeunload"]


def test_a_page_that_is_sent_or_untouched_asks_nothing(form, live_server):
    asked = []
    form.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form.goto(f"{live_server.url}/om/")
    form.goto(live_server.url + FORM)
    fill_in(form)
    send(form)
    form.goto(live_server.url)
    assert asked == []


def test_a_copy_is_kept_only_when_the_writer_chooses_it_and_is_offered_again(form, live_server):
    form.on("dialog", lambda dialog: dialog.accept())
    fill_in(form)
    form.reload()
    assert form.evaluate("localStorage.length") == 0
    fill_in(form)
    form.get_by_label(COPY).check()
    form.get_by_label("Titel").first.fill("strateg")
    stored = form.evaluate("Object.values(localStorage).join()")
    assert "Grön el" in stored
    assert "csrfmiddlewaretoken" not in stored
    form.goto(live_server.url)
    form.goto(live_server.url + FORM)
    form.get_by_role("button", name="Hämta tillbaka texten").click()
    expect(form.get_by_label(TITLE)).to_have_value("Grön el")
    expect(form.get_by_label("Titel").first).to_have_value("strateg")
    form.get_by_label(COPY).uncheck()
    assert form.evaluate("localStorage.length") == 0


def test_a_copy_goes_when_the_form_is_taken(form):
    fill_in(form)
    form.get_by_label(COPY).check()
    send(form)
    expect(form.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")
    assert form.evaluate("localStorage.length") == 0


def test_two_tabs_are_two_proposals(form, live_server):
    other = form.context.new_page()
    other.goto(live_server.url + FORM)
    for page, title in ((form, "Ett"), (other, "Två")):
        fill_in(page, title)
        send(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")
    assert Proposal.objects.filter(title__in=["Ett", "Två"]).count() == 2


def test_enter_in_a_field_sends_nothing(form):
    fill_in(form)
    form.get_by_label(TITLE).press("Enter")
    expect(form.get_by_label("Bakgrund")).to_have_value("Vi behöver el.")
    expect(form.get_by_role("heading", level=1)).to_contain_text("Lämna förslag")
    assert not Proposal.objects.filter(title="Grön el").exists()


def test_a_field_that_is_nearly_full_says_how_much_is_left(form):
    left = form.locator("#id_title ~ .characters-left")
    form.get_by_label(TITLE).fill("a" * 150)
    expect(left).to_have_text("")
    form.get_by_label(TITLE).fill("a" * 190)
    expect(left).to_have_text("10 tecken kvar")
    form.get_by_label(TITLE).fill("a" * 203)
    expect(left).to_have_text("3 tecken för mycket")


def test_a_text_from_word_is_pasted_with_its_paragraphs(form):
    form.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form.evaluate(
        """() => navigator.clipboard.write([new ClipboardItem({
            "text/html": new Blob(["<p>Först</p><p><b>Sedan</b></p>"], { type: "text/html" }),
            "text/plain": new Blob(["Först\\r\\n\\r\\nSedan\\u00ad\\u200b"], { type: "text/plain" }),
        })])"""
    )
    fill_in(form)
    form.get_by_label("Bakgrund").fill("")
    form.get_by_label("Bakgrund").press("Control+v")
    send(form)
    expect(form.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")
    assert re.fullmatch("Först\n\nSedan.*", Proposal.objects.get(title="Grön el").background, re.DOTALL)


def test_who_returns_after_the_last_day_reads_that_the_proposal_is_kept(form):
    fill_in(form)
    send(form)
    form.get_by_role("button", name="Öppna ditt förslag").click()
    Meeting.objects.update(submissions_close_at=timezone.now() - timedelta(minutes=1))
    form.get_by_label(TITLE).fill("För sent")
    form.get_by_role("button", name="Spara ändringar").last.click()
    alert = form.get_by_role("alert")
    expect(alert).to_contain_text("Ändringarna är inte sparade")
    expect(alert).to_contain_text("Förslaget är kvar som du skickade in det.")
    expect(alert.get_by_role("link", name="kansliet@example.com")).to_be_visible()
    expect(form.get_by_label(TITLE)).to_have_value("För sent")
