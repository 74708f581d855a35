"""Proposals of several senders, as everybody sees them."""

import json

import pytest
from django.utils.html import strip_tags

from proposals.models import Proposal, Region
from proposals.public.facets import Facets
from proposals.public.filters import ProposalFilter
from proposals.public.stats import MeetingStats

NAMES = "Region Dalarna och Region Värmland"


@pytest.fixture
def shared(make_proposal, dalarna):
    varmland = Region.objects.create(name="Region Värmland", slug="region-varmland", county_code="17")
    proposal = make_proposal(1, region=dalarna, title="Gemensamt")
    proposal.co_senders.add(varmland)
    make_proposal(2, region=varmland, title="Eget")
    make_proposal(3, title="Utan avsändare")
    type(proposal).objects.index()
    return proposal


def shown(response):
    return " ".join(strip_tags(response.content.decode()).split())


def test_list_and_page_name_both(client, shared):
    assert NAMES in shown(client.get("/"))
    assert NAMES in shown(client.get(shared.get_absolute_url()))


@pytest.mark.parametrize(("chosen", "count"), [("region-dalarna", 1), ("region-varmland", 2), ("ej-angiven", 1)])
def test_the_filter_finds_it_by_either(client, shared, chosen, count):
    page = client.get("/", {"region": chosen})
    assert len(page.context["cards"]) == count
    assert f"{count} förslag till mötet 14 maj 2030" in shown(page)


def test_choosing_both_counts_it_once(client, shared):
    page = client.get("/", {"region": ["region-dalarna", "region-varmland"]})
    assert len(page.context["cards"]) == 2
    assert "2 förslag till mötet 14 maj 2030" in shown(page)


def test_the_list_counts_it_for_both_and_once_in_all(client, shared):
    found = ProposalFilter({}, Proposal.objects.published())
    facets = Facets(found)
    assert {choice.slug: choice.count for choice in facets.regions if choice.count} == {
        "region-dalarna": 1,
        "region-varmland": 2,
        "ej-angiven": 1,
    }
    assert (facets.count, facets.count_without("region"), facets.count_at_all_meetings) == (3, 3, 3)


def test_the_search_finds_it_by_either(client, shared):
    for name in ("Dalarna", "Värmland"):
        assert "Gemensamt" in shown(client.get("/", {"q": name}))


def test_the_statistics_count_it_for_both(shared):
    stats = MeetingStats(Proposal.objects.published())
    assert [(bar.name, bar.count) for bar in stats.senders] == [
        ("Region Värmland", 2),
        ("Region Dalarna", 1),
        ("Ej angiven", 1),
    ]
    assert (stats.count, stats.regions_with_proposals, stats.without_sender) == (3, 2, 1)


def test_the_files_name_both(client, shared):
    [first, *_] = json.loads(client.get("/moten/2030-05-14/hafte.json").content)["proposals"]
    assert first["sender"] == {"name": "Region Dalarna", "slug": "region-dalarna"}
    assert first["co_senders"] == [{"name": "Region Värmland", "slug": "region-varmland"}]
    assert NAMES in client.get("/moten/2030-05-14/hafte.csv").content.decode("utf-8-sig")


def test_the_feed_names_both(client, shared):
    assert f"({NAMES})" in client.get("/flode.xml").content.decode()
