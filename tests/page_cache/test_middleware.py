"""Public pages are cached whole: for everybody, without a cookie, and never longer than what they say is true."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from proposals import workflow
from proposals.models import (
    Contact,
    ContentVersion,
    Meeting,
    MissedQuery,
    Proposal,
    Region,
    Status,
    Synonym,
    TargetGroup,
)
from proposals.models.content_version import install_triggers
from proposals.page_cache.decorators import cached_page
from proposals.page_cache.middleware import PageCacheMiddleware
from proposals.public.filters import ProposalFilter

PAGES = ["/", "/?region=region-dalarna", "/forslag/2030-05-14/1/", "/moten/", "/moten/2030-05-14/"]
PAGES += ["/moten/2030-05-14/statistik/"]


@pytest.fixture(autouse=True)
def version(db):
    """The triggers, and a name to begin with: a test in real transactions before this one has emptied every table."""
    install_triggers()
    ContentVersion.objects.all().delete()
    ContentVersion.objects.create(pk=1, name="first", changed_at=timezone.now())
    caches["pages"].clear()


@pytest.fixture
def published(make_proposal, dalarna, chefer):
    return make_proposal(1, region=dalarna, groups=[chefer], people=["Bo Exempel"])


def name():
    return ContentVersion.objects.current()[0]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_carries_what_a_cache_needs_and_sets_no_cookie(client, published, path):
    page = client.get(path)
    assert re.fullmatch(r'"[0-9a-f]{32}"', page["ETag"])
    assert parsedate_to_datetime(page["Last-Modified"]) <= timezone.now()
    assert set(page["Cache-Control"].split(", ")) == {"public", "no-cache"}
    assert "Cookie" not in page["Vary"]
    assert not page.cookies


@pytest.mark.parametrize("path", PAGES)
def test_an_unchanged_page_is_not_sent_again(client, published, path):
    first = client.get(path)
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get(path, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
    assert client.head(path)["ETag"] == first["ETag"]


@pytest.mark.parametrize("path", PAGES)
def test_a_cached_page_has_the_headers_of_a_new_one(client, published, path):
    first, again = client.get(path), client.get(path)
    assert again.content == first.content
    assert {**again.headers, "X-Request-ID": ""} == {**first.headers, "X-Request-ID": ""}
    assert "Content-Security-Policy" in again
    assert again["X-Frame-Options"] == "DENY"


def edits(proposal):
    """Everything that an editor can change of what the pages show, by name."""
    meeting, region, group = proposal.meeting, proposal.region, proposal.target_groups.get()
    contact = proposal.contacts.get()
    return {
        "title": lambda: Proposal.objects.filter(pk=proposal.pk).update(title="Blå el"),
        "withdrawn": lambda: workflow.withdraw(proposal),
        "another published": lambda: workflow.publish(
            Proposal.objects.create(meeting=meeting, title="Ny", background="a", status=Status.SUBMITTED)
        ),
        "contact": lambda: Contact.objects.filter(pk=contact.pk).update(phone="08-1"),
        "region": lambda: Region.objects.filter(pk=region.pk).update(name="Region Dalarne"),
        "group": lambda: TargetGroup.objects.filter(pk=group.pk).update(name="Ledare"),
        "meeting": lambda: Meeting.objects.filter(pk=meeting.pk).update(title="Höstmötet"),
        "new meeting": lambda: Meeting.objects.create(date=date(2031, 1, 1)),
        "new date": lambda: workflow.reschedule(meeting, date(2030, 6, 1)),
        "synonym": lambda: Synonym.objects.create(expressions="el, elektricitet"),
        "bulk": lambda: Proposal.objects.bulk_update([_changed(proposal)], ["title"]),
        "deleted": lambda: Proposal.objects.all().delete(),
    }


def _changed(proposal):
    proposal.title = "Grön"
    return proposal


EDITS = [
    *("title", "withdrawn", "another published", "contact", "region", "group", "meeting", "new meeting"),
    *("new date", "synonym", "bulk", "deleted"),
]


@pytest.mark.parametrize("edit", EDITS)
def test_every_edit_gives_the_data_a_new_name(published, edit):
    before = name()
    edits(published)[edit]()
    assert name() != before


@pytest.mark.parametrize("path", ["/", "/forslag/2030-05-14/1/", "/moten/2030-05-14/"])
def test_an_edit_shows_at_once(client, published, path):
    first = client.get(path)
    Proposal.objects.filter(pk=published.pk).update(title="Blå el")
    second = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert "Blå el" in second.content.decode()
    assert second["ETag"] != first["ETag"]


def test_what_was_removed_is_not_in_memory_either(client, published):
    def is_in_memory():
        return any(b"Bo Exempel" in page for page in caches["pages"]._cache.values())

    client.get("/forslag/2030-05-14/1/")
    assert is_in_memory()
    Contact.objects.update(name="Eva Exempel")
    client.get("/")
    assert not is_in_memory()


def test_what_nobody_may_see_yet_renames_nothing(client, published, typed):
    before = name()
    client.post("/forslag/nytt/", {**typed, "title": "Hemligt"})
    assert Proposal.objects.filter(title="Hemligt").exists()
    Proposal.objects.filter(title="Hemligt").update(background="Ändrat")
    assert name() == before


def test_a_list_is_the_same_for_the_secretariat_and_for_strangers(client, published, kansli, django_assert_num_queries):
    page = client.get("/").content
    with django_assert_num_queries(1):
        assert kansli.get("/").content == page


def test_the_secretariat_gets_pages_of_its_own_and_leaves_none_behind(client, published, kansli):
    own = kansli.get("/forslag/2030-05-14/1/")
    assert "Redigera" in own.content.decode()
    assert "ETag" not in own
    assert "Redigera" not in client.get("/forslag/2030-05-14/1/").content.decode()
    assert "Redigera" in kansli.get("/forslag/2030-05-14/1/").content.decode()


def test_a_page_leads_back_to_the_list_that_the_reader_came_from(client, published):
    path = "/forslag/2030-05-14/1/"
    assert "Tillbaka till listan" not in client.get(path).content.decode()
    narrowed = {"Referer": "http://testserver/?region=region-dalarna"}
    assert 'href="/?region=region-dalarna"' in client.get(path, headers=narrowed).content.decode()
    assert "Tillbaka till listan" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    "referer", ["https://testserver/?region=region-dalarna", "//testserver/?region=region-dalarna"]
)
def test_no_other_reader_is_led_back_to_somebodys_list(client, published, referer):
    path = "/forslag/2030-05-14/1/"
    client.get(path, headers={"Referer": referer})
    assert "Tillbaka till listan" not in client.get(path).content.decode()


@pytest.mark.parametrize(("odd", "plain"), [("/?q=el&q=", "/?q=el"), ("/?sida=2&sida=", "/?sida=2")])
def test_an_address_that_asks_twice_leaves_nothing_behind_for_those_that_ask_once(client, published, odd, plain):
    made = client.get(plain).content
    caches["pages"].clear()
    client.get(odd)
    assert client.get(plain).content == made


def test_the_list_asks_to_read_before_the_meeting_and_no_longer(client, published, monkeypatch):
    midnight = timezone.make_aware(datetime(2030, 5, 15))
    asked = []
    for seconds in (-1, 0):
        moment = midnight.timestamp() + seconds
        monkeypatch.setattr("time.time", lambda: moment)  # noqa: B023 (asked before it changes)
        monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromtimestamp(moment, UTC))  # noqa: B023
        asked.append("Läs det här inför mötet." in client.get("/").content.decode())
    assert asked == [True, False]


def test_the_same_page_packed_twice_has_one_name(client, published):
    names = []
    for _ in range(2):
        caches["pages"].clear()
        names.append(client.get("/", headers={"Accept-Encoding": "gzip"})["ETag"])
    assert names[0] == names[1] == f"W/{client.get('/')['ETag']}"
    assert client.get("/", headers={"Accept-Encoding": "gzip", "If-None-Match": names[0]}).status_code == 304


def test_packed_and_unpacked_pages_are_cached_apart(client, published):
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/")
    assert client.get("/", headers={"Accept-Encoding": "gzip"}).content == packed.content


@pytest.mark.parametrize(
    "path", ["/forslag/nytt/", "/forslag/andra/", "/admin/login/", "/finns-inte/", "/moten/2019-01-01/"]
)
def test_a_form_and_a_fault_are_never_cached(client, published, path):
    assert "public" not in client.get(path).get("Cache-Control", "")


def test_a_search_that_finds_nothing_is_counted_each_time(client, published):
    for _ in range(3):  # the first search indexes the proposals, and with that changes the content version
        client.get("/?q=elmoped")
    assert MissedQuery.objects.get().count == 3


def test_an_answer_that_sets_a_cookie_is_not_cached(rf, db):
    @cached_page()
    def view(request):
        response = HttpResponse("hello")
        response.set_cookie("whose", request.GET["whose"])
        return response

    def get_response(request):
        request.resolver_match = resolve("/")
        return view(request)

    for _ in range(2):
        response = PageCacheMiddleware(get_response)(rf.get("/?whose=mine"))
        assert response.cookies["whose"].value == "mine"
        assert "public" not in response.get("Cache-Control", "")


@pytest.mark.parametrize(("path", "seconds"), [("/moten/", 60), ("/moten/2030-05-14/", 60), ("/", 60)])
def test_no_page_outlives_what_it_tells_of_the_time(
    client, published, monkeypatch, django_assert_num_queries, path, seconds
):
    end = timezone.make_aware(datetime(2030, 5, 1)).timestamp()
    monkeypatch.setattr("time.time", lambda: end - 1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromtimestamp(end - 1, UTC))
    client.get(path)
    with django_assert_num_queries(1):
        client.get(path)
    monkeypatch.setattr("time.time", lambda: end)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromtimestamp(end, UTC))
    made_anew = client.get(path)
    assert parsedate_to_datetime(made_anew["Last-Modified"]).timestamp() == end
    with django_assert_num_queries(1):
        client.get(path)
    monkeypatch.setattr("time.time", lambda: end + seconds - 1)
    with django_assert_num_queries(1):
        client.get(path)


@pytest.mark.parametrize(
    "spelled", ["/?q=&region=region-dalarna", "/?region=region-dalarna&fbclid=x", "/?sida=&region=region-dalarna"]
)
def test_a_list_is_drawn_once_however_its_address_is_spelled(client, published, django_assert_num_queries, spelled):
    plain = client.get("/?region=region-dalarna").content
    with django_assert_num_queries(1):
        assert client.get(spelled).content == plain


def test_what_is_wrong_in_an_address_is_told_of_on_that_page_alone(client, published):
    assert "banan" in client.get("/?mote=banan").content.decode()
    assert "päron" in client.get("/?mote=päron").content.decode()
    assert "finns inte" not in client.get("/").content.decode()


def test_an_edit_of_one_proposal_leaves_the_others_in_the_list_as_they_were(client, published, make_proposal):
    client.get("/")
    make_proposal(2, title="Blå el")
    Proposal.objects.filter(pk=published.pk).update(title="Gul el")
    page = client.get("/").content.decode()
    assert page.count('<li class="proposal">') == 2
    assert "Blå el" in page
    assert "Gul el" in page
    assert "Grön el" not in page


@pytest.mark.parametrize(
    ("first", "second", "slug", "count"),
    [
        ("/?malgrupp=chefer", "/?q=el", "region-dalarna", 2),
        ("/?q=vatten", "/?q=el", "region-dalarna", 2),
        ("/?malgrupp=chefer", "/", "region-dalarna", 2),
        ("/?region=region-dalarna", "/?region=region-skane", "chefer", 1),
        ("/?mote=2029-01-10", "/", "chefer", 2),
    ],
)
def test_one_list_never_shows_the_counts_of_another(client, make_proposal, dalarna, chefer, first, second, slug, count):
    skane = Region.objects.create(name="Region Skåne", slug="region-skane", county_code="12")
    older = Meeting.objects.create(date=date(2029, 1, 10))
    make_proposal(1, region=dalarna, groups=[chefer])
    make_proposal(2, region=dalarna)
    make_proposal(3, region=skane, groups=[chefer])
    make_proposal(1, title="Vatten", background="Vatten.", region=dalarna, groups=[chefer], meeting=older)
    client.get(first)
    page = client.get(second).content.decode()
    assert int(re.search(rf'value="{slug}".*?class="n">(\d+)<', page, re.DOTALL)[1]) == count


def test_counts_are_not_shared_with_who_may_see_more(rf, make_proposal, dalarna):
    make_proposal(1, region=dalarna)
    make_proposal(title="Hemligt", region=dalarna)
    request = rf.get("/")
    request.content_version = name()
    totals = []
    for proposals in (Proposal.objects.all(), Proposal.objects.published()):
        [meeting] = ProposalFilter(request.GET, proposals, request=request).meetings
        totals.append(meeting.total)
    assert totals == [2, 1]


def test_an_address_longer_than_any_of_ours_is_not_cached(client, published):
    assert "ETag" in client.get(f"/?x={'x' * 1900}")
    assert "ETag" not in client.get(f"/?x={'x' * 2000}")


def test_another_host_name_gets_no_page_of_ours(client, published):
    client.get("/")
    assert client.get("/", headers={"Host": "example.org"}).status_code == 400


def test_without_a_name_pages_are_made_anew(client, published):
    ContentVersion.objects.all().delete()
    assert "ETag" not in client.get("/")


def test_the_desk_sees_its_edits_on_the_public_pages(published, kansli):
    stranger = Client()
    stranger.get("/forslag/2030-05-14/1/")
    address = reverse("admin:proposals_proposal_change", args=[published.pk])
    form = kansli.get(address).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None}
    data |= {"title": "Rättad", "meeting": published.meeting_id, "region": published.region_id, "target_groups": []}
    data |= {"contact_rows-TOTAL_FORMS": "0", "contact_rows-INITIAL_FORMS": "0"}
    assert kansli.post(address, data).status_code == 302
    assert "Rättad" in stranger.get("/forslag/2030-05-14/1/").content.decode()
