"""Reading a document in at the desk: a preview first, then all or nothing."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proposals.models import Contact, ImportPreview, Mail, Meeting, Proposal, Region, Status
from proposals.workflow import retention
from proposals.workflow.recording import recorded_change
from tests.importing.test_reading import BAD, OTHER_YEAR, SOURCE

CHOOSE = "admin:proposals_meeting_intake"


pytestmark = pytest.mark.usefixtures("registers")


def upload(client, content, date="2030-03-12", name="forslag.txt"):
    return client.post(reverse(CHOOSE), {"file": SimpleUploadedFile(name, content), "date": date})


def shown(page):
    return page.context["plan"].signature


@pytest.fixture
def preview(kansli):
    """The address of a preview of another year's document."""
    return upload(kansli, OTHER_YEAR.read_bytes()).url


def test_the_preview_shows_what_was_understood_and_what_was_not(kansli, preview):
    page = kansli.get(preview).content.decode()
    assert "8 av 8 förslag" in page
    assert "Mötet finns inte än och läggs upp." in page
    assert "<h3>Elektrifierade transporter i hela landet</h3>" in page
    assert "<b>Per af Ekenstam</b>, enhetschef, per.ekenstam@example.com" in page
    assert "Avsändaren ”Länsstyrelsen i Kalmar” finns inte i registret" in page
    assert "<blockquote>Förslag till Reglabs medlemsmöte 12 mars 2025</blockquote>" in page
    assert "Dokumentet nämner 12\N{NO-BREAK SPACE}mars 2025" in page
    assert "”Syfte med lärprojektet” (syfte och mål)" in page


def test_nothing_is_saved_before_somebody_has_said_so(kansli, preview):
    kansli.get(preview)
    assert not Meeting.objects.exists()
    assert not Proposal.objects.exists()


def test_what_is_read_in_waits_as_submitted_and_nobody_gets_a_mail(kansli, preview):
    page = kansli.get(preview)
    response = kansli.post(preview, {"submit": "1", "shown": shown(page)}, follow=True)
    assert "8 förslag är inlästa som inskickade. Ingen har fått något mejl." in response.content.decode()
    assert Proposal.objects.filter(status=Status.SUBMITTED).count() == 8
    assert not Mail.objects.exists()
    assert not Proposal.objects.new().exists()  # the desk doesn't call them unread
    [row] = Proposal.objects.get(title="Innovationsupphandling").history.all()
    assert row.history_user.username == "admin"


def test_what_was_decided_long_ago_is_published_under_the_documents_numbers(kansli):
    preview = upload(kansli, SOURCE.read_bytes(), date="2024-09-18").url
    page = kansli.get(preview)
    assert page.context["plan"].suggests_publishing
    kansli.post(preview, {"publish": "1", "shown": shown(page)})
    assert list(Proposal.objects.published().order_by("number").values_list("number", flat=True)) == list(range(1, 29))
    history = kansli.get(reverse("admin:proposals_proposal_history", args=[Proposal.objects.get(number=4).pk]))
    assert "inläst ur ett dokument" in history.content.decode()
    assert "Rubriker i dokumentet: ”Idé, syfte och mål” (syfte och mål)" in history.content.decode()


def test_what_was_read_in_is_known_again_beside_another_of_the_same_title(kansli, preview):
    kansli.post(preview, {"submit": "1", "shown": shown(kansli.get(preview))})
    read_in = Proposal.objects.get(title="Innovationsupphandling")
    Proposal.objects.create(meeting=read_in.meeting, title=read_in.title, status=Status.SUBMITTED)
    rows = kansli.get(upload(kansli, OTHER_YEAR.read_bytes()).url).context["plan"].rows
    [row] = [row for row in rows if row.content.title == read_in.title]
    assert (row.existing, row.differences) == (read_in, [])


def test_what_is_there_already_is_shown_and_not_read_in_twice(kansli, preview):
    kansli.post(preview, {"submit": "1", "shown": shown(kansli.get(preview))})
    again = upload(kansli, OTHER_YEAR.read_bytes()).url
    page = kansli.get(again)
    assert "0 av 8 förslag" in page.content.decode()
    assert "Säger detsamma." in page.content.decode()
    kansli.post(again, {"submit": "1", "shown": shown(page)})
    assert Proposal.objects.count() == 8


def test_a_proposal_of_the_same_title_at_another_meeting_is_told_of(kansli, preview):
    kansli.post(preview, {"submit": "1", "shown": shown(kansli.get(preview))})
    other = upload(kansli, OTHER_YEAR.read_bytes(), date="2031-03-12").url
    assert (
        "Ett förslag med samma rubrik finns till mötet 12\N{NO-BREAK SPACE}mars 2030"
        in kansli.get(other).content.decode()
    )


def test_what_has_changed_since_the_preview_is_shown_before_anything_is_saved(kansli, preview):
    page = kansli.get(preview)
    meeting = Meeting.objects.create(date="2030-03-12")
    Proposal.objects.create(meeting=meeting, title="Innovationsupphandling", status=Status.SUBMITTED)
    response = kansli.post(preview, {"submit": "1", "shown": shown(page)})
    assert "Något har ändrats sedan du öppnade sidan" in response.content.decode()
    assert Proposal.objects.count() == 1


