"""The booklet from its address: who gets what, once made and not twice, and what a large one shows meanwhile."""

import html
import io
import json
import subprocess
import time
from datetime import date, timedelta
from zipfile import ZipFile

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from proposals import workflow
from proposals.booklet import render_jobs, views
from proposals.booklet.formats import FORMATS
from proposals.models import BookletFile, Meeting, Proposal, RateLimit, Status
from proposals.models.booklet_file import MOST
from tests.admin.test_admin import take
from tests.booklet.test_formats import pdf_text

PDF = "/moten/2024-09-18/hafte.pdf"
JSON = "/moten/2024-09-18/hafte.json"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(autouse=True)
def nothing_made(db):
    for model in (BookletFile, RateLimit):
        model.objects.all().delete()


def numbers(client, address):
    return [proposal["number"] for proposal in json.loads(client.get(address).content)["proposals"]]


@pytest.mark.parametrize("ending", FORMATS)
def test_every_kind_of_file_has_its_type_and_a_name_that_says_which_meeting(client, fixture_28, ending):
    response = client.get(f"/moten/2024-09-18/hafte.{ending}")
    assert response.status_code == 200
    assert response["Content-Type"] == FORMATS[ending].content_type
    kind = "inline" if ending == "pdf" else "attachment"
    assert response["Content-Disposition"] == f'{kind}; filename="forslag-2024-09-18.{ending}"'


@pytest.mark.parametrize("ending", FORMATS)
def test_the_list_the_selection_and_the_meeting_link_to_every_kind_of_file(client, fixture_28, ending):
    address = f'href="/moten/2024-09-18/hafte.{ending}'
    assert f'{address}"' in client.get("/").content.decode()
    assert f'{address}"' in client.get("/moten/2024-09-18/").content.decode()
    narrowed = client.get("/?region=region-dalarna&sortera=rubrik").content.decode()
    assert f'{address}?region=region-dalarna"' in narrowed
    assert "Ladda ner urvalet" in narrowed


def test_a_list_of_all_meetings_offers_no_booklet(client, fixture_28):
    assert "hafte." not in client.get("/?mote=alla").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", list(range(1, 29))),
        ("?region=region-dalarna", [12, 19]),
        ("?region=region-dalarna&region=region-gotland", [12, 16, 19]),
        ("?region=region-dalarna&sortera=rubrik&sida=2&mote=alla", [12, 19]),
        ("?malgrupp=politiker", [2]),
        ("?q=persondr%C3%B6nare", [19]),
        ("?q=finnsintealls", []),
        ("?region=atlantis", []),
    ],
)
def test_the_filters_of_the_list_narrow_the_booklet_and_numbers_stay(client, fixture_28, query, found):
    assert numbers(client, JSON + query) == found


def test_a_selection_says_what_it_was_chosen_by(client, fixture_28):
    whole = client.get(f"{JSON}?q=el&region=region-dalarna&malgrupp=chefer").json()
    assert whole["title"] == "Urval av förslagen till Reglabs medlemsmöte 18 september 2024"
    assert whole["selection"] == ["Sökord: el", "Avsändare: Region Dalarna", "Målgrupp: Chefer"]


