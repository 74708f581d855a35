"""Texts that nobody writes but to make the site slow; how long they take, `make bench` tells."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from proposals import richtext, workflow
from proposals.history.diff import ADDED, KEPT, REMOVED, line_diff, word_diff
from proposals.models import Change, Mail, Proposal
from proposals.workflow.recording import recorded_change
from tests.hostile_texts import hostile_texts

TEXTS = hostile_texts(5_000)
# Each field with its own, as in the attack that this is about
LINES = {name: f"{name[0]}\n" * 10_000 for name in ("background", "purpose", "expected_result")}


def joined(passages, *kinds):
    return "".join(passage.text for passage in passages if passage.kind in kinds)


def said(blocks):
    """All that the blocks say, a space between any two of them."""
    pieces = ["".join(span.text for span in block.spans) + said(sum(block.items, ())) for block in blocks]
    return " ".join(pieces)


@pytest.mark.any_database
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_page_a_line_and_a_file_say_the_same(text):
    plain = richtext.plain(text)
    assert said(richtext.blocks(text)).split() == plain.split()
    assert plain or not strip_tags(richtext.html(text)).strip()


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "http://a.b/(" * 1_600, "[a](" * 5_000, "**a** " * 3_000, "a\n" * 5_000]
)
def test_what_costs_too_much_to_parse_is_shown_as_it_was_typed(text):
    assert richtext.plain(text) == " ".join(text.split())
    assert "<a" not in richtext.html(text)
    assert "<strong" not in richtext.html(text)


def test_foreign_hosts_in_capitals_and_an_address_in_a_link_that_never_ends_are_shown():
    for text in (f"http://{'XN--a.' * 30}xn--a_", "a.bse.co[http://e://"):
        assert richtext.plain(text) == text


def test_a_long_address_leaves_the_markup_of_a_text_alone():
    assert "<strong>" in richtext.html(f"**Läs** https://example.com/{'a' * 900}")


def test_a_long_list_and_a_text_with_many_links_are_none_of_those():
    rows = "\n".join(f"- punkt {number} om upphandling av gemensamma tjänster" for number in range(400))
    assert richtext.html(rows).count("<li>") == 400
    links = " ".join(f"[rapport {number}](https://example.com/{number})" for number in range(35))
    assert richtext.html(links).count("<a ") == 35


@pytest.mark.any_database
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_passages_of_a_difference_give_back_both_texts(text):
    for new in (f"x{text[1:-1]}y", text[::-1]):
        for diff in (word_diff, line_diff):
            passages = diff(text, new)
            assert joined(passages, KEPT, REMOVED) == text
            assert joined(passages, KEPT, ADDED) == new


def test_an_edit_in_the_middle_of_equal_lines_is_all_that_differs():
    old = "a\n" * 10_000
    passages = word_diff(old, f"{old[:9_000]}b\n{old[9_000:]}")
    assert [(passage.kind, passage.text) for passage in passages if passage.kind != KEPT] == [(ADDED, "b\n")]


@pytest.mark.django_db(transaction=True)
def test_publishing_and_the_history_bear_thirty_thousand_equal_lines(kansli, make_proposal):
    proposal = make_proposal(submitter_email="anna@example.com", **LINES)
    with recorded_change(proposal, Change.SUBMITTED):
        proposal.save()
    for name, text in LINES.items():
        setattr(proposal, name, f"x\n{text[4:-4]}y\n")
    with recorded_change(proposal):
        proposal.save()
    workflow.publish(proposal)
    assert "Syfte och mål" in Mail.objects.get(kind=Mail.Kind.PUBLISHED).body
    page = kansli.get(reverse("admin:proposals_proposal_history", args=[proposal.pk]))
    assert page.status_code == 200
    assert Proposal.objects.get().is_published
