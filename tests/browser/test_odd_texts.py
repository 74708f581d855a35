"""What people and robots may write: the layout holds and nothing runs."""

from datetime import date

import pytest

from proposals.models import Contact, Meeting, Proposal, ProposalContact, TargetGroup
from tests.browser.test_accessibility import overflow

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

TITLES = {
    "a title without a space": "x" * 200,
    "one word": "Ord",
    "a script": "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">",
    "right to left": "مقترح للتعلم من أجل التنمية الإقليمية",
    "emoji and Chinese": "🐘🇸🇪 學習項目",
}


@pytest.fixture
def odd_meeting(the_28, make_proposal):
    meeting = Meeting.objects.create(date=date(2031, 1, 1))
    groups = [TargetGroup.objects.create(name=f"Målgrupp nummer {n}", slug=f"grupp-{n}") for n in range(20)]
    for number, title in enumerate(TITLES.values(), start=1):
        make_proposal(
            number=number, meeting=meeting, title=title, background=title, target_group_text=title, groups=groups
        )
    crowd = Proposal.objects.get(meeting=meeting, number=1)
    for n in range(40):
        person = Contact.objects.create(name="y" * 200, title="z" * 300, email=f"{'a' * 60}{n}@example.com")
        ProposalContact.objects.create(proposal=crowd, contact=person, position=n)
    return meeting


@pytest.mark.parametrize("width", [1280, 320])
def test_the_layout_holds_and_nothing_runs(site, live_server, odd_meeting, faults, width):
    site.set_viewport_size({"width": width, "height": 800})
    address = f"{live_server.url}/moten/2031-01-01/"
    paths = [f"{live_server.url}/forslag/2031-01-01/{number}/" for number in range(1, len(TITLES) + 1)]
    for path in (live_server.url, f"{live_server.url}/?q={'x' * 200}", address, f"{address}statistik/", *paths):
        site.goto(path)
        assert overflow(site) == 0, path
        assert site.title() != "run"
        assert site.locator("main script, main img").count() == 0
