from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from proposals.models import Meeting

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_has_what_is_published_the_latest_first(client, make_proposal):
    make_proposal(number=1, title="Ett", published_at=datetime(2030, 4, 1, tzinfo=UTC))
    make_proposal(number=2, title="A & B\x0b <c>", published_at=datetime(2030, 4, 2, tzinfo=UTC), background="- punkt")
    make_proposal(title="Hemligt")
    response = client.get("/flode.xml")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)  # noqa: S314 (our own)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["2. A & B <c>", "1. Ett"]
    entry = feed.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/forslag/2030-05-14/2/"
    assert "<li>punkt</li>" in entry.findtext(f"{ATOM}summary")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Reglab"
    for name in ("id", "title", "updated"):
        assert all(part.findtext(f"{ATOM}{name}") for part in (feed, entry))


def test_the_calendar_has_meetings_and_last_days(client, db):
    closes = datetime(2030, 4, 30, 21, 59, tzinfo=UTC)
    Meeting.objects.create(date=date(2030, 5, 14), submissions_close_at=closes)
    response = client.get("/kalender.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = {str(event["summary"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}
    meeting = events["Reglabs medlemsmöte"]
    assert meeting["dtstart"].dt == date(2030, 5, 14)
    assert meeting["url"] == "http://testserver/moten/2030-05-14/"
    assert events["Sista dag för förslag till Reglabs medlemsmöte 14 maj 2030"]["dtstart"].dt == closes
    assert len({str(event["uid"]) for event in events.values()}) == 2


def test_the_same_calendar_is_the_same_bytes(client, meeting):
    assert client.get("/kalender.ics").content == client.get("/kalender.ics").content


def test_the_map_of_the_site_has_what_everybody_may_read(client, make_proposal):
    make_proposal(number=1)
    make_proposal(title="Hemligt")
    addresses = client.get("/sitemap.xml").content.decode()
    for path in ("/", "/moten/", "/moten/2030-05-14/", "/forslag/2030-05-14/1/", "/om/", "/tillganglighet/"):
        assert f"<loc>http://testserver{path}</loc>" in addresses
    assert addresses.count("/forslag/2030-05-14/") == 1


def test_robots_are_told_where_the_map_is(client, db):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Sitemap: http://testserver/sitemap.xml" in response.content.decode()


@pytest.mark.parametrize("path", ["/om/", "/tillganglighet/", "/integritet/"])
def test_a_page_about_the_site_says_whom_to_write_to(client, db, path):
    assert "mailto:kansliet@example.com" in client.get(path).content.decode()
