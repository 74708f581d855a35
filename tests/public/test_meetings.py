import re
from datetime import UTC, date, datetime
from html import unescape

import pytest

from proposals import workflow
from proposals.models import Meeting
from tests.public.test_views import text


@pytest.mark.usefixtures("fixture_28")
class TestTheMeetingOf2024:
    def test_it_is_among_the_meetings(self, client):
        page = text(client.get("/moten/"))
        assert "Reglabs medlemsmöte 18 september 2024" in page
        assert "28 förslag" in page

    def test_it_lists_its_proposals(self, client):
        html = client.get("/moten/2024-09-18/").content.decode()
        assert re.findall(r'href="/forslag/2024-09-18/(\d+)/"', html) == [str(n) for n in range(1, 29)]

    def test_the_figures_are_those_of_the_list(self, client):
        page = text(client.get("/moten/2024-09-18/statistik/"))
        assert "10 av 21" in page
        assert "Region Västmanland 4" in page
        assert "Ej angiven 5" in page
        assert "Chefer 6" in page
        assert "Inga förslag kommer från Region Blekinge," in page
        assert "Textens längd" not in page

    def test_each_bar_leads_to_what_it_counts(self, client):
        html = client.get("/moten/2024-09-18/statistik/").content.decode()
        bars = re.findall(r'<th scope="row"><a href="(/\?[^"]+)">[^<]+</a></th>.*?<td>(\d+)</td>', html, re.DOTALL)
        assert len(bars) == 12 + 16
        for address, count in bars:
            assert f"{count} av 28 visas" in text(client.get(unescape(address)))

    def test_the_longest_bar_is_full(self, client):
        html = client.get("/moten/2024-09-18/statistik/").content.decode()
        assert html.count('width="100%"') == 2


class TestComingMeetings:
    def test_one_without_proposals_shows_until_when_they_are_taken(self, client, db):
        Meeting.objects.create(date=date(2030, 5, 14), submissions_close_at=datetime(2030, 4, 30, 21, 59, tzinfo=UTC))
        assert "Förslag tas emot till och med 30 april 2030 kl. 23.59." in text(client.get("/moten/"))
        page = client.get("/moten/2030-05-14/")
        assert "Inga förslag är publicerade än." in text(page)
        assert 'href="/forslag/nytt/"' in page.content.decode()
        assert client.get("/moten/2030-05-14/statistik/").status_code == 404

    def test_after_the_last_day_it_says_so_and_asks_for_no_more(self, client, db):
        closed = datetime(2025, 1, 1, tzinfo=UTC)
        Meeting.objects.create(date=date(2030, 5, 14), submissions_close_at=closed)
        Meeting.objects.create(date=date(2031, 5, 14))
        assert "Sista dagen för förslag var 1 januari 2025." in text(client.get("/moten/"))
        offer = '<a href="/forslag/nytt/">Lämna förslag</a>'
        assert offer not in client.get("/moten/2030-05-14/").content.decode()
        assert offer in client.get("/moten/2031-05-14/").content.decode()

    def test_the_addresses_of_a_meeting_with_a_new_date_lead_on(self, client, make_proposal, meeting):
        make_proposal(number=1)
        workflow.reschedule(meeting, date(2030, 5, 21))
        for page in ("", "statistik/"):
            assert client.get(f"/moten/2030-05-14/{page}").url == f"/moten/2030-05-21/{page}"
        assert "21 maj 2030" in text(client.get("/?mote=2030-05-14"))
        assert "finns inte" not in text(client.get("/?mote=2030-05-14"))

    def test_one_that_is_over_and_empty_is_not_shown(self, client, db):
        Meeting.objects.create(date=date(2020, 5, 14))
        assert "2020" not in text(client.get("/moten/"))
        assert client.get("/moten/2020-05-14/").status_code == 404

    def test_a_stranger_sees_no_count_of_what_waits(self, client, make_proposal):
        make_proposal(title="Hemligt")
        for path in ("/moten/", "/moten/2030-05-14/"):
            page = text(client.get(path))
            assert "0 förslag" in page
            assert "Hemligt" not in page


@pytest.mark.parametrize("how_many", [1, 60])
@pytest.mark.parametrize(("path", "queries"), [("", 2), ("2030-05-14/", 4), ("2030-05-14/statistik/", 6)])
def test_the_number_of_queries_does_not_grow(
    client, make_proposal, chefer, how_many, path, queries, django_assert_num_queries
):
    for number in range(1, how_many + 1):
        make_proposal(number=number, groups=[chefer])
    with django_assert_num_queries(queries):
        assert client.get(f"/moten/{path}").status_code == 200