def test_pressing_twice_reads_in_once(kansli, preview):
    said = {"submit": "1", "shown": shown(kansli.get(preview))}
    kansli.post(preview, said)
    assert kansli.post(preview, said).url == reverse(CHOOSE)
    assert Proposal.objects.count() == 8


def test_a_fault_in_one_proposal_stops_them_all(kansli):
    preview = upload(
        kansli, f"1. Grön el. Region Dalarna\nText.\n\n2. {'Lång ' * 50}. Region Skåne\nText.".encode()
    ).url
    page = kansli.get(preview)
    assert "Rätta det här först" in page.content.decode()
    assert 'name="submit"' not in page.content.decode()
    kansli.post(preview, {"submit": "1", "shown": shown(page)})
    assert not Proposal.objects.exists()


def test_a_preview_is_only_for_the_one_who_chose_the_file(kansli, preview, secretary):
    other = Client()
    other.force_login(secretary)
    assert other.get(preview).url == reverse(CHOOSE)


def test_a_sender_that_left_the_register_meanwhile_is_left_empty(kansli, preview):
    Region.objects.filter(name="Region Gävleborg").delete()
    page = kansli.get(preview)
    kansli.post(preview, {"submit": "1", "shown": shown(page)})
    assert Proposal.objects.get(title="Besöksnäring efter pandemin").region is None


@pytest.mark.parametrize("name", ["pdf", "truncated", "26 MB of text", "zip bomb"])
def test_what_is_no_document_is_refused_on_the_page(kansli, name):
    content, reason = BAD[name]
    page = upload(kansli, content, name="forslag.docx")
    assert page.status_code == 200
    assert reason in page.content.decode()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("date", ["", "igår", "0024-09-18", "3024-09-18", "2024-02-30"])
def test_a_date_that_makes_no_sense_is_refused(kansli, date):
    assert upload(kansli, OTHER_YEAR.read_bytes(), date=date).context["form"].errors["date"]


@pytest.mark.parametrize("query", ["?mote=x", "?mote=99999999999999999999", "?mote="])
def test_nonsense_in_the_address_of_the_page_is_ignored(kansli, query):
    assert kansli.get(reverse(CHOOSE) + query).status_code == 200


def test_markup_in_a_document_is_shown_as_the_characters_it_is(kansli):
    text = "<script>alert(1)</script>\n1. <b>Grön</b> el. Region Dalarna\n<i>Text</i>\nKontakt\n<u>Anna</u> !"
    page = kansli.get(upload(kansli, text.encode()).url).content.decode()
    assert "<script>alert" not in page
    assert "<b>Grön" not in page
    assert "<i>Text" not in page


class TestPreviews:
    def test_nobody_else_sees_it(self, preview, client, secretary):
        client.force_login(secretary)
        assert client.get(preview).url == reverse(CHOOSE)

    def test_it_is_gone_after_three_hours(self, kansli, preview):
        ImportPreview.objects.update(created_at=timezone.now() - timedelta(hours=3))
        assert kansli.get(preview).url == reverse(CHOOSE)
        retention.prune()
        assert not ImportPreview.objects.exists()

    def test_the_last_five_of_each_are_kept(self, kansli):
        previews = [upload(kansli, OTHER_YEAR.read_bytes()).url for _ in range(7)]
        assert [kansli.get(one).status_code for one in previews] == [302] * 2 + [200] * 5


# Correcting in the preview


def entry_page(preview, place):
    return f"{preview}{place}/"


def entries(preview):
    token = preview.rstrip("/").rpartition("/")[2]
    return ImportPreview.objects.get(token=token).reading["entries"]


def typed(page, **changes):
    """What the form of one proposal posts, with these changes."""
    form = page.context["form"]
    data = {field.html_name: field.value() for field in form if field.value() is not None}
    data["senders"] = [region.pk for region in data["senders"]]
    return {**data, "save": "1", **changes}


def test_one_proposal_is_corrected_before_anything_is_saved(kansli, preview):
    skane = Region.objects.get(slug="region-skane")
    page = kansli.get(entry_page(preview, 3))
    assert "Länsstyrelsen i Kalmar" in page.content.decode()
    people = "Strateg Anna Ek, anna@example.com"
    changed = typed(page, title="Vatten", senders=[skane.pk], purpose="Att lära.", people=people)
    shown_again = kansli.post(entry_page(preview, 3), changed, follow=True).content.decode()
    assert "✓ Rättat." in shown_again
    assert not Proposal.objects.exists()
    kansli.post(preview, {"submit": "1", "shown": shown(kansli.get(preview))})
    saved = Proposal.objects.get(title="Vatten")
    assert (saved.region, saved.purpose) == (skane, "Att lära.")
    [contact] = saved.contacts.all()
    assert (contact.name, contact.title, contact.email) == ("Anna Ek", "Strateg", "anna@example.com")
    assert "Rättat vid inläsningen." in saved.history.get().note


