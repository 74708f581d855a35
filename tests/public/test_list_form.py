"""The parameters of the list's address."""

import pytest
from django.http import QueryDict

from proposals.public.list_form import MOST_SLUGS, SLUG_LENGTH, ListForm, raw_values


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", {}),
        ("q=&region=&malgrupp=&mote=&sortera=&sida=3&fbclid=x", {}),
        ("q=+el+", {"q": "el"}),
        ("q=el%00%0Avatten", {"q": "el vatten"}),
        ("q=a&q=b", {"q": "b"}),
        ("region=a&region=b&region=a&region=", {"region": ["a", "b"]}),
        ("malgrupp=chefer%00", {"malgrupp": ["chefer"]}),
        ("mote=alla", {"mote": "alla"}),
        ("mote=2024-09-18", {"mote": "2024-09-18"}),
        ("sortera=rubrik", {"sortera": "rubrik"}),
        ("mote=banan&sortera=storlek&q=el", {"q": "el"}),
    ],
)
def test_only_what_makes_sense_is_asked_for(query, asked):
    assert ListForm(QueryDict(query)).asked == asked


def test_what_makes_no_sense_can_be_told_of():
    form = ListForm(QueryDict(f"mote=banan&sortera={'x' * 200}"))
    assert form.odd_values == ["banan", "x" * SLUG_LENGTH]


def test_slugs_are_bounded_in_number_and_length():
    form = ListForm(QueryDict("&".join(f"region={number}{'x' * 200}" for number in range(MOST_SLUGS + 1))))
    assert len(form.asked["region"]) == MOST_SLUGS
    assert {len(slug) for slug in form.asked["region"]} == {SLUG_LENGTH}


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({}, "?q=el&region=a&region=b&mote=alla"),
        ({"sida": 2}, "?q=el&region=a&region=b&mote=alla&sida=2"),
        ({"region": ["b"], "malgrupp": ["å"]}, "?q=el&region=b&malgrupp=%C3%A5&mote=alla"),
        ({"q": None, "region": None, "mote": None}, "?"),
    ],
)
def test_an_address_with_something_changed_begins_at_the_first_page(changes, address):
    assert ListForm(QueryDict("mote=alla&region=a&region=b&q=el&sida=7&x=y")).address(**changes) == address


@pytest.mark.parametrize(
    ("one", "other", "are_equal"),
    [
        ("region=a&q=", "fbclid=x&region=a&region=", True),
        ("q=a&q=b", "q=b", True),
        ("region=a", "malgrupp=a", False),
        ("sida=1", "sida=2", False),
        ("mote=banan", "mote=", False),
    ],
)
def test_addresses_of_the_same_list_have_the_same_values(one, other, are_equal):
    assert (raw_values(QueryDict(one)) == raw_values(QueryDict(other))) is are_equal
