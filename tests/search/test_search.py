"""What a search finds among the 28, and what it never shows."""

import json
from math import log2
from pathlib import Path

import pytest
from django.core.management import call_command

from proposals.models import Contact, Posting, Proposal, Region, Status, Synonym, Word
from proposals.search import text
from proposals.search.expansion import Phrase
from proposals.search.highlighter import Highlighter

JUDGED = json.loads((Path(__file__).parent / "judged_queries.json").read_text())
ANSWERABLE = [query for query in JUDGED if query["relevant"]]


def found(query, proposals=None):
    """Numbers of the published proposals that a search finds, the best first."""
    proposals = Proposal.objects.published() if proposals is None else proposals
    return [proposal.number for proposal in proposals.search(query)]


def ndcg(ranked, relevant):
    """Normalised discounted cumulative gain of the first ten, gain 2^grade - 1."""
    gains = [2 ** relevant.get(str(number), 0) - 1 for number in ranked[:10]]
    ideal = sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:10]
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains)) / sum(
        gain / log2(place + 2) for place, gain in enumerate(ideal)
    )


@pytest.mark.usefixtures("fixture_28")
class TestJudgedQueries:
    def test_ranking_is_good(self):
        scores = [ndcg(found(query["q"]), query["relevant"]) for query in ANSWERABLE]
        assert sum(scores) / len(scores) >= 0.90

    @pytest.mark.parametrize("query", [query["q"] for query in JUDGED if not query["relevant"]])
    def test_what_is_not_there_is_not_found(self, query):
        assert found(query) == []

    @pytest.mark.parametrize(
        ("query", "numbers"),
        [
            ("barns rättigheter", [2, 1, 7]),
            ("regional utveckling", [12, 9, 10, 15, 5]),
            ("hållbar tillväxt", [25, 24]),
            ("VGR", [7, 8, 13]),
            ("upphandlng", [20]),
        ],
    )
    def test_both_databases_give_the_same_list(self, query, numbers):
        """The suite runs on SQLite and on PostgreSQL, so one list here is one list on both."""
        assert found(query)[: len(numbers)] == numbers


class TestMatching:
    @pytest.mark.parametrize(
        ("query", "title"),
        [
            ("upphandlingar", "Offentlig upphandling"),
            ("barnets", "Barn och unga"),
            ("attraktion", "Kompetensattraktion i glesbygd"),
            ("Orebro", "Samtal i Örebro"),
            ("ÖREBRO", "Samtal i Örebro"),
            ("AI", "AI i vården"),
            ("upph", "Offentlig upphandling"),
            ("reg", "Regional tillväxt"),
            ("RUS", "Arbetet med RUS:ar"),
            ("klimatupphandling", "Offentlig upphandling"),
            ("uphpandling", "Offentlig upphandling"),
            ("nyckeltall", "Nyckeltal"),
            ('"röda tråden"', "En röd tråd"),
            ("🦊 upphandling %", "Offentlig upphandling"),
        ],
    )
    def test_a_word_matches(self, make_proposal, query, title):
        make_proposal(number=1, title=title)
        make_proposal(number=2, title="Annat")
        assert found(query) == [1]

    @pytest.mark.parametrize(
        ("query", "title"),
        [
            ("AI", "Maiden"),
            ("energi", "Enbart"),
            ('"tråd röd"', "En röd tråd"),
            ('"upphandlng"', "Offentlig upphandling"),
            ("bil", "Bilden"),
            ("gurka", "Burka"),
            ("el", "Eller så"),
            ("el kärnkraft", "Grön el"),
            ("", "Annat"),
            ("🦊", "En 🦊 i skogen"),
        ],
    )
    def test_a_word_does_not_match(self, make_proposal, query, title):
        make_proposal(number=1, title=title, background="")
        assert query == "" or found(query + " ") == []

    def test_a_title_counts_more_than_a_text(self, make_proposal):
        make_proposal(number=1, title="Annat", background="Om vatten.")
        make_proposal(number=2, title="Vatten", background="Om annat.")
        assert found("vatten") == [2, 1]

    def test_a_words_beginning_counts_more_than_its_inside(self, make_proposal):
        inside = make_proposal(title="Fjärrvärme i alla städer")
        beginning = make_proposal(title="Värmeplaneringen i alla städer")
        assert list(Proposal.objects.search("värme")) == [beginning, inside]

    def test_with_few_full_matches_those_that_say_most_of_it_follow(self, make_proposal):
        make_proposal(number=1, title="Fysisk planering")
        make_proposal(number=2, title="Fysisk planering i kommunerna")
        make_proposal(number=3, title="Kommunerna")
        make_proposal(number=4, title="Kommunerna igen")
        assert found("fysisk planering kommunerna") == [2, 1]

    def test_stop_words_count_only_when_there_is_nothing_else(self, make_proposal):
        make_proposal(number=1, title="Vatten", background="")
        make_proposal(number=2, title="Och", background="")
        assert found("och vatten ") == [1]
        assert found("och ") == [2]

    def test_a_typing_error_tells_what_was_searched_for_instead(self, make_proposal):
        make_proposal(number=1, title="ÅTGÄRDSPLAN", background="En åtgärdsplan.")
        result = Proposal.objects.find("Åtgrdsplan nu")
        assert result.instead == "åtgärdsplan nu"
        assert result.exactly == '"Åtgrdsplan" nu'

    def test_what_is_right_is_not_corrected(self, make_proposal):
        make_proposal(number=1, title="Hållbarhet")
        assert Proposal.objects.find("hållbarheten").instead == ""


