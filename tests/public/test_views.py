import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.urls import reverse

from proposals.models import Meeting, Proposal, Region, Status, TargetGroup

HOME = reverse("proposal_list")


def numbers(response):
    """The proposals' numbers in the list, in the order of the page."""
    return [int(number) for number in re.findall(r'href="/forslag/[^"/]+/(\d+)/"', response.content.decode())]


def text(response):
    """The words of the page without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def counts(response, name):
    """{slug: the number beside its box} of one facet."""
    boxes = re.findall(rf'name="{name}" value="([^"]+)".*?class="n">(\d+)<', response.content.decode(), flags=re.DOTALL)
    return {slug: int(number) for slug, number in boxes}


@pytest.mark.usefixtures("fixture_28")
class TestListOfThe28:
    @pytest.fixture
    def chefer_last(self):
        """A group whose name comes last in Swedish and first by its key."""
        TargetGroup.objects.filter(slug="chefer").update(name="Ösiga chefer")

    def test_the_front_page_is_the_latest_meeting(self, client):
        response = client.get(HOME)
        assert numbers(response) == list(range(1, 29))
        assert "28 förslag till lärprojekt från 10 regioner och en myndighet, 5 utan angiven avsändare." in text(
            response
        )
        assert "Alla 28 visas" in text(response)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("region=region-vastmanland", [2, 18, 25, 27]),
            ("region=ej-angiven", [11, 14, 15, 17, 28]),
            ("region=region-gotland&region=tillvaxtverket", [4, 16, 24]),
            ("malgrupp=politiker", [2]),
            ("malgrupp=politiker&malgrupp=forskare", [2, 7]),
            ("region=region-vastmanland&malgrupp=tjanstepersoner", [2, 18, 27]),
            ("q=beredskap", [26, 13]),
            ("q=BEREDSKAP&region=region-vasterbotten", [26]),
            ("q=Schönenstern", [9]),
            ("mote=2024-09-18&q=persondrönare", [19]),
            ("mote=alla&region=region-gotland", [16]),
            ("region=", list(range(1, 29))),
        ],
    )
    def test_filters_narrow_and_combine(self, client, query, expected):
        assert numbers(client.get(f"{HOME}?{query}")) == expected

    def test_each_choice_shows_how_many_it_would_give(self, client):
        response = client.get(HOME)
        assert counts(response, "region")["region-vastmanland"] == 4
        assert counts(response, "region")["ej-angiven"] == 5
        assert sum(counts(response, "region").values()) == 28
        assert counts(response, "malgrupp")["chefer"] == 6
        assert "region-skane" not in counts(response, "region")

    def test_choices_stand_in_swedish_order_by_place(self, client, chefer_last):
        response = client.get(HOME)
        places = list(counts(response, "region"))
        assert places[:2] == ["region-dalarna", "region-gotland"]
        assert places[-4:] == ["region-vastmanland", "vastra-gotalandsregionen", "region-orebro-lan", "ej-angiven"]
        assert list(counts(response, "malgrupp"))[-2:] == ["tjanstepersoner", "chefer"]

    def test_the_map_has_all_regions_with_their_numbers(self, client):
        tiles = re.findall(
            r'class="tile t(\d)" href="([^"]+)".*?<span>([^<]+)</span> <span class="n">(\d+)',
            client.get(HOME).content.decode(),
        )
        assert len(tiles) == 10
        by_name = {name.replace("\xad", ""): (shade, unescape(address), count) for shade, address, name, count in tiles}
        assert by_name["Västmanland"] == ("4", "?region=region-vastmanland", "4")
        assert '<span class="tile t0"><span>Skåne</span> <span class="n">0' in client.get(HOME).content.decode()
        assert sum(int(count) for _, _, count in by_name.values()) == 28 - 2 - 5

    def test_a_chosen_tile_takes_the_choice_away(self, client):
        html = client.get(f"{HOME}?q=region&region=region-gotland").content.decode()
        assert re.search(r'href="\?q=region" aria-current="true"><span>Gotland', html)
        assert 'href="?q=region&amp;region=region-dalarna"' in html

    def test_the_numbers_are_true(self, client):
        """Each choice, taken together with what is chosen already, gives as many as it says."""
        chosen = "q=regional&malgrupp=chefer"
        for slug, count in counts(client.get(f"{HOME}?{chosen}"), "region").items():
            assert len(numbers(client.get(f"{HOME}?{chosen}&region={slug}"))) == count
        chosen = "q=regional&region=region-orebro-lan"
        for slug, count in counts(client.get(f"{HOME}?{chosen}"), "malgrupp").items():
            assert len(numbers(client.get(f"{HOME}?{chosen}&malgrupp={slug}"))) == count

    def test_each_filter_can_be_removed_by_itself(self, client):
        response = client.get(f"{HOME}?q=barn&region=region-orebro-lan&region=region-vastmanland&malgrupp=politiker")
        pills = re.findall(r'<a class="pill" href="([^"]+)">.*?</span>([^<]+)<span', response.content.decode())
        assert {label: unescape(address) for address, label in pills} == {
            "”barn”": "?region=region-orebro-lan&region=region-vastmanland&malgrupp=politiker",
            "Region Örebro län": "?q=barn&region=region-vastmanland&malgrupp=politiker",
            "Region Västmanland": "?q=barn&region=region-orebro-lan&malgrupp=politiker",
            "Politiker": "?q=barn&region=region-orebro-lan&region=region-vastmanland",
        }
        assert '<a class="pill pill--clear" href="?">Rensa alla</a>' in response.content.decode()

    def test_order_by_title_is_the_swedish_one(self, client):
        assert numbers(client.get(f"{HOME}?sortera=rubrik"))[:3] == [27, 1, 2]
        assert numbers(client.get(f"{HOME}?sortera=rubrik&q=region"))[-1] == 13

    def test_order_by_sender_puts_those_without_one_last(self, client):
        ordered = numbers(client.get(f"{HOME}?sortera=region"))
        assert ordered[:3] == [12, 19, 16]
        assert ordered[-8:] == [1, 5, 10, 11, 14, 15, 17, 28]

    def test_an_empty_result_says_so_and_offers_ways_on(self, client):
        response = client.get(f"{HOME}?q=beredskap&region=region-gotland")
        assert numbers(response) == []
        assert "Inga förslag matchar" in text(response)
        assert "Visa från alla avsändare 2 förslag" in text(response)
        assert "Visa utan sökordet 1 förslag" in text(response)
        assert "Bläddra bland mötets alla förslag 28 förslag" in text(response)

    @pytest.mark.parametrize(
        "query",
        [
            "region=finns-inte",
            "malgrupp=finns-inte",
            "mote=banana",
            "mote=2001-01-01",
            "mote=2001-99-99",
            "sortera=storlek",
            "region=örebro",
        ],
    )
    def test_a_choice_that_does_not_exist_is_told_of(self, client, query):
        response = client.get(f"{HOME}?{query}")
        assert response.status_code == 200
        assert f"Det här i adressen finns inte: ”{query.split('=')[1]}”." in text(response)

    @pytest.mark.parametrize("page", ["x", "0", "-1", "999999", "9" * 5000, ""])
    def test_an_odd_page_number_gives_a_page(self, client, page):
        assert len(numbers(client.get(f"{HOME}?sida={page}"))) == 28

    def test_ten_thousand_letters_of_query_give_a_page(self, client):
        response = client.get(HOME, {"q": "kärnkraft " * 1000})
        assert response.status_code == 200
        assert numbers(response) == []

    def test_no_cookie_is_set_for_a_reader(self, client):
        assert not client.get(HOME).cookies
        assert not client.get("/forslag/2024-09-18/7/").cookies


@pytest.mark.usefixtures("fixture_28")
class TestDetail:
    def test_a_proposal_reads_as_it_was_written(self, client):
        response = client.get("/forslag/2024-09-18/24/")
        html = response.content.decode()
        assert "<h3>Exempel på stöd:</h3>" in html
        assert html.count("<li>Mer kunskap och dialog") == 1
        for heading in ("Bakgrund", "Syfte och mål", "Förväntat resultat", "Målgrupp", "Kontakt"):
            assert f"<h2>{heading}</h2>" in html
        assert 'href="mailto:carin.persson@tillvaxtverket.se"' in html

    def test_empty_sections_are_left_out(self, client):
        html = client.get("/forslag/2024-09-18/28/").content.decode()
        for heading in ("Syfte och mål", "Förväntat resultat", "Målgrupp"):
            assert f"<h2>{heading}</h2>" not in html
        assert "Avsändare ej angiven" in html

    def test_phone_and_links_can_be_followed(self, client):
        assert 'href="tel:+46-72-888-18-88"' in client.get("/forslag/2024-09-18/25/").content.decode()
        assert (
            'href="https://pub.norden.org/politiknord2023-725/"'
            in client.get("/forslag/2024-09-18/7/").content.decode()
        )

    def test_target_groups_lead_to_the_filtered_list(self, client):
        html = client.get("/forslag/2024-09-18/7/").content.decode()
        assert 'href="/?malgrupp=forskare&amp;mote=2024-09-18"' in html

    def test_neighbours_lead_on(self, client):
        html = client.get("/forslag/2024-09-18/7/").content.decode()
        assert 'rel="prev" href="/forslag/2024-09-18/6/"' in html
        assert 'rel="next" href="/forslag/2024-09-18/8/"' in html
        assert 'rel="prev"' not in client.get("/forslag/2024-09-18/1/").content.decode()
        assert 'rel="next"' not in client.get("/forslag/2024-09-18/28/").content.decode()

    def test_neighbours_are_those_of_the_list_that_one_came_from(self, client):
        html = client.get(
            "/forslag/2024-09-18/18/", headers={"referer": "http://testserver/?region=region-vastmanland"}
        ).content.decode()
        assert 'rel="prev" href="/forslag/2024-09-18/2/?region=region-vastmanland"' in html
        assert 'rel="next" href="/forslag/2024-09-18/25/?region=region-vastmanland"' in html
        assert '<a href="/?region=region-vastmanland">Tillbaka till listan</a>' in html
        html = client.get("/forslag/2024-09-18/25/?region=region-vastmanland").content.decode()
        assert 'rel="next" href="/forslag/2024-09-18/27/?region=region-vastmanland"' in html

    def test_neighbours_follow_the_order_of_that_list(self, client):
        html = client.get("/forslag/2024-09-18/27/?sortera=rubrik").content.decode()
        assert 'rel="prev"' not in html
        assert 'rel="next" href="/forslag/2024-09-18/1/?sortera=rubrik"' in html

    @pytest.mark.parametrize(
        "referer",
        [
            "http://[",
            "http://example.com/?q=barn",
            "http://testserver/om/",
            "http://testserver/?q=finnsinte",
            "x" * 9000,
            "",
        ],
    )
    def test_coming_from_anywhere_else_neighbours_are_by_number(self, client, referer):
        html = client.get("/forslag/2024-09-18/18/", headers={"referer": referer}).content.decode()
        assert 'rel="next" href="/forslag/2024-09-18/19/"' in html

    @pytest.mark.parametrize(("query", "most"), [("", 6), ("?malgrupp=chefer", 9), ("?q=regional&malgrupp=chefer", 11)])
    def test_a_proposal_takes_few_queries(self, client, query, most, django_assert_max_num_queries):
        with django_assert_max_num_queries(most):
            client.get(f"/forslag/2024-09-18/16/{query}")

    def test_the_secretariat_gets_a_link_to_edit(self, client, kansli):
        assert "Redigera" in kansli.get("/forslag/2024-09-18/7/").content.decode()

    def test_a_stranger_gets_no_link_to_edit(self, client):
        assert "Redigera" not in client.get("/forslag/2024-09-18/7/").content.decode()

    @pytest.mark.parametrize(
        "path",
        [
            "/forslag/2024-09-18/29/",
            "/forslag/2024-09-19/7/",
            "/forslag/2024-02-30/7/",
            "/forslag/2024-09-18/0/",
            "/forslag/2024-09-18/007/",
            "/forslag/2024-09-18/99999999999999999999/",
            "/forslag/2024-09-18/٧/",
            "/forslag/banan/7/",
        ],
    )
    def test_what_does_not_exist_is_a_page_in_swedish(self, client, path):
        response = client.get(path)
        assert response.status_code == 404
        assert "Sidan finns inte" in text(response)

    def test_there_is_nothing_to_post_to(self, client):
        assert client.post("/forslag/2024-09-18/7/").status_code == 405
        assert client.post(HOME).status_code == 405


class TestWhoSeesWhat:
    SECRET = "xylofonorkester"

    @pytest.mark.parametrize("status", [status for status in Status if status != Status.PUBLISHED])
    def test_a_stranger_cannot_see_what_is_not_published(self, client, make_proposal, dalarna, chefer, status):
        make_proposal(number=1)
        number = 2 if status == Status.WITHDRAWN else None
        hidden = {"title": self.SECRET, "background": self.SECRET, "region": dalarna, "groups": [chefer]}
        make_proposal(status=status, people=[self.SECRET], number=number, **hidden)
        for path in (HOME, f"{HOME}?mote=alla", f"{HOME}?region=region-dalarna", f"{HOME}?malgrupp=chefer"):
            assert self.SECRET not in text(client.get(path))
        assert numbers(client.get(f"{HOME}?q={self.SECRET}")) == []
        assert counts(client.get(HOME), "region") == {"ej-angiven": 1}
        assert counts(client.get(HOME), "malgrupp") == {}
        assert client.get("/forslag/2030-05-14/2/").status_code == (410 if number else 404)
        assert self.SECRET not in client.get("/forslag/2030-05-14/2/").content.decode()
        assert 'rel="next"' not in client.get("/forslag/2030-05-14/1/").content.decode()

    def test_the_submitter_is_never_shown(self, client, make_proposal):
        make_proposal(number=1, submitter_name=self.SECRET, submitter_email=f"{self.SECRET}@example.com")
        for path in (HOME, "/forslag/2030-05-14/1/", f"{HOME}?q={self.SECRET}"):
            assert self.SECRET not in client.get(path).content.decode().replace(f"?q={self.SECRET}", "").replace(
                f'value="{self.SECRET}"', ""
            ).replace(f"”{self.SECRET}”", "")

    def test_a_meeting_without_published_proposals_is_not_offered(self, client, make_proposal):
        make_proposal(number=1)
        later = Meeting.objects.create(date=date(2031, 1, 1))
        make_proposal(meeting=later)
        response = client.get(HOME)
        assert numbers(response) == [1]
        assert "2031" not in text(response)


class TestSeveralMeetings:
    @pytest.fixture(autouse=True)
    def _two_meetings(self, make_proposal, dalarna):
        make_proposal(number=1, title="Ny", region=dalarna)
        make_proposal(number=1, title="Gammal", meeting=Meeting.objects.create(date=date(2029, 1, 10)))

    def test_the_latest_is_shown_first(self, client):
        assert "Ny" in text(client.get(HOME))
        assert "Gammal" not in text(client.get(HOME))

    def test_another_can_be_chosen(self, client):
        assert "Gammal" in text(client.get(f"{HOME}?mote=2029-01-10"))

    def test_all_can_be_shown(self, client):
        response = client.get(f"{HOME}?mote=alla")
        assert "Ny" in text(response)
        assert "Gammal" in text(response)
        assert "10 januari 2029" in text(response)
        assert "Alla 2 visas" in text(response)

    def test_the_choice_is_kept_when_a_filter_is_removed(self, client):
        response = client.get(f"{HOME}?mote=alla&region=region-dalarna&sortera=rubrik")
        assert 'class="pill" href="?mote=alla&amp;sortera=rubrik"' in response.content.decode()
        assert '<a class="pill pill--clear" href="?sortera=rubrik">' in response.content.decode()

    def test_an_empty_result_offers_all_meetings(self, client):
        assert "Visa från alla möten 1 förslag" in text(client.get(f"{HOME}?q=gammal"))

    def test_each_meeting_shows_how_many_it_would_give(self, client):
        response = text(client.get(f"{HOME}?q=gammal"))
        assert "14\xa0maj 2030 (0)".replace("\xa0", " ") in response
        assert "10 januari 2029 (1)" in response
        assert "Alla möten (1)" in response

    def test_a_chosen_meeting_can_be_removed(self, client):
        for query, label in (("mote=2029-01-10", "10\xa0januari 2029"), ("mote=alla", "Alla möten")):
            assert (
                f'href="?"><span class="visually-hidden">Ta bort: </span>{label}<'
                in client.get(f"{HOME}?{query}").content.decode()
            )
        assert 'class="pill"' not in client.get(f"{HOME}?mote=2030-05-14").content.decode()

    def test_neighbours_are_of_the_same_meeting(self, client, make_proposal):
        make_proposal(number=2, meeting=Meeting.objects.get(date=date(2029, 1, 10)))
        assert 'rel="next"' not in client.get("/forslag/2030-05-14/1/").content.decode()


class TestPages:
    def test_thirty_a_page(self, client, make_proposal):
        for number in range(1, 63):
            make_proposal(number=number)
        first, last = client.get(HOME), client.get(f"{HOME}?sida=3&sortera=rubrik")
        assert numbers(first) == list(range(1, 31))
        assert "1–30 av 62 visas" in text(first)
        assert 'rel="next" href="?sida=2"' in first.content.decode()
        assert numbers(last) == [61, 62]
        assert 'rel="prev" href="?sortera=rubrik&amp;sida=2"' in last.content.decode()
        assert 'rel="next"' not in last.content.decode()

    def test_a_site_without_proposals_has_a_front_page(self, client, db):
        assert "Inga förslag är publicerade än" in text(client.get(HOME))


QUERIES = [
    "",
    "?q=el",
    "?region=region-0&malgrupp=grupp-0&q=el&mote=alla&sortera=region",
]


@pytest.mark.parametrize("how_many", [1, 300])
class TestNumberOfQueries:
    """One of them asks for the version of the data, and is the only one for a page that hasn't changed."""

    @pytest.fixture(autouse=True)
    def _proposals(self, make_proposal, how_many):
        regions = [
            Region.objects.create(name=f"Region {n}", slug=f"region-{n}", county_code=f"{n:02}") for n in range(21)
        ]
        groups = [TargetGroup.objects.create(name=f"Grupp {n}", slug=f"grupp-{n}") for n in range(15)]
        for n in range(how_many):
            make_proposal(number=n + 1, region=regions[n % 21], groups=groups[n % 3 :: 3], people=[f"Person {n}", "Bo"])
        Proposal.objects.all().index()

    @pytest.mark.parametrize("query", QUERIES)
    def test_the_list_takes_six_and_a_search_eight_at_most(self, client, django_assert_max_num_queries, query):
        with django_assert_max_num_queries(8 if "q=" in query else 6):
            assert client.get(HOME + query).status_code == 200

    @pytest.mark.parametrize("path", [HOME, f"{HOME}?q=el&region=region-0", "/forslag/2030-05-14/1/", "/moten/"])
    def test_an_unchanged_page_takes_one(self, client, django_assert_num_queries, path):
        first = client.get(path)
        with django_assert_num_queries(1):
            assert client.get(path).content == first.content

    def test_an_empty_list_takes_eleven_at_most(self, client, django_assert_max_num_queries):
        """It offers words that are there, and the query is kept for the secretariat."""
        with django_assert_max_num_queries(11):
            assert client.get(f"{HOME}?q=finns&region=a&malgrupp=b").status_code == 200

    def test_a_proposal_takes_six(self, client, django_assert_num_queries):
        with django_assert_num_queries(6):
            assert client.get("/forslag/2030-05-14/1/").status_code == 200


