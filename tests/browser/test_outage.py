"""When the database doesn't answer, what somebody has typed is kept and can be sent once more, in a real browser."""

import pytest
from playwright.sync_api import expect

from proposals.models import Proposal
from tests.outages import without_sessions

pytestmark = pytest.mark.browser


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def browser_context_args(browser_context_args, request):
    return {**browser_context_args, "java_script_enabled": request.param == "with JavaScript"}


def test_what_was_typed_is_kept_and_sent_once_more(page, the_28, live_server, faults, request):
    background = "\n\nFörsta <b>stycket</b>.\n\n- en punkt\n- en till"
    page.goto(f"{live_server.url}/forslag/nytt/")
    page.get_by_label("Rubrik").fill("Ett prov")
    page.get_by_label("Avsändare").select_option(label="Annan eller ingen")
    page.get_by_label("Bakgrund").fill(background)
    page.get_by_label("Chefer").check()
    page.get_by_label("Namn").first.fill("Anna Exempel")
    page.get_by_label("Din mejladress").fill("anna@example.com")
    with without_sessions():  # saved, but nobody is told
        page.get_by_role("button", name="Skicka in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sidan är inte tillgänglig just nu")
        page.get_by_role("button", name="Försök igen").click()
        expect(page.get_by_label("Bakgrund")).to_have_value(background)
        expect(page.get_by_label("Bakgrund")).not_to_be_editable()
        if "without" not in request.node.name:
            assert faults(page) == []
    page.get_by_role("button", name="Försök igen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack, förslaget är inskickat")
    proposal = Proposal.objects.get(title="Ett prov")
    assert proposal.background == background.strip()
    assert [group.name for group in proposal.target_groups.all()] == ["Chefer"]
