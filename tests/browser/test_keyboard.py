"""Kansliet's year with the keyboard alone: nothing is clicked, and what has focus is seen to have it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from proposals import workflow
from proposals.models import Mail, Meeting, Proposal, Region, Status
from proposals.workflow.recording import recorded_change

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


@pytest.fixture
def meeting(the_28, live_server):
    """The next meeting with four proposals, two of which are twins; a member that has sent in nothing."""
    meeting = Meeting.objects.receiving()
    senders = Region.objects.filter(slug__in=["region-dalarna", "region-varmland", "region-skane", "region-halland"])
    for title, sender in zip(("Vatten", "Vattnet", "Grön el", "Tillit"), senders, strict=True):
        fields = {"background": f"{title} behövs.", "submitter_email": "anna@example.com", "status": Status.SUBMITTED}
        proposal = Proposal(meeting=meeting, title=title, region=sender, submitted_at=timezone.now(), **fields)
        with recorded_change(proposal):
            proposal.save()
    Region.objects.filter(slug="region-gotland").update(member_emails="gotland@example.com")
    return meeting


@pytest.fixture
def press(page):
    """A function that presses Tab until what is named so has focus, and then Enter, which leads to a page."""

    def press(name, leads_on=True, most=250):
        for _ in range(most):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if focused.count() and focused.evaluate(NAME) == name:
                assert focused.evaluate("one => getComputedStyle(one).outlineStyle") != "none", name
                if leads_on:
                    with page.expect_navigation():
                        page.keyboard.press("Enter")
                return
        raise AssertionError(f"Tab never came to {name}")

    return press


# What a button, link or field is called, without what only tells more of it
NAME = """one => (one.labels?.[0]?.innerText || one.getAttribute("aria-label") || one.innerText || one.value || "")
    .split("\\n")[0].trim()"""


def test_the_year_of_the_secretariat(meeting, page, live_server, sign_in, press):
    def open_proposal(title):
        proposal = Proposal.objects.get(title=title)
        page.goto(f"{live_server.url}/admin/proposals/proposal/{proposal.pk}/change/")
        return proposal

    sign_in(page)

    # One is opened from the list, completed and saved
    page.goto(f"{live_server.url}/admin/")
    press("Förslagen")
    press("Grön el")
    press("Syfte och mål", leads_on=False)
    page.keyboard.type("Att lära.")
    press("Spara")
    assert Proposal.objects.get(title="Grön el").purpose == "Att lära."

    # One is returned
    open_proposal("Tillit")
    press("Spara och skicka tillbaka …")
    page.keyboard.type("Vem ska delta?")  # the field has focus
    press("Skicka tillbaka")
    assert Proposal.objects.get(title="Tillit").status == Status.RETURNED
    workflow.cancel_return(Proposal.objects.get(title="Tillit"))

    # Twins are merged, and taken apart again from the message
    one, other = open_proposal("Vatten"), Proposal.objects.get(title="Vattnet")
    page.goto(f"{live_server.url}/admin/proposals/proposal/{one.pk}/compare/{other.pk}/")
    press("Slå ihop …")
    press("Slå ihop")
    assert Proposal.objects.get(pk=other.pk).merged_into == one
    press("Ångra")
    assert Proposal.objects.get(pk=other.pk).status == Status.SUBMITTED

    # Who has sent in nothing is reminded
    page.goto(f"{live_server.url}/admin/")
    press("Påminn dem som saknas …")
    press("Skicka påminnelserna")
    assert Mail.objects.filter(kind="reminder").count() == 1

    # All are put in order and published
    page.goto(f"{live_server.url}/admin/proposals/meeting/{meeting.pk}/order/")
    press("Flytta upp Tillit", leads_on=False)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Flytta upp Tillit")).to_be_focused()
    press("Publicera 4 förslag …")
    press("Publicera 4 förslag")
    expect(page.get_by_text("4 förslag är publicerade.")).to_be_visible()
    published = Proposal.objects.filter(meeting=meeting).published().order_by("number")
    assert [proposal.title for proposal in published] == ["Vatten", "Vattnet", "Tillit", "Grön el"]
