"""Which proposals are like each other."""

import pytest

from proposals import workflow
from proposals.models import Proposal, Similarity
from proposals.search.similar import NEARLY_THE_SAME, compared_sequences, overlap, sequences, shared_spots, similarity
from proposals.search.text import searchable
from proposals.workflow.recording import recorded_change

# Pairs that anybody who reads the 28 puts together
CLEAR_PAIRS = [(22, 23), (8, 13), (16, 17), (1, 2), (5, 14), (6, 20), (19, 24)]


def number(which):
    return Proposal.objects.get(number=which)


def most_like(which):
    return [proposal.number for proposal in Proposal.objects.published().most_like(number(which), 3)]


@pytest.mark.usefixtures("fixture_28")
class TestThe28:
    @pytest.mark.parametrize(("one", "other"), CLEAR_PAIRS)
    def test_clear_pairs_are_like_each_other(self, one, other):
        assert other in most_like(one)
        assert one in most_like(other)

    def test_none_is_shown_rather_than_one_that_is_about_something_else(self):
        assert most_like(18) == []  # cultural and creative industries
        assert most_like(28) == [27]
        assert most_like(22) == [23, 24, 21]

    def test_only_22_and_23_are_nearly_the_same(self):
        near = Similarity.objects.filter(overlap__gt=NEARLY_THE_SAME).values_list("proposal__number", "other__number")
        assert sorted(near) == [(22, 23), (23, 22)]

    def test_what_is_withdrawn_is_like_nothing(self):
        workflow.withdraw(number(23))
        assert 23 not in most_like(22)
        assert not Proposal.objects.nearly_the_same()

    def test_a_changed_text_is_compared_anew(self, django_capture_on_commit_callbacks):
        proposal = number(23)
        for name in Proposal.TEXTS:
            setattr(proposal, name, "")
        proposal.title = "Något helt annat"
        with django_capture_on_commit_callbacks(execute=True), recorded_change(proposal):
            proposal.save()
        assert not Proposal.objects.nearly_the_same()
        assert 23 not in most_like(22)


def test_among_many_the_nearest_are_found_by_their_rare_words(make_proposal, monkeypatch):
    monkeypatch.setattr("proposals.models.indexed.MOST_COMPARED", 3)
    for place in range(1, 11):
        make_proposal(number=place, title=f"Ämne{place} för regional utveckling", background="")
    twin = make_proposal(number=11, title="Om ämne4", background="")
    Proposal.objects.compare()
    assert Proposal.objects.most_like(twin, 1).get().number == 4


def test_similarity_is_one_for_the_same_text_and_nought_for_nothing_in_common():
    def say(title):
        return searchable({"title": title, "sender": "", "contacts": "", "body": "", "target_group": ""})

    scores = similarity({1: say("Grön el"), 2: say("Grön el"), 3: say("Varm mat")}, [1])
    assert scores == {(1, 2): 1.0, (1, 3): 0.0}


def test_overlap_counts_three_word_sequences():
    def say(body):
        parts = {"title": "", "sender": "", "contacts": "", "body": body, "target_group": ""}
        return compared_sequences(searchable(parts))

    assert overlap(say("a b c d"), say("a b c e")) == 1 / 3
    assert overlap(say(""), say("")) == 0


def test_shared_passages_are_marked_as_one():
    one = "Vi vill lära oss, tillsammans."
    other = sequences("De vill: LÄRA oss tillsammans!")
    assert [one[start:end] for start, end in shared_spots(one, other)] == ["vill lära oss, tillsammans"]
    assert shared_spots("Två ord", sequences("Två ord")) == []