class TestSynonyms:
    def test_an_abbreviation_finds_what_it_stands_for_and_back(self, make_proposal):
        Synonym.objects.get_or_create(expressions="RUS, regional utvecklingsstrategi")
        make_proposal(number=1, title="Om RUS:ar")
        make_proposal(number=2, title="Regionala utvecklingsstrategier")
        assert found("RUS") == [1, 2]
        assert found("regional utvecklingsstrategi") == [2, 1]

    def test_an_expression_is_found_with_and_without_its_small_words(self, make_proposal):
        Synonym.objects.get_or_create(expressions="KKB, kulturella och kreativa branscher")
        make_proposal(number=1, title="Kulturella kreativa branscher")
        make_proposal(number=2, title="Kulturella och kreativa branscher")
        assert sorted(found("KKB")) == [1, 2]
        make_proposal(number=3, title="KKB")
        assert 3 in found("kulturella och kreativa branscher")

    def test_a_synonym_is_no_typing_error(self, make_proposal):
        Synonym.objects.create(expressions="elbilar, laddfordon")
        make_proposal(number=1, title="Laddfordon")
        make_proposal(number=2, title="Elbolag")
        assert found("elbilar") == [1]


class TestIndex:
    """What is kept is what a fresh index would say, whichever way a change came in."""

    def kept(self):
        rows = Posting.objects.values_list("proposal__title", "word__text", "weight")
        return sorted((title, word, round(weight, 9)) for title, word, weight in rows)

    def fresh(self):
        rows = []
        for proposal in Proposal.objects.all():
            weights = text.weigh(text.searchable(proposal.parts))
            rows += [(proposal.title, word, round(weight, 9)) for word, weight in weights.items()]
        return sorted(rows)

    @pytest.mark.usefixtures("fixture_28")
    def test_loaded_rows_are_indexed(self):
        assert self.kept() == self.fresh()
        assert not Proposal.objects.unindexed()
        assert not Proposal.objects.filter(is_compared=False)

    def test_rows_that_came_past_everything_are_indexed_before_the_next_search(self, make_proposal, meeting):
        Proposal.objects.bulk_create(
            [Proposal(meeting=meeting, title="Vatten", status=Status.SUBMITTED) for _ in range(3)]
        )
        assert len(Proposal.objects.search("vatten")) == 3
        assert self.kept() == self.fresh()

    def test_a_saved_change_is_found_and_the_old_text_is_not(self, make_proposal):
        proposal = make_proposal(number=1, title="Vatten")
        assert found("vatten") == [1]
        proposal.title = "Eldar"
        proposal.save(update_fields=["title"])
        assert found("vatten") == []
        assert found("eldar") == [1]
        assert self.kept() == self.fresh()

    def test_a_change_of_status_leaves_the_index_alone(self, make_proposal):
        proposal = make_proposal(number=1)
        Proposal.objects.all().index()
        proposal.refresh_from_db()
        proposal.save()
        assert not Proposal.objects.unindexed()

    def test_reindex_mends_what_was_changed_in_the_database(self, make_proposal):
        make_proposal(number=1, title="Vatten")
        assert found("vatten") == [1]
        Proposal.objects.update(title="Eldar")
        call_command("reindex", verbosity=0)
        assert found("eldar") == [1]
        assert not Word.objects.filter(text="vatten")
        assert self.kept() == self.fresh()

    def test_a_new_name_of_a_region_is_found(self, kansli, make_proposal, dalarna):
        make_proposal(number=1, region=dalarna)
        data = {"name": "Region Älvdalen", "slug": dalarna.slug, "kind": Region.Kind.REGION, "county_code": "20"}
        assert found("dalarna") == [1]
        assert kansli.post(f"/admin/proposals/region/{dalarna.pk}/change/", data).status_code == 302
        assert found("älvdalen") == [1]
        assert found("dalarna ") == []

    def test_a_new_name_of_a_person_is_found(self, kansli, make_proposal):
        make_proposal(number=1, people=["Anna Exempel"])
        assert found("anna") == [1]
        person = Contact.objects.get()
        data = {"name": "Berit Exempel", "title": "", "email": "", "phone": ""}
        assert kansli.post(f"/admin/proposals/contact/{person.pk}/change/", data).status_code == 302
        assert found("berit") == [1]
        assert found("anna ") == []


