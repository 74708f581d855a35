"""Found by what people really write: numbers, names in use, odd characters, words that stand nowhere."""

import json
from html import unescape
from re import sub

import pytest
from django.conf import settings
from django.core.management import call_command

from proposals.models import Proposal, Synonym
from proposals.models.synonym import folded_expressions
from proposals.search.highlighter import Highlighter
from proposals.search.query import Query
from tests.search.test_search import found

THESAURUS = json.loads((settings.BASE_DIR / "fixtures" / "synonymer.json").read_text())


def text(page):
    return " ".join(unescape(sub(r"<[^>]+>", " ", page.content.decode())).split())


@pytest.mark.usefixtures("fixture_28")
class TestThe28:
    @pytest.mark.parametrize("query", ["7", "nr 7", "Nr. 7", "nummer 7", "förslag 7", "Förslag nr 7", "#7", " 7 "])
    def test_a_number_finds_that_proposal_first(self, query):
        assert found(query)[0] == 7

    def test_a_word_with_a_number_is_no_number(self):
        assert Query("förslag 7 el").number is None
        assert found("agenda 2030")[:1] != [2030]

    def test_a_number_that_is_not_there_finds_no_proposal_by_its_word(self):
        assert found("förslag 99") == []

    @pytest.mark.parametrize(
        ("query", "sender"),
        [
            ("VG-regionen", "Västra Götalandsregionen"),
            ("VGR", "Västra Götalandsregionen"),
            ("Region VG", "Västra Götalandsregionen"),
            ("RJH", "Region Jämtland Härjedalen"),
            ("Region JH", "Region Jämtland Härjedalen"),
            ("Region Jämtland", "Region Jämtland Härjedalen"),
            ("Södermanland", "Region Sörmland"),
            ("Region Örebro", "Region Örebro län"),
            ("TVV", "Tillväxtverket"),
        ],
    )
    def test_a_member_is_found_by_its_usual_names(self, query, sender):
        own = Proposal.objects.published().filter(region__name=sender).count()
        first = list(Proposal.objects.published().search(query).values_list("region__name", flat=True)[:own])
        assert first == [sender] * own

    @pytest.mark.parametrize("query", ["“regional utveckling”", "”regional utveckling”", "«regional utveckling»"])
    def test_any_quotation_marks_make_a_phrase(self, query):
        assert found(query) == found('"regional utveckling"') != found("regional utveckling")

    @pytest.mark.parametrize("query", ["upp\u00adhandling", "\u200bupphandling\ufeff", "upphand\u2060ling"])
    def test_characters_that_nobody_sees_make_no_difference_in_a_query(self, query):
        assert found(query) == found("upphandling") != []

    def test_a_number_in_the_admin_finds_it_too(self, admin_client):
        page = admin_client.get("/admin/proposals/proposal/", {"q": "förslag 7"})
        assert page.context["cl"].result_list[0].number == 7

    def test_the_end_of_a_longer_compound_is_said_to_be_what_is_shown(self, client):
        assert "Visar träffar för upphandling ." in text(client.get("/", {"q": "klimatupphandling"}))

    def test_a_typing_error_is_said_to_be_one(self, client):
        page = text(client.get("/", {"q": "upphandlng"}))
        assert "Visar träffar för upphandling ." in page
        assert "Sök i stället på precis ”upphandlng”" in page

    def test_words_that_no_proposal_has_together_are_said_to_be_so(self, client):
        page = text(client.get("/", {"q": "persondrönare upphandling"}))
        assert "Inget förslag har alla orden. Visar träffar för de viktigaste av dem." in page

    def test_what_was_found_as_typed_says_nothing(self, client):
        for query in ("upphandling", "VGR", "barns rättigheter", "7"):
            page = text(client.get("/", {"q": query}))
            assert "Visar träffar för" not in page

    def test_a_proposal_that_one_comes_to_from_a_search_has_the_words_marked(self, client):
        list_ = {"HTTP_REFERER": "http://testserver/?q=persondrönare"}
        [number] = found("persondrönare")
        page = client.get(f"/forslag/2024-09-18/{number}/", **list_).content.decode()
        assert "<mark>persondrönare</mark>" in page.lower()
        assert "<mark>" not in client.get(f"/forslag/2024-09-18/{number}/").content.decode()


class TestNothingFound:
    @pytest.fixture
    def words(self, make_proposal):
        for number, word in enumerate(["jämställdheten", "kompetensen", "förhåller", "folkbildning"], start=1):
            make_proposal(number=number, title=word, background="x")

    @pytest.mark.parametrize(
        ("query", "offered"),
        [
            ("jämställdhetsintegreringsplan", ["jämställdheten"]),
            ("kompetensförsörjningsråd", ["kompetensen"]),
            ("folkhälsa", []),
            ("förhandla", []),
        ],
    )
    def test_words_are_offered_that_begin_alike_and_none_that_only_look_alike(self, words, query, offered):
        proposals = Proposal.objects.published()
        result = proposals.find(query)
        assert result.hits == []
        assert proposals.nearest_words(result, 3) == offered


class TestInvisible:
    def test_a_word_with_a_soft_hyphen_in_it_is_found_and_marked_whole(self):
        assert Highlighter(["upphandling"]).mark("Om upp\u00adhandling.") == "Om <mark>upp\u00adhandling</mark>."

    def test_html_is_marked_between_its_tags_alone(self):
        marked = Highlighter(["strong", "a", "lt"]).mark_html('<a href="#a"><strong>A &lt; strong</strong></a>')
        assert marked == ('<a href="#a"><strong><mark>A</mark> &lt; <mark>strong</mark></strong></a>')


class TestThesaurus:
    def test_there_are_groups_enough_and_each_has_two_expressions_that_differ(self):
        groups = [row["fields"]["expressions"] for row in THESAURUS]
        assert len(set(groups)) == len(groups) >= 150
        for group in groups:
            assert len(set(folded_expressions(group))) >= 2, group

    def test_loading_it_again_brings_nothing_twice(self, first_synonyms):
        for _ in range(2):
            call_command("loaddata", "synonymer", verbosity=0)
        assert Synonym.objects.count() == len(THESAURUS)

    def test_an_empty_database_begins_with_it_and_a_removed_group_stays_away(self, db):
        call_command("prepare", verbosity=0)
        assert Synonym.objects.count() == len(THESAURUS)
        Synonym.objects.filter(expressions__startswith="RUS").delete()
        call_command("prepare", verbosity=0)
        assert Synonym.objects.count() == len(THESAURUS) - 1
