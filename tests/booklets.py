"""Booklets without a database."""

from datetime import UTC, date, datetime

from proposals.booklet.content import Booklet


def booklet(*items, **fields):
    """A Booklet with these Items; `fields` are others of its own."""
    said = {
        "organisation": "Reglab",
        "title": "Alla förslag till mötet",
        "meeting": "Mötet",
        "date": date(2030, 5, 14),
        "day": "14 maj 2030",
        "summary": "1 förslag",
        "changed_at": datetime(2030, 4, 1, tzinfo=UTC),
        "changed": "1 april 2030",
        "address": "https://forslag.example.com/",
    }
    return Booklet(**{**said, **fields}, proposals=items)