class TestManyProposals:
    """With more matches than can be ranked, the newest are; a filter brings out the others."""

    @pytest.fixture(autouse=True)
    def _few_rows(self, monkeypatch):
        monkeypatch.setattr("proposals.models.searchable.MOST_ROWS", 30)
        monkeypatch.setattr("proposals.models.searchable.MOST_HITS", 10)
        monkeypatch.setattr("proposals.models.searchable.COMMON", 5)

    @pytest.fixture
    def forty(self, make_proposal, dalarna):
        for number in range(1, 41):
            make_proposal(number=number, title="Regional utveckling", region=dalarna if number == 1 else None)
        Proposal.objects.filter(number=2).update(title="Regional kemi")
        call_command("reindex", verbosity=0)

    @pytest.mark.usefixtures("forty")
    def test_a_common_word_finds_the_newest(self):
        result = Proposal.objects.find("regional")
        assert result.is_cut
        assert sorted(Proposal.objects.found(result).values_list("number", flat=True)) == list(range(31, 41))

    @pytest.mark.usefixtures("forty")
    def test_a_rare_word_is_found_beside_a_common_one(self):
        assert found("regional kemi") == [2]

    @pytest.mark.usefixtures("forty")
    def test_a_filter_finds_the_old_ones_too(self, client):
        page = client.get("/?q=regional&region=region-dalarna").content.decode()
        assert 'href="/forslag/2030-05-14/1/"' in page
        assert "1 av 40 visas" in page

    @pytest.mark.usefixtures("forty")
    def test_the_page_says_that_there_is_more(self, client):
        assert "fler förslag än vi kan ordna efter relevans" in client.get("/?q=regional").content.decode()
        assert "fler förslag än vi kan ordna" not in client.get("/?q=kemi").content.decode()

    @pytest.mark.usefixtures("forty")
    @pytest.mark.parametrize("query", ['"regional utveckling"', "VGR regional", "regional finnsinte", "regional kem"])
    def test_every_kind_of_query_is_answered(self, query):
        assert len(found(query)) <= 10


class TestMarks:
    def test_whole_words_are_marked_and_all_else_is_escaped(self):
        marks = Highlighter({"omstallning", "omstallningspolitik"})
        assert marks.mark("Grön omställning & <b>Omställningspolitik</b>") == (
            "Grön <mark>omställning</mark> &amp; &lt;b&gt;<mark>Omställningspolitik</mark>&lt;/b&gt;"
        )

    def test_a_phrase_is_marked_where_its_words_stand_together(self):
        marks = Highlighter(phrases=[Phrase(("rod", "trad"))])
        assert marks.mark("Röd, en röd tråd") == "Röd, en <mark>röd</mark> <mark>tråd</mark>"

    def test_an_extract_is_the_densest_part_and_begins_at_a_word(self):
        marks = Highlighter({"vatten"})
        far = "ord " * 100 + "vatten och mer vatten " + "ord " * 100
        extract = marks.extract(far)
        assert extract.startswith("… ord ord ")
        assert extract.endswith(" ord …")
        assert extract.count("<mark>vatten</mark>") == 2
        assert len(extract) < 300

    def test_without_a_match_there_is_no_extract(self):
        assert Highlighter({"vatten"}).extract("Eldar") == ""

    def test_one_endless_word_is_cut(self):
        assert len(Highlighter({"x" * 5000}).extract("x" * 5000)) < 300
