"""Searching in the list, being told of similar proposals, and what kansliet sees of it."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from proposals.models import Meeting, MissedQuery, Proposal, Status, Synonym
from tests.public.test_views import HOME, numbers, text

NEW = reverse("proposal_new")
ALIKE = reverse("proposal_alike")
SYNONYMS = reverse("admin:proposals_synonym_changelist")


def search(client, query, **parameters):
    return client.get(HOME, {"q": query, **parameters})


@pytest.mark.usefixtures("fixture_28")
class TestList:
    def test_the_best_match_comes_first_until_another_order_is_chosen(self, client):
        assert numbers(search(client, "beredskap")) == [26, 13]
        assert numbers(search(client, "beredskap", sortera="nummer")) == [13, 26]
        assert "Relevans" in text(search(client, "beredskap"))

    def test_without_a_query_there_is_no_relevance(self, client):
        page = client.get(f"{HOME}?sortera=relevans")
        assert numbers(page) == list(range(1, 29))
        assert "Relevans" not in text(page)

    def test_what_matched_is_marked_in_title_and_text(self, client):
        page = search(client, "upphandling").content.decode()
        assert "Påverkan genom <mark>upphandling</mark>" in page
        assert re.search(r'<p class="excerpt">… .*<mark>upphandling</mark>', page)

    def test_a_person_is_shown_where_only_the_person_matched(self, client):
        assert "Kontakt: Peter Fredriksson" in text(search(client, "fredriksson"))
        assert "Kontakt:" not in text(search(client, "upphandling"))

    def test_a_typing_error_is_told_of_with_a_way_to_search_for_exactly_that(self, client):
        page = search(client, "upphandlng")
        assert numbers(page) == [20]
        assert "Visar träffar för upphandling . Sök i stället på precis ”upphandlng”" in text(page)
        exactly = re.search(r'class="notice">\s*<p>.*?<a href="([^"]+)"', page.content.decode(), re.DOTALL)[1]
        assert numbers(client.get(HOME + exactly)) == []

    def test_an_empty_result_offers_words_that_are_there(self, client):
        page = search(client, '"upphandlng"')
        assert "Sök på ”upphandling”" in text(page)
        assert f'href="?q={quote("upphandling")}"' in page.content.decode()

    def test_filters_narrow_what_is_found(self, client):
        assert numbers(search(client, "beredskap", region="region-vasterbotten")) == [26]
        assert numbers(search(client, "beredskap", malgrupp="politiker")) == []
        assert "Visa för alla målgrupper 2 förslag" in text(search(client, "beredskap", malgrupp="politiker"))

    def test_an_empty_meeting_offers_all_meetings(self, client):
        later = Meeting.objects.create(date="2030-01-01")
        Proposal.objects.filter(number=1).update(meeting=later)
        page = search(client, "upphandling")
        assert numbers(page) == []
        assert "Visa från alla möten 1 förslag" in text(page)

    @pytest.mark.parametrize(
        "query",
        [
            "x" * 10_000,
            "regional utveckling " * 500,
            '"',
            '""""',
            '"" "',
            "och",
            "och att det som",
            "%",
            "_",
            "\\",
            "(.*[a-z]+$",
            "^",
            "🦊",
            "量子力学",
            "مرحبا",
            "ﷺ" * 60,
            "İ" * 150,
            "\x00\x01",
            "a:s",
            "|",
            "' OR 1=1 --",
        ],
    )
    def test_odd_queries_get_an_ordinary_page(self, client, query):
        response = search(client, query)
        assert response.status_code == 200
        assert "Sök bland förslagen" in text(response)


class TestMissedQueries:
    def test_what_nobody_finds_is_kept_without_a_trace_of_who_asked(self, client, make_proposal):
        make_proposal(number=1)
        for query in ("Kärnkraft", "kärnkraft ", '"kärnkraft"'):
            search(client, query)
        missed = MissedQuery.objects.get()
        assert (missed.text, missed.count) == ("kärnkraft", 3)
        assert {field.name for field in MissedQuery._meta.fields} == {"id", "text", "count", "last_at"}

    def test_what_is_found_at_another_meeting_or_without_a_filter_is_not_missed(self, client, make_proposal):
        make_proposal(number=1, title="Vatten")
        search(client, "vatten", region="finns-inte")
        assert not MissedQuery.objects.exists()

    @pytest.mark.parametrize("query", ["anna@example.com", "070-123 45 67", "850709 9805", "x" * 101, "%", ""])
    def test_what_looks_personal_or_is_no_word_is_not_kept(self, client, make_proposal, query):
        make_proposal(number=1)
        search(client, query)
        assert not MissedQuery.objects.exists()

    def test_the_way_to_a_word_is_not_kept(self, client, make_proposal):
        make_proposal(number=1)
        for query in ("kärn", "kärnkr", "kärnkraft"):
            search(client, query)
        assert [missed.text for missed in MissedQuery.objects.all()] == ["kärnkraft"]

    def test_an_old_beginning_stays(self, client, make_proposal):
        make_proposal(number=1)
        MissedQuery.objects.create(text="kärn", last_at=timezone.now() - timedelta(hours=1))
        search(client, "kärnkraft")
        assert MissedQuery.objects.count() == 2

    def test_only_the_most_asked_for_are_kept_for_ever(self, db, monkeypatch):
        monkeypatch.setattr("proposals.models.missed_query.MOST_KEPT", 2)
        for count in (1, 3, 2):
            MissedQuery.objects.create(text=f"nummer{count}", count=count, last_at=timezone.now())
        MissedQuery.objects.forget_the_rarest()
        assert [missed.count for missed in MissedQuery.objects.all()] == [3, 2]