def test_text_of_strangers_never_becomes_markup(client, make_proposal):
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    make_proposal(number=1, title=nasty, background=nasty, purpose=nasty, people=[nasty], target_group_text=nasty)
    for path in (HOME, "/forslag/2030-05-14/1/", f"{HOME}?q={nasty}", f"{HOME}?mote={nasty}"):
        html = client.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<img" not in html


def test_excerpts_show_signs_as_they_are(client, make_proposal):
    make_proposal(number=1, background="A & B < C")
    for path in (HOME, "/forslag/2030-05-14/1/"):
        html = client.get(path).content.decode()
        assert "A &amp; B &lt; C" in html
        assert "&amp;amp;" not in html


def test_dates_are_those_of_swedish_clocks(client, make_proposal):
    make_proposal(number=1, submitted_at=datetime(2030, 4, 29, 22, 30, tzinfo=UTC))
    assert "Inskickat 30 april 2030" in text(client.get("/forslag/2030-05-14/1/"))


@pytest.mark.parametrize("path", [HOME, "/forslag/nytt/", "/admin/login/", "/finns-inte/"])
def test_a_page_may_load_nothing_from_elsewhere_and_run_nothing_of_its_own(client, db, path):
    policy = dict(part.strip().split(" ", 1) for part in client.get(path)["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
    }


def test_all_that_a_script_exchanges_in_the_list_is_on_the_page_once(client, make_proposal):
    """htmx drops silently what it doesn't find; the ids stand in several templates."""
    make_proposal(number=1)
    for query in ("", "?q=finnsinte", "?region=a&mote=alla"):
        html = client.get(HOME + query).content.decode()
        exchanged = re.search(r'data-hx-select-oob="([^"]+)"', html)[1].split(",")
        ids = re.findall(r'\bid="([^"]+)"', html)
        for name in [*exchanged, "#traffar"]:
            assert ids.count(name.removeprefix("#").partition(":")[0]) == 1, (query, name)