@pytest.mark.parametrize("ending", FORMATS)
def test_a_stranger_finds_nothing_unpublished_and_no_submitter_in_any_file(client, make_proposal, ending):
    make_proposal(1)
    for status in set(Status.values) - {Status.PUBLISHED}:
        make_proposal(title="Hemligt", status=status)
    Proposal.objects.update(submitter_name="Anna Exempel", submitter_email="anna@example.com")
    content = client.get(f"/moten/2030-05-14/hafte.{ending}").content
    if ending == "pdf":
        command = ["pdftotext", "-", "-"]
        content = subprocess.run(command, input=content, capture_output=True, check=True).stdout  # noqa: S603
    elif ending in ("docx", "xlsx"):
        with ZipFile(io.BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    said = html.unescape(content.decode(errors="replace"))
    assert "Grön el" in said
    assert "Hemligt" not in said
    assert "Anna" not in said
    assert "anna@" not in said


def test_a_meeting_without_published_proposals_has_no_booklet(client, make_proposal):
    make_proposal()
    assert client.get("/moten/2030-05-14/hafte.pdf").status_code == 404


@pytest.mark.parametrize("path", ["hafte.exe", "hafte.pdf/", "hafte.", "HAFTE.PDF"])
def test_no_other_kind_of_file_exists(client, fixture_28, path):
    assert client.get(f"/moten/2024-09-18/{path}").status_code == 404


def test_the_booklet_of_a_rescheduled_meeting_is_found_at_its_old_date(client, make_proposal):
    proposal = make_proposal(1)
    workflow.reschedule(proposal.meeting, date(2030, 6, 1))
    assert client.get("/moten/2030-05-14/hafte.pdf").url == "/moten/2030-06-01/hafte.pdf"


@pytest.mark.parametrize(
    "query", ["?q=%00", "?region=" + "x" * 5000, "?mote=banan", "?sida=x&sortera=y", "?q=" + "a" * 9000]
)
def test_nonsense_in_the_address_gives_a_file(client, fixture_28, query):
    assert client.get(JSON + query).status_code == 200


# Made once


def test_an_unchanged_booklet_is_not_sent_twice_to_the_same_reader(client, fixture_28):
    first = client.get(PDF)
    again = client.get(PDF, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_unchanged_booklet_is_made_once(client, fixture_28):
    first = client.get(PDF)
    made = BookletFile.objects.get()
    BookletFile.objects.update(content=b"as it was")
    assert client.get(PDF).content == b"as it was"
    assert client.head(PDF)["ETag"] == first["ETag"]
    assert BookletFile.objects.get() == made


def test_the_order_of_the_list_makes_no_other_booklet(client, fixture_28):
    assert client.head(f"{PDF}?sortera=rubrik")["ETag"] == client.head(PDF)["ETag"]


def test_what_cannot_be_rendered_is_not_tried_again_for_a_while(client, fixture_28, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(render_jobs.sys, "executable", "/bin/false")
        assert client.get(PDF).status_code == 500
    page = client.get(PDF)
    assert page.status_code == 500
    assert "Filen kunde inte göras" in page.content.decode()
    RateLimit.objects.all().delete()
    assert client.get(PDF).status_code == 200


def test_no_more_than_two_hundred_are_kept_and_none_for_more_than_thirty_days(client, fixture_28):
    address = "/moten/2024-09-18/hafte.xlsx"
    file = client.get(address).content
    kept = BookletFile.objects.get()
    assert (kept.content, kept.name) == (file, client.get(address)["ETag"].strip('"'))
    others = [BookletFile(name=f"other {number}", content=b"PK") for number in range(MOST)]
    BookletFile.objects.bulk_create(others)
    BookletFile.objects.filter(name="other 0").update(created_at=timezone.now() - timedelta(days=30, seconds=1))
    client.get(f"{address}?region=region-dalarna")
    names = set(BookletFile.objects.values_list("name", flat=True))
    assert len(names) == MOST == 200
    assert names.isdisjoint({kept.name, "other 0"})


@pytest.mark.parametrize("ending", FORMATS)
def test_every_edit_shows_at_once(client, fixture_28, ending):
    address = f"/moten/2024-09-18/hafte.{ending}"
    first = client.get(address)
    proposal = Proposal.objects.get(number=7)
    contact = proposal.contacts.first()
    contact.phone = "08-123 45 67"
    contact.save()
    second = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]


def test_a_shared_cache_may_keep_the_public_booklet_but_asks_each_time(client, fixture_28):
    response = client.get(PDF)
    assert set(response["Cache-Control"].split(", ")) == {"no-cache", "public"}
    assert not response.cookies


@pytest.mark.django_db(transaction=True)
def test_a_browser_gets_a_page_while_a_large_booklet_is_made_and_then_the_file(client, make_proposal, monkeypatch):
    make_proposal(1)
    monkeypatch.setattr(views, "BROWSER_TIMEOUT", 0)
    address = "/moten/2030-05-14/hafte.pdf"
    page = client.get(address, headers=BROWSER)
    assert page.status_code == 202
    assert page["Content-Type"].startswith("text/html")
    assert "no-store" in page["Cache-Control"]
    assert "Häftet görs i ordning" in page.content.decode()
    assert f'data-wait="{address}"' in page.content.decode()
    while (answer := client.get(address, headers=BROWSER)).status_code == 202:
        time.sleep(0.1)  # until it is there or has failed, however busy the machine
    assert pikepdf.open(io.BytesIO(answer.content)).Root.Lang


@pytest.mark.django_db(transaction=True)
def test_publication_has_the_booklet_rendered_before_anybody_asks(kansli, make_proposal, settings):
    settings.RENDER_BOOKLETS_IN_ADVANCE = True
    proposal = make_proposal()
    take(kansli, "publish", proposal)
    while BookletFile.objects.count() < 3:
        assert not RateLimit.objects.filter(key__endswith=":failed").exists()
        time.sleep(0.1)
    for ending in ("pdf", "docx", "xlsx"):
        assert kansli.get(f"/moten/2030-05-14/hafte.{ending}").status_code == 200
    assert BookletFile.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_no_more_than_two_booklets_are_made_at_once(client, fixture_28, monkeypatch):
    monkeypatch.setattr(views, "BROWSER_TIMEOUT", 0)
    for slug in ("region-dalarna", "region-gotland"):
        assert client.get(f"{PDF}?region={slug}", headers=BROWSER).status_code == 202
    at_work = RateLimit.objects.filter(key__startswith="booklet:processes", count=1).count()
    third = client.get(f"{PDF}?region=region-varmland", headers=BROWSER)
    assert third.status_code == 202
    assert at_work == 2
    # A program waits for its turn
    assert client.get(f"{PDF}?region=region-varmland").status_code == 200


def test_a_client_that_makes_one_new_selection_after_another_is_asked_to_pause(client, fixture_28, monkeypatch):
    monkeypatch.setattr(views, "SELECTIONS_PER_HOUR", 1)
    assert client.get(f"{PDF}?region=region-dalarna").status_code == 200
    refused = client.get(f"{PDF}?region=region-gotland")
    assert refused.status_code == 429
    assert "hämta hela häftet" in refused.content.decode()
    assert client.get(f"{PDF}?region=region-dalarna").status_code == 200
    assert client.get(PDF).status_code == 200


# The working copy


def working_copy(meeting, ending):
    return reverse("admin:proposals_meeting_working_copy", args=[meeting.pk, ending])


@pytest.fixture
def mixed(make_proposal):
    make_proposal(2, title="Publicerat")
    make_proposal(title="Inskickat")
    make_proposal(title="Hos förslagsställaren", status=Status.RETURNED)
    make_proposal(title="Utkast", status=Status.DRAFT)
    make_proposal(title="Återtaget", status=Status.WITHDRAWN)
    return Meeting.objects.get()


def test_the_working_copy_holds_all_that_is_sent_in_and_where_it_stands(kansli, mixed):
    whole = kansli.get(working_copy(mixed, "json")).json()
    assert whole["is_working_copy"]
    assert [(one["number"], one["title"], one["status"]) for one in whole["proposals"]] == [
        (2, "Publicerat", "publicerat"),
        (None, "Inskickat", "inskickat"),
        (None, "Hos förslagsställaren", "komplettering"),
    ]


@pytest.mark.parametrize("ending", FORMATS)
def test_the_working_copy_is_never_kept_by_a_shared_cache(kansli, mixed, ending):
    response = kansli.get(working_copy(mixed, ending))
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    assert f'filename="arbetsexemplar-2030-05-14.{ending}"' in response["Content-Disposition"]


def test_the_working_copy_is_not_for_strangers(client, mixed):
    assert client.get(working_copy(mixed, "pdf")).status_code == 302


def test_the_desk_links_to_the_working_copy(kansli, mixed):
    page = kansli.get(reverse("admin:index")).content.decode()
    assert working_copy(mixed, "pdf") in page
    assert working_copy(mixed, "docx") in page


def test_the_working_copy_of_an_unknown_kind_is_not_found(kansli, mixed):
    assert kansli.get(working_copy(mixed, "exe")).status_code == 404


class TestOneProposal:
    @pytest.mark.parametrize(("ending", "beginning"), [("pdf", b"%PDF"), ("docx", b"PK")])
    def test_a_proposal_is_a_file_of_its_own(self, client, fixture_28, ending, beginning):
        response = client.get(f"/forslag/2024-09-18/7/forslag.{ending}")
        assert response.content.startswith(beginning)
        assert f"forslag-2024-09-18-7.{ending}" in response["Content-Disposition"]

    def test_it_has_neither_cover_nor_contents(self, client, fixture_28):
        content = client.get("/forslag/2024-09-18/26/forslag.pdf").content
        text = pdf_text(content)
        assert text.count("\f") == 1
        assert "Innehåll" not in text
        assert "Kunskapshöjning beredskap" in text

    def test_other_formats_and_proposals_are_not_found(self, client, fixture_28):
        assert client.get("/forslag/2024-09-18/7/forslag.json").status_code == 404
        assert client.get("/forslag/2024-09-18/99/forslag.pdf").status_code == 404

    def test_an_unpublished_one_is_not_found(self, client, make_proposal):
        make_proposal()
        assert client.get("/forslag/2030-05-14/1/forslag.pdf").status_code == 404

    def test_its_page_leads_to_the_files(self, client, fixture_28):
        page = client.get("/forslag/2024-09-18/7/").content.decode()
        assert 'href="/forslag/2024-09-18/7/forslag.pdf"' in page
        assert 'href="/forslag/2024-09-18/7/forslag.docx"' in page