class TestSynonyms:
    def test_the_first_ones_are_there(self, first_synonyms):
        assert "RUS, regional utvecklingsstrategi" in {str(synonym) for synonym in Synonym.objects.all()}

    def test_kansliet_makes_a_missed_query_a_synonym_with_one_click(self, client, kansli, make_proposal):
        make_proposal(number=1, title="Laddfordon")
        search(client, "elmoped")
        page = kansli.get(SYNONYMS).content.decode()
        link = unescaped(re.search(r'<a class="addlink" href="([^"]+expressions[^"]+)"', page)[1])
        form = kansli.get(link).content.decode()
        assert 'value="elmoped, "' in form
        assert kansli.post(link, {"expressions": "elmoped, laddfordon"}).status_code == 302
        assert numbers(search(client, "elmoped")) == [1]
        assert not MissedQuery.objects.exists()

    @pytest.mark.parametrize("expressions", ["RUS", "RUS,", "RUS, rus", ", ,", "%, _"])
    def test_a_synonym_needs_two_expressions(self, kansli, expressions):
        page = kansli.post(reverse("admin:proposals_synonym_add"), {"expressions": expressions})
        assert "Skriv minst två uttryck med komma emellan." in page.content.decode()

    def test_missed_queries_are_looked_through_and_cleared_only(self, kansli):
        missed = MissedQuery.objects.create(text="kärnkraft", last_at=timezone.now())
        assert kansli.get(reverse("admin:proposals_missedquery_add")).status_code == 403
        assert "kärnkraft" in kansli.get(reverse("admin:proposals_missedquery_changelist")).content.decode()
        kansli.post(reverse("admin:proposals_missedquery_delete", args=[missed.pk]), {"post": "yes"})
        assert not MissedQuery.objects.exists()


def unescaped(address):
    return address.replace("&amp;", "&")


@pytest.mark.usefixtures("fixture_28")
class TestSimilar:
    def test_a_proposal_shows_three_others(self, client):
        page = client.get("/forslag/2024-09-18/22/").content.decode()
        part = page[page.index("Liknande förslag") :]
        assert re.findall(r'href="/forslag/2024-09-18/(\d+)/"', part)[0] == "23"
        assert len(set(re.findall(r'<li>\s*<span class="no">', part))) == 1
        assert part.count('<span class="no">') == 3

    def test_one_who_writes_is_told_of_similar_proposals(self, client):
        typed = {"title": "Upphandling som påverkan", "background": "Vi vill påverka med upphandling."}
        page = text(client.post(ALIKE, typed))
        assert page.startswith("Liknar")
        assert "Påverkan genom upphandling" in page

    def test_nothing_is_said_of_what_is_like_nothing(self, client):
        for typed in ({}, {"title": "Guldfiskar"}, {"title": "🦊", "background": "\x00"}, {"title": "x" * 30_000}):
            response = client.post(ALIKE, typed)
            assert response.status_code == 200
            assert response.content.decode().strip() == ""

    def test_a_form_that_comes_back_says_it_too(self, client):
        page = client.post(NEW, {"title": "Påverkan genom upphandling", "background": "Upphandling."})
        assert "Liknar" in text(page)

    def test_similar_proposals_never_stand_in_the_way(self, client):
        assert client.get(ALIKE).status_code == 405

    def test_near_duplicates_are_marked_for_kansliet_and_lead_to_both_side_by_side(self, kansli):
        first, second = (Proposal.objects.get(number=number) for number in (22, 23))
        compare = reverse("admin:proposals_proposal_compare", args=[first.pk, second.pk])
        page = kansli.get(reverse("admin:proposals_proposal_changelist"), {"nastan-lika": "ja"})
        assert [proposal.number for proposal in page.context["cl"].result_list] == [22, 23]
        assert f'<a class="like" href="{compare}">liknar 23<' in page.content.decode()
        assert compare in kansli.get(reverse("admin:proposals_proposal_change", args=[first.pk])).content.decode()
        both = kansli.get(compare).content.decode()
        assert "<mark>Vi ska alla på mycket kort tid" in both
        assert first.title in both
        assert second.title in both

    def test_a_stranger_sees_no_two_side_by_side(self, client):
        keys = list(Proposal.objects.values_list("pk", flat=True)[:2])
        assert client.get(reverse("admin:proposals_proposal_compare", args=keys)).status_code == 302

    def test_kansliet_searches_the_same_way(self, kansli):
        page = kansli.get(reverse("admin:proposals_proposal_changelist"), {"q": "upphandlng"})
        assert [proposal.number for proposal in page.context["cl"].result_list] == [20]
        page = kansli.get(reverse("admin:proposals_proposal_changelist"), {"q": "beredskap"})
        assert [proposal.number for proposal in page.context["cl"].result_list] == [26, 13]


