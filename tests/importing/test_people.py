"""Contact persons as people write them."""

import pytest

from proposals.importing.contacts import parse_contacts
from proposals.importing.lines import plain_line

ANNA, BO = "anna.ek@example.com", "bo.al@example.com"


def people(*rows):
    return [(one.name, one.title, one.email, one.phone) for one in parse_contacts(list(map(plain_line, rows))).persons]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["Anna Ek/Bo Al och Cia By"], [("Anna Ek", "", "", ""), ("Bo Al", "", "", ""), ("Cia By", "", "", "")]),
        (["Anna Ek, strateg, Bo Al, chef"], [("Anna Ek", "strateg", "", ""), ("Bo Al", "chef", "", "")]),
        (
            [f"Anna Ek, {ANNA}, 070-123 45 67, Bo Al, {BO}, 070-765 43 21"],
            [("Anna Ek", "", ANNA, "070-123 45 67"), ("Bo Al", "", BO, "070-765 43 21")],
        ),
        (
            [f"Anna Ek och Bo Al, {ANNA}, {BO}", "070-123 45 67 / 070-765 43 21"],
            [("Anna Ek", "", ANNA, "070-123 45 67"), ("Bo Al", "", BO, "070-765 43 21")],
        ),
        (["1. Anna Ek, strateg", "2. Bo Al, chef"], [("Anna Ek", "strateg", "", ""), ("Bo Al", "chef", "", "")]),
        (["ANNA-KARIN EK", "STRATEG", ANNA.upper()], [("Anna-Karin Ek", "STRATEG", ANNA.upper(), "")]),
        (["Karin O'Brien, samordnare"], [("Karin O'Brien", "samordnare", "", "")]),
        (["Jean-Pierre d'Amico, analytiker"], [("Jean-Pierre d'Amico", "analytiker", "", "")]),
        (["Anna Ek", "anna.ek[at]example.com", "070.123.45.67"], [("Anna Ek", "", ANNA, "070.123.45.67")]),
        (["Anna Ek, +46 (0)70-123 45 67"], [("Anna Ek", "", "", "+46 (0)70-123 45 67")]),
        (["Strateg Anna Ek; docent Per Å"], [("Anna Ek", "Strateg", "", ""), ("Per Å", "docent", "", "")]),
        ([f"Kontakta gärna Anna Ek, strateg, {ANNA}"], [("Anna Ek", "strateg", ANNA, "")]),
        ([f"Enheten för tillväxt, {ANNA}"], [("Enheten för tillväxt", "", ANNA, "")]),
        (["Vakant"], []),
        (["Anna Ek", "Hör gärna av er!", "Vänliga hälsningar"], [("Anna Ek", "", "", "")]),
    ],
)
def test_people_are_told_apart(rows, expected):
    assert people(*rows) == expected


@pytest.mark.parametrize("text", ["Vakant", "Meddelas senare", "Hör gärna av er!"])
def test_what_names_nobody_is_told(text):
    assert parse_contacts([plain_line(text)]).unplaced == [text]
