"""What an address leaves of the proposals, and what else could be chosen."""

from datetime import date

import pytest
from django.http import QueryDict

from proposals import workflow
from proposals.models import Meeting, Proposal, Region, TargetGroup
from proposals.public.facets import Facets
from proposals.public.filters import ProposalFilter


def filtered(query):
    return ProposalFilter(QueryDict(query), Proposal.objects.published())


@pytest.fixture
def older(db):
    return Meeting.objects.create(date=date(2029, 1, 10))


@pytest.fixture
def five(make_proposal, dalarna, chefer, older):
    """Two of Dalarna and one of nobody in 2030, one of Skåne and one of nobody in 2029; chefer in the odd ones."""
    skane = Region.objects.create(name="Region Skåne", slug="region-skane", county_code="12")
    politiker = TargetGroup.objects.create(name="Politiker", slug="politiker")
    TargetGroup.objects.create(name="Forskare", slug="forskare")
    make_proposal(1, title="Vatten", background="Vatten.", region=dalarna, groups=[chefer, politiker])
    make_proposal(2, title="Avlopp", background="Vatten.", region=dalarna)
    make_proposal(3, groups=[chefer])
    make_proposal(1, meeting=older, region=skane, groups=[chefer])
    make_proposal(2, meeting=older)
    make_proposal(title="Hemligt", region=skane, groups=[politiker])


@pytest.mark.usefixtures("five")
class TestProposals:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", [1, 2, 3]),
            ("mote=2029-01-10", [1, 2]),
            ("mote=alla", [1, 2, 3, 1, 2]),
            ("mote=2001-01-01", [1, 2, 3]),
            ("region=region-dalarna", [1, 2]),
            ("region=ej-angiven&region=region-dalarna", [1, 2, 3]),
            ("region=finns-inte", []),
            ("malgrupp=chefer&malgrupp=politiker", [1, 3]),
            ("malgrupp=chefer&region=ej-angiven", [3]),
            ("q=vatten", [1, 2]),
            ("sortera=rubrik", [2, 3, 1]),
            ("q=vatten&sortera=rubrik", [2, 1]),
        ],
    )
    def test_filters_narrow_together(self, query, found):
        assert list(filtered(query).qs.values_list("number", flat=True)) == found
        assert Facets(filtered(query)).count == len(found)

    def test_a_meeting_that_has_moved_is_found_by_its_former_date(self, older):
        workflow.reschedule(older, date(2029, 2, 1))
        found = filtered("mote=2029-01-10")
        assert found.meeting.date == date(2029, 2, 1)
        assert found.odd_values == []

    def test_what_narrows_can_be_said_in_words(self):
        words = filtered("q=vatten&region=region-dalarna&region=ej-angiven&malgrupp=chefer&malgrupp=x").in_words
        assert words == ["Sökord: vatten", "Avsändare: Region Dalarna, Ej angiven", "Målgrupp: Chefer, x"]
        assert filtered("mote=alla&sortera=rubrik").in_words == []

    @pytest.mark.parametrize(("query", "is_narrowed"), [("mote=alla&sortera=rubrik", False), ("q=el", True)])
    def test_neither_meeting_nor_order_narrows(self, query, is_narrowed):
        assert filtered(query).is_narrowed is is_narrowed


@pytest.mark.usefixtures("five")
class TestFacets:
    @pytest.mark.parametrize(
        ("query", "regions", "groups", "meetings"),
        [
            ("", {"region-dalarna": 2, "ej-angiven": 1}, {"chefer": 2, "politiker": 1}, [3, 2]),
            ("region=region-skane", {"region-dalarna": 2, "region-skane": 0, "ej-angiven": 1}, {}, [0, 1]),
            ("malgrupp=forskare", {}, {"chefer": 2, "forskare": 0, "politiker": 1}, [0, 0]),
            ("q=vatten", {"region-dalarna": 2}, {"chefer": 1, "politiker": 1}, [2, 0]),
            (
                "mote=alla",
                {"region-dalarna": 2, "region-skane": 1, "ej-angiven": 2},
                {"chefer": 3, "politiker": 1},
                [3, 2],
            ),
        ],
    )
    def test_each_choice_has_the_count_that_it_would_give(self, query, regions, groups, meetings):
        facets = Facets(filtered(query))
        shown = {facet.name: {choice.slug: choice.count for choice in facet.choices} for facet in facets}
        assert shown.get("region", {}) == regions
        assert shown.get("malgrupp", {}) == groups
        assert [choice.count for choice in facets.meetings] == meetings

    def test_what_does_not_exist_is_named(self):
        assert Facets(filtered("region=x&malgrupp=y&mote=2001-01-01&sortera=z")).unknown == [
            "x",
            "y",
            "z",
            "2001-01-01",
        ]

    def test_the_counts_of_the_meeting_know_no_other_filter(self):
        facets = Facets(filtered("q=vatten&malgrupp=chefer"))
        assert (facets.count, facets.count_at_meeting, facets.count_at_all_meetings) == (1, 3, 1)
        assert (facets.count_without("q"), facets.count_without("malgrupp"), facets.count_without("region")) == (
            2,
            2,
            1,
        )