class TestWhatTheReaderMaySee:
    """A rare word that stands only in what isn't published is in no public answer, whatever is asked."""

    WORD = "xyzzyplanering"

    @pytest.fixture(params=[Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.WITHDRAWN])
    def hidden(self, request, make_proposal):
        make_proposal(number=1, title="Planering av vatten", background="Vi planerar vatten.")
        make_proposal(
            title=f"Planering med {self.WORD}",
            background=f"Vi planerar vatten med {self.WORD}.",
            status=request.param,
            people=[self.WORD],
        )
        Proposal.objects.all().index()
        Proposal.objects.compare()

    @pytest.mark.usefixtures("hidden")
    @pytest.mark.parametrize(
        "query",
        [
            "xyzzyplanerng",  # a typing error away
            "xyzzy",  # its beginning
            "xyzzyplanerin",
            "vatten xyzzyplanerin",
            '"xyzzyplanerin"',
            "xyzzyplaneringsgrupp",
        ],
    )
    def test_no_search_shows_it(self, client, query):
        for parameters in ({}, {"mote": "alla"}, {"region": "ej-angiven"}, {"sortera": "rubrik"}):
            page = search(client, query, **parameters).content.decode()
            assert self.WORD not in page.replace(query, "")

    @pytest.mark.usefixtures("hidden")
    def test_the_word_itself_finds_what_a_word_that_stands_nowhere_finds(self, client):
        page, unknown = text(search(client, self.WORD)), text(search(client, "qwertplanering"))
        assert page.replace(self.WORD, "") == unknown.replace("qwertplanering", "")

    @pytest.mark.usefixtures("hidden")
    def test_a_hidden_word_does_not_keep_a_typing_error_from_being_mended(self, client, make_proposal):
        make_proposal(number=2, title="Xyzzyplaneringar")
        page = search(client, "xyzzyplanerng")
        assert numbers(page) == [2]
        assert "Visar träffar för xyzzyplaneringar" in text(page)

    @pytest.mark.usefixtures("hidden")
    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/forslag/2030-05-14/1/",
            "/forslag/nytt/",
            "/moten/",
            "/moten/2030-05-14/",
            "/moten/2030-05-14/statistik/",
            "/flode.xml",
            "/kalender.ics",
            "/sitemap.xml",
            "/om/",
        ],
    )
    def test_no_page_shows_it(self, client, path):
        response = client.get(path)
        assert response.status_code == 200
        assert self.WORD not in response.content.decode()

    @pytest.mark.usefixtures("hidden")
    def test_one_who_writes_nearly_the_same_is_not_told_of_it(self, client):
        typed = {"title": f"Planering med {self.WORD}", "background": "Vi planerar vatten."}
        page = client.post(ALIKE, typed)
        assert self.WORD not in page.content.decode()
        assert "Planering av vatten" in text(page)


class TestGenerator:
    def test_makes_proposals_that_can_be_read_and_searched(self, client, db):
        call_command("generate_proposals", 60, verbosity=0)
        assert Proposal.objects.published().count() == 60
        assert not Proposal.objects.unindexed()
        assert client.get(Proposal.objects.first().get_absolute_url()).status_code == 200
        assert "av 60 visas" in text(search(client, "regional", mote="alla"))

    def test_the_same_seed_makes_the_same(self, db):
        call_command("generate_proposals", 5, verbosity=0)
        titles = list(Proposal.objects.order_by("pk").values_list("title", flat=True))
        Proposal.objects.all().delete()
        call_command("generate_proposals", 5, verbosity=0)
        assert list(Proposal.objects.order_by("pk").values_list("title", flat=True)) == titles

    def test_refuses_to_mix_with_what_is_there_unless_told(self, fixture_28):
        with pytest.raises(CommandError, match="--among-real"):
            call_command("generate_proposals", 5)
        assert Proposal.objects.count() == 28
        call_command("generate_proposals", 5, "--among-real", verbosity=0)
        assert Proposal.objects.count() == 33

    @pytest.mark.parametrize("count", [0, -1, 10_000_000])
    def test_refuses_a_count_that_makes_no_sense(self, db, count):
        with pytest.raises(CommandError, match="from 1 to"):
            call_command("generate_proposals", count)
