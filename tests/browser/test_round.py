"""A whole round by a robot in a real browser, with mail over SMTP: from the call to publication, and nothing lost."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from playwright.sync_api import expect

from proposals.models import Mail, Meeting, Proposal, RateLimit, Status

pytestmark = pytest.mark.browser

PASSWORD = "only-for-this-test"
BEGUN, DRAFTS, RETURNED, WITHDRAWN = 30, 5, 3, 2


@pytest.fixture
def kansliet(transactional_db, roles, first_synonyms):
    """Somebody of the group Kansliet, and an empty database but for two members."""
    account = User.objects.create_user("kim", password=PASSWORD, is_staff=True)
    account.groups.add(Group.objects.get(name="Kansliet"))


@pytest.fixture
def desk(kansliet, live_server, page):
    page.goto(f"{live_server.url}/admin/")
    page.locator("#id_username").fill("kim")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    return page


@pytest.fixture
def member(browser, live_server):
    """Another browser, in which nobody has signed in."""
    with browser.new_context() as context:
        yield context.new_page()


def link_in(sink, kind_of_subject, address):
    """The newest edit link that was mailed to the address."""
    bodies = [
        message.get_content()
        for _, recipients, message in sink.messages
        if recipients == [address] and message["Subject"].strip().startswith(kind_of_subject)
    ]
    return re.search(r"/forslag/andra/[\w-]{43}/", bodies[-1]).group()


def test_from_the_call_to_publication(sink, settings, desk, member, live_server):
    settings.SITE_URL = live_server.url
    address_of = "anna{:02}@example.com".format

    # Kansliet opens the call
    day = timezone.localdate() + timedelta(days=60)
    desk.get_by_role("link", name="Lägg till ett möte").click()
    desk.locator("#id_date").fill(day.isoformat())
    desk.locator("#id_submissions_close_at_0").fill((day - timedelta(days=20)).isoformat())
    desk.get_by_role("button", name="Spara", exact=True).click()
    meeting = Meeting.objects.get()

    # Members begin thirty: five stay drafts, some of the others were drafts first
    for n in range(BEGUN):
        RateLimit.objects.all().delete()  # each from an address of their own, as far as the limit of an hour goes
        member.goto(f"{live_server.url}/forslag/nytt/")
        member.get_by_label("Din mejladress").fill(address_of(n))
        member.get_by_label("Rubrik").fill(f"Förslag {n:02}")
        if n < DRAFTS or n % 7 == 0:
            member.get_by_role("button", name="Spara utkast").click()
            expect(member.get_by_role("heading", level=1)).to_contain_text("Ditt utkast")
        if n < DRAFTS:
            continue
        member.get_by_label("Avsändare").select_option(label="Annan eller ingen")
        member.get_by_label("Bakgrund").fill(f"Bakgrunden till {n}.")
        member.get_by_label("Namn").first.fill("Bo Exempel")
        member.get_by_role("button", name="Skicka in").click()
        expect(member.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")
    assert Counter(Proposal.objects.values_list("status", flat=True)) == {"draft": DRAFTS, "submitted": BEGUN - DRAFTS}

    # Kansliet returns three, and their submitters complete them with the link in the mail
    for proposal in Proposal.objects.filter(status=Status.SUBMITTED).order_by("pk")[:RETURNED]:
        desk.goto(f"{live_server.url}/admin/proposals/proposal/{proposal.pk}/change/")
        desk.get_by_role("button", name="Spara och skicka tillbaka …").click()
        desk.get_by_label("Vad ska kompletteras?").fill("Vad är syftet?")
        desk.get_by_role("button", name="Skicka tillbaka").click()
        expect(desk.get_by_text("är skickat tillbaka för komplettering.")).to_be_visible()
        member.goto(live_server.url + link_in(sink, "Komplettera ditt förslag", proposal.submitter_email))
        expect(member.get_by_text("Vad är syftet?")).to_be_visible()
        member.get_by_label("Syfte och mål").fill("Syftet är klart.")
        member.get_by_role("button", name="Skicka in igen").click()
        expect(member.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")

    # Two are withdrawn: one by its submitter, one by kansliet
    last, one_before = Proposal.objects.filter(status=Status.SUBMITTED).order_by("-pk")[:WITHDRAWN]
    member.goto(live_server.url + link_in(sink, "Vi har tagit emot", last.submitter_email))
    member.get_by_role("link", name="Återta förslaget").click()
    member.get_by_role("button", name="Återta").click()
    expect(member.get_by_text("Förslaget är återtaget.")).to_be_visible()
    desk.goto(f"{live_server.url}/admin/proposals/proposal/{one_before.pk}/change/")
    desk.get_by_role("button", name="Återta …").click()
    desk.get_by_role("button", name="Återta", exact=True).click()
    expect(desk.get_by_text("är återtaget.")).to_be_visible()

    # Kansliet puts them in order with the keyboard and publishes them all
    desk.goto(f"{live_server.url}/admin/")
    desk.get_by_role("link", name="Ordna och publicera").first.click()
    desk.get_by_role("button", name="Flytta upp Förslag 06").press("Enter")
    expect(desk.get_by_role("button", name="Flytta ned Förslag 06")).to_be_focused()
    rows = desk.locator(".order li")
    rows.nth(4).drag_to(rows.nth(1), target_position={"x": 40, "y": 2})
    desk.get_by_role("button", name="Publicera 23 förslag …").click()
    expect(desk.get_by_text("23 förslag får nummer 1–23 och syns på webbplatsen genast.")).to_be_visible()
    expect(desk.get_by_text("23 förslagsställare får mejl")).to_be_visible()
    desk.get_by_role("button", name="Publicera 23 förslag").click()
    expect(desk.get_by_text("23 förslag är publicerade.")).to_be_visible()

    # Everybody can read them, numbered without a gap in that order
    published = list(Proposal.objects.published().order_by("number"))
    assert [proposal.number for proposal in published] == list(range(1, 24))
    assert [proposal.title for proposal in published[:3]] == ["Förslag 06", "Förslag 09", "Förslag 05"]
    member.goto(live_server.url)
    expect(member.get_by_role("status")).to_have_text("Alla 23 visas")
    member.goto(f"{live_server.url}/forslag/{meeting.date}/3/")
    expect(member.get_by_text("Syftet är klart.")).to_be_visible()

    # Nothing is lost, and every mail has gone once
    assert Counter(Proposal.objects.values_list("status", flat=True)) == {"draft": 5, "published": 23, "withdrawn": 2}
    assert not Mail.objects.unsent()
    assert Counter(Mail.objects.values_list("kind", flat=True)) == {
        "draft": DRAFTS + 4,
        "receipt": BEGUN - DRAFTS + RETURNED,
        "new_proposal": BEGUN - DRAFTS,
        "returned": RETURNED,
        "completed": RETURNED,
        "withdrawn": WITHDRAWN,
        "withdrawn_by_submitter": 1,
        "published": 23,
    }
    sent = Counter((recipients[0], message["Subject"].strip()) for _, recipients, message in sink.messages)
    assert len(sink.messages) == Mail.objects.count()
    receipts = Counter(subject for _, subject in sent if subject.startswith("Ditt förslag är publicerat"))
    assert set(receipts.values()) == {1}
