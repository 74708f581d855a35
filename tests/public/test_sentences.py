"""Sentences about lists, letter for letter."""

from datetime import date, timedelta

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils import timezone

from proposals.models import Proposal, Region
from proposals.public.filters import ListedMeeting, ProposalFilter
from proposals.public.sentences import list_count, list_lead, list_title, no_proposals_from, proposals_from


def senders(regions, agencies):
    """Unsaved members, each of them sending two proposals, and one proposal without a sender."""
    kinds = [Region.Kind.REGION] * regions + [Region.Kind.AGENCY] * agencies
    regions = [Region(pk=key, kind=kind) for key, kind in enumerate(kinds, start=1)]
    return [*regions, *regions, None]


@pytest.mark.parametrize(
    ("regions", "agencies", "sentence"),
    [
        (0, 0, "28 förslag"),
        (1, 0, "28 förslag från en region"),
        (11, 0, "28 förslag från 11 regioner"),
        (0, 1, "28 förslag från en myndighet"),
        (0, 2, "28 förslag från 2 myndigheter"),
        (1, 1, "28 förslag från en region och en myndighet"),
        (11, 1, "28 förslag från 11 regioner och en myndighet"),
        (11, 2, "28 förslag från 11 regioner och 2 myndigheter"),
    ],
)
def test_how_many_from_whom(regions, agencies, sentence):
    assert proposals_from(28, senders(regions, agencies)) == sentence


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], ""),
        (["A"], "Inga förslag kommer från A."),
        (["A", "B"], "Inga förslag kommer från A och B."),
        (["A", "B", "C"], "Inga förslag kommer från A, B och C."),
    ],
)
def test_who_has_sent_nothing(names, sentence):
    assert no_proposals_from([Region(name=name) for name in names]) == sentence


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (1, "3 förslag till lärprojekt från en region. Läs dem här inför mötet."),
        (0, "3 förslag till lärprojekt från en region. Läs dem här inför mötet."),
        (-1, "3 förslag till lärprojekt från en region."),
        (None, "3 förslag till lärprojekt från en region."),
    ],
)
def test_the_lead_asks_to_read_until_the_day_of_the_meeting(days, sentence):
    day = days is not None and timezone.localdate() + timedelta(days)
    meeting = ListedMeeting(1, "Medlemsmöte", day, 3) if day else None
    assert list_lead(3, senders(1, 0), meeting, 0) == sentence


def test_the_lead_of_a_single_proposal_is_in_the_singular():
    meeting = ListedMeeting(1, "Medlemsmöte", timezone.localdate(), 1)
    assert list_lead(1, senders(1, 0), meeting, 0) == (
        "1 förslag till lärprojekt från en region. Läs det här inför mötet."
    )


@pytest.mark.parametrize(
    ("query", "page", "title"),
    [
        ("", 1, "Förslag till medlemsmötet 14\xa0maj 2030"),
        ("", 2, "Förslag till medlemsmötet 14\xa0maj 2030, sida 2"),
        ("mote=alla", 1, "Alla förslag"),
        ("mote=alla", 3, "Alla förslag, sida 3"),
        ("region=x", 1, "7 förslag till mötet 14\xa0maj 2030"),
        ("q=el", 1, "7 förslag om ”el” till mötet 14\xa0maj 2030"),
        ("q=el&mote=alla", 2, "7 förslag om ”el”, sida 2"),
        ("malgrupp=x&mote=alla", 1, "7 förslag"),
        ("sortera=rubrik", 1, "Förslag till medlemsmötet 14\xa0maj 2030"),
    ],
)
def test_the_title_says_what_is_listed(make_proposal, query, page, title):
    make_proposal(1)
    assert list_title(ProposalFilter(QueryDict(query), Proposal.objects.published()), 7, page) == title


def test_a_list_without_a_meeting_is_called_all(db):
    assert list_title(ProposalFilter(QueryDict(""), Proposal.objects.published()), 0) == "Alla förslag"


@pytest.mark.parametrize(
    ("count", "page", "at_meeting", "sentence"),
    [
        (28, 1, 28, "Alla 28 visas"),
        (1, 1, 1, "1 visas"),
        (4, 1, 28, "4 av 28 visas"),
        (0, 1, 28, "0 av 28 visas"),
        (62, 1, 62, "1–30 av 62 visas"),
        (62, 3, 100, "61–62 av 62 visas"),
    ],
)
def test_how_many_of_them_are_shown(count, page, at_meeting, sentence):
    assert list_count(Paginator(range(count), 30).page(page), at_meeting) == sentence


def test_the_day_is_that_of_the_meeting():
    assert not ListedMeeting(1, "", timezone.localdate(), 1).is_over
    assert ListedMeeting(1, "", date(2020, 1, 1), 1).is_over