def test_a_sender_that_the_register_lacks_is_added_from_the_preview(kansli, preview):
    page = kansli.get(entry_page(preview, 3))
    kansli.post(entry_page(preview, 3), typed(page, new_sender="Länsstyrelsen i Kalmar"))
    kansli.post(preview, {"submit": "1", "shown": shown(kansli.get(preview))})
    assert Proposal.objects.get(title__startswith="Vatten").region.name == "Länsstyrelsen i Kalmar"


@pytest.mark.parametrize("name", ["Ej angiven", "!!!", "Region skåne"])
def test_a_sender_that_the_register_cannot_take_is_told(kansli, preview, name):
    page = kansli.post(entry_page(preview, 3), typed(kansli.get(entry_page(preview, 3)), new_sender=name))
    assert page.context["form"].errors["new_sender"]
    assert not Region.objects.filter(name=name).exists()


def test_what_cannot_be_taken_keeps_what_was_typed(kansli, preview):
    page = kansli.post(entry_page(preview, 3), typed(kansli.get(entry_page(preview, 3)), title="", purpose="Att lära."))
    assert "Skriv en rubrik." in page.content.decode()
    assert "Att lära." in page.content.decode()


def test_a_proposal_that_is_none_belongs_to_the_one_above(kansli, preview):
    kansli.post(entry_page(preview, 1), {"above": "1"})
    titles = [entry["item"]["title"] for entry in entries(preview)]
    assert len(titles) == 7
    assert "Kompetensförsörjning 2.0" in str(entries(preview)[0]["item"]["texts"])


def test_a_paragraph_becomes_a_proposal_of_its_own(kansli, preview):
    kansli.post(entry_page(preview, 0), {"split": "background-1"})
    first, second = entries(preview)[:2]
    assert second["item"]["title"] == "Regionerna har olika roller."
    assert "Regionerna har olika roller." not in first["item"]["texts"]["background"]
    assert second["item"]["texts"]["purpose"] == "Att ta fram en gemensam metod för behovsanalys."


def test_a_proposal_may_be_left_out(kansli, preview):
    kansli.post(entry_page(preview, 0), {"leave": "1"})
    assert len(entries(preview)) == 7


@pytest.mark.parametrize(
    ("where", "found"),
    [("background", "texts"), ("contacts", "contacts"), ("new", "title"), ("left out", None)],
)
def test_what_was_left_over_gets_a_place(kansli, where, found):
    preview = upload(
        kansli, "Hej Anna Ek\n\n1. Vatten. Region Skåne\n\nText.\n\n2. Luft. Region Skåne\n\nText.".encode()
    ).url
    assert "<blockquote>Hej Anna Ek</blockquote>" in kansli.get(preview).content.decode()
    page = kansli.post(preview, {"where": where, "entry": "0", "number": "0"}, follow=True).content.decode()
    assert "<blockquote>Hej Anna Ek</blockquote>" not in page
    if found == "title":
        assert entries(preview)[1]["item"]["title"] == "Hej Anna Ek"
    elif found:
        assert "Anna Ek" in str(entries(preview)[0]["item"][found])


@pytest.mark.parametrize("wrong", [{"where": "x"}, {"number": "99"}, {"entry": "99", "where": "background"}])
def test_an_odd_place_changes_nothing(kansli, preview, wrong):
    before = entries(preview)
    kansli.post(preview, {"where": "background", "entry": "0", "number": "0", **wrong})
    assert entries(preview) == before
    assert kansli.get(entry_page(preview, 99)).status_code == 404


def test_a_preview_of_an_earlier_version_is_gone(kansli, preview):
    found = ImportPreview.objects.get()
    found.reading["entries"][0]["item"]["sender_slug"] = "region-skane"
    found.save()
    assert "Förhandsvisningen är för gammal" in kansli.get(preview, follow=True).content.decode()


class TestUndoing:
    @pytest.fixture
    def read_in(self, kansli, preview):
        kansli.post(preview, {"submit": "1", "shown": shown(kansli.get(preview))})
        return reverse("admin:proposals_meeting_intake_undo")

    def test_what_was_read_in_is_taken_away_as_one(self, kansli, read_in):
        assert "Du läste nyss in 8 förslag." in kansli.get(reverse(CHOOSE)).content.decode()
        page = kansli.post(read_in, follow=True).content.decode()
        assert "8 förslag är borttagna igen." in page
        assert not Proposal.objects.exists()
        assert not Proposal.history.exists()
        assert not Contact.objects.exists()

    def test_not_when_somebody_has_touched_any_of_it(self, kansli, read_in):
        one = Proposal.objects.first()
        with recorded_change(one):
            one.save()
        assert "så inget är borttaget" in kansli.post(read_in, follow=True).content.decode()
        assert Proposal.objects.count() == 8

    def test_only_once(self, kansli, read_in):
        kansli.post(read_in)
        assert "så inget är borttaget" in kansli.post(read_in, follow=True).content.decode()
