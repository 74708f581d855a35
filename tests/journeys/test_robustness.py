"""Whatever is sent, the answer is a page or a plain refusal, never a server error."""

import string
from ipaddress import IPv4Address
from itertools import count
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proposals.models import Proposal
from tests.admin.test_admin import take

HOME = reverse("proposal_list")
FORM = reverse("proposal_new")
ALIKE = reverse("proposal_alike")
ADDRESSES = (str(IPv4Address(number)) for number in count(2**31))  # another one each time, so that none is throttled

calmly = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

LIST_NAMES = st.sampled_from(["q", "region", "malgrupp", "mote", "sortera", "sida", "saknas", "q[]", ""])
LIST_VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            *("el", "region-dalarna", "ej-angiven", "chefer", "alla", "2030-05-14", "nummer", "rubrik", "region"),
            *("x", "-1", "999999", "1e9", "٣", "banana", "2030-02-30", "9" * 400, "\x00", "%00", "a" * 10_000),
            *("'", '"', "\\", "%", "_", ".*", "(((", "[a-", "a{99999}", "🐘", "\u202e", "' OR 1=1 --", "{{ 7 }}"),
        ]
    ),
    st.text(alphabet=string.printable, max_size=40),
)
# Bytes that are no UTF-8, and halves of characters, as an address bar can hold them
RAW = st.sampled_from(["%ED%A0%80", "%FF%FE", "%C3%28", "%", "%zz", "%00", "+", "&&", "=", ";", "%F0%9F%90%98"])

FORM_NAMES = [
    *("title", "region", "background", "purpose", "expected_result", "target_groups", "target_group_text"),
    *("submitter_name", "submitter_email", "homepage", "add", "action"),
    *("contacts-TOTAL_FORMS", "contacts-INITIAL_FORMS", "contacts-0-name", "contacts-0-email", "contacts-1-phone"),
]
FORM_VALUES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "draft",
            "submit",
            "9" * 30,
            "",
            "1",
            "2",
            "0",
            "-1",
            "51",
            "anna@example.com",
            "a@b",
            "x" * 20_001,
            "\x00",
            "\r\n",
            "<b>",
        ]
    ),
)


@pytest.fixture
def site(client, make_proposal, dalarna, chefer):
    make_proposal(number=1, region=dalarna, groups=[chefer], people=["Anna Exempel"])
    client.raise_request_exception = False
    return client


@settings(calmly, max_examples=200)
@given(pairs=st.lists(st.tuples(LIST_NAMES, LIST_VALUES), max_size=5), raw=st.lists(RAW, max_size=3))
def test_no_query_string_breaks_the_list(site, pairs, raw):
    query = "&".join([urlencode(pairs, errors="replace"), *(f"q={piece}&region={piece}" for piece in raw)])
    response = site.get(f"{HOME}?{query}")
    assert response.status_code in (200, 400, 404)


@settings(calmly, max_examples=200)
@given(typed=st.dictionaries(st.sampled_from(FORM_NAMES), FORM_VALUES, max_size=12))
def test_no_post_breaks_the_form(site, typed):
    response = site.post(FORM, typed)
    assert response.status_code in (200, 302, 400, 429)
    alike = site.post(ALIKE, typed, REMOTE_ADDR=next(ADDRESSES))
    assert alike.status_code in (200, 400)


@settings(calmly, max_examples=200)
@given(typed=st.dictionaries(st.sampled_from(FORM_NAMES), FORM_VALUES | st.text(), max_size=12))
def test_no_post_breaks_a_draft_and_its_page_can_be_opened_again(site, typed):
    rest = {"action": "draft", "submitter_email": "anna@example.com", "contacts-TOTAL_FORMS": "2"}
    response = site.post(FORM, typed | rest, REMOTE_ADDR=next(ADDRESSES))
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        assert site.get(response.url).status_code == 200
        assert site.post(response.url, typed).status_code in (200, 302, 429)
        assert site.get(response.url).status_code == 200


@settings(calmly, max_examples=200)
@given(
    typed=st.fixed_dictionaries(
        {
            "title": st.text(min_size=1, max_size=60),
            "background": st.text(max_size=400),
            "submitter_name": st.text(max_size=40),
            "contacts-0-name": st.text(max_size=60),
            "contacts-0-phone": st.text(max_size=20),
        }
    )
)
def test_whatever_is_taken_in_can_be_shown_and_published(site, kansli, typed):
    rest = {
        "submitter_email": "anna@example.com",
        "region": "ingen",
        "contacts-TOTAL_FORMS": "1",
        "contacts-INITIAL_FORMS": "0",
    }
    response = site.post(FORM, typed | rest, REMOTE_ADDR=next(ADDRESSES))
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        proposal = Proposal.objects.order_by("pk").last()
        take(kansli, "publish", proposal)
        proposal.refresh_from_db()
        assert site.get(proposal.get_absolute_url()).status_code == 200
