"""A request is bounded before it is read, so that nobody fills the memory or the disk; what people type is within."""

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from proposals.importing.document import MAX_FILE_SIZE
from proposals.models import Proposal
from proposals.models.proposal import TITLE_LENGTH
from proposals.models.section_texts import TEXT_LENGTH
from proposals.submission.forms import MAX_CONTACTS
from tests.addresses import address, routes

FORM = reverse("proposal_new")
INTAKE = reverse("admin:proposals_meeting_intake")
ENCODED = "application/x-www-form-urlencoded"
MOST = 1_400_000
MAX_DECODED = 500_000
LETTER = "\N{GRINNING FACE}"  # four bytes, and twelve in a form that is sent

pytestmark = pytest.mark.usefixtures("free_slots")


class UnreadableBody:
    """A body that must not be read."""

    def read(self, size=-1):
        raise AssertionError("the body was read")

    readline = read


@pytest.fixture
def visitor(db):
    return Client(raise_request_exception=False)


@pytest.fixture
def no_disk(settings):
    """Nowhere to put a file."""
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"


def post_sized(client, path, length, content_type=ENCODED):
    """The status of a POST with this Content-Length."""
    body = {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": content_type, "wsgi.input": UnreadableBody()}
    return client.generic("POST", path, **body).status_code


def upload(client, path, size, **data):
    return client.post(path, data | {"file": SimpleUploadedFile("text.txt", b"1. Barn och unga\n" + b"x" * size)})


def test_the_longest_proposal_that_may_be_typed_is_taken_in(visitor, typed):
    texts = dict.fromkeys(Proposal.TEXTS, LETTER * TEXT_LENGTH)
    person = {"name": LETTER * 200, "title": LETTER * 300, "phone": LETTER * 50, "email": f"a@{'b' * 60}.example.com"}
    people = {
        f"contacts-{n}-{name}": f"{n} {text}"[: len(text)] for n in range(MAX_CONTACTS) for name, text in person.items()
    }
    people |= {f"contacts-{n}-email": person["email"] for n in range(MAX_CONTACTS)}
    data = typed | texts | people | {"title": LETTER * TITLE_LENGTH, "submitter_name": LETTER * 200}
    data["contacts-TOTAL_FORMS"] = str(MAX_CONTACTS)
    body = urlencode(data)
    assert MOST - 200_000 < len(body) < MOST
    assert visitor.post(FORM, body, content_type=ENCODED)["Location"] == reverse("proposal_receipt")
    proposal = Proposal.objects.get()
    assert [getattr(proposal, name) for name in Proposal.TEXTS] == list(texts.values())
    assert proposal.contacts.count() == MAX_CONTACTS


def test_a_longer_body_is_refused_unread_at_every_address(visitor, things):
    paths = {name: address(route, things, things["proposal"].edit_key) for name, route in routes().items()}
    paths["nowhere"] = "/finns-inte/"
    assert post_sized(visitor, paths.pop("health"), MOST + 1) == 405  # which takes no body at all
    assert {
        name: status for name, path in paths.items() if (status := post_sized(visitor, path, MOST + 1)) != 413
    } == {}
    visitor.force_login(things["user"])
    del paths["admin:proposals_meeting_intake"]
    assert {
        name: status for name, path in paths.items() if (status := post_sized(visitor, path, MOST + 1)) != 413
    } == {}


def test_a_document_to_read_in_may_be_longer_for_staff_alone(visitor, admin_user):
    for content_type in (ENCODED, "multipart/form-data; boundary=x"):
        assert post_sized(visitor, INTAKE, MAX_FILE_SIZE, content_type) == 413
    visitor.force_login(admin_user)
    page = upload(visitor, INTAKE, MAX_FILE_SIZE + 1, date="2030-05-14")
    assert page.status_code == 200
    assert "Filen är större än 25 MB" in page.content.decode()
    assert post_sized(visitor, INTAKE, 2 * MAX_FILE_SIZE) == 413


def test_the_page_says_that_it_was_too_much(visitor):
    page = visitor.post(FORM, {"background": "x" * MOST})
    assert page.status_code == 413
    assert "Det var för mycket på en gång" in page.content.decode()
    assert page["X-Request-ID"] in page.content.decode()


@pytest.mark.usefixtures("no_disk")
def test_no_file_of_a_strangers_reaches_the_disk(visitor, meeting):
    assert upload(visitor, FORM, MAX_DECODED - 10_000).status_code == 200
    assert upload(visitor, INTAKE, MAX_DECODED - 10_000).status_code == 302
    assert upload(visitor, FORM, MAX_DECODED).status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "1e9", "٣", " 7"])
def test_a_length_that_is_no_number_is_refused_and_none_is_no_body(visitor, meeting, length):
    assert post_sized(visitor, FORM, length) == 400
    assert post_sized(visitor, FORM, "") == 200


@pytest.mark.parametrize(
    "body",
    [
        # In few bytes much to show: as many as are read, and nothing but quotes, which take six each
        "&".join(f"{name}={quotes}" for name in Proposal.TEXTS for quotes in ["'" * 130_000]),
        # One field that takes eighty times its bytes while it is read
        f"background={'%F0%9F%98%80' * 26_000}",
    ],
    ids=["much to show", "a long field"],
)
def test_what_would_take_much_memory_is_refused_before_it_is_unpacked(visitor, meeting, body):
    assert len(body) < MOST
    page = visitor.post(FORM, body, content_type=ENCODED)
    assert page.status_code == 413
    assert "Gå tillbaka med webbläsarens bakåtknapp" in page.content.decode()


def test_a_text_that_is_five_times_too_long_comes_back_to_be_cut_down(visitor, typed):
    text = "Vi behöver grön el. " * (5 * TEXT_LENGTH // 20)
    page = visitor.post(FORM, urlencode(typed | {"background": text}), content_type=ENCODED)
    assert "Bakgrunden är för lång: 99\N{NO-BREAK SPACE}999 tecken" in page.content.decode()
    assert text in page.content.decode()


def test_more_files_than_any_form_takes_are_refused(visitor, admin_user):
    visitor.force_login(admin_user)
    files = {f"file-{number}": SimpleUploadedFile("text.txt", b"x") for number in range(11)}
    assert visitor.post(INTAKE, files).status_code == 400


def test_more_fields_than_any_form_has_are_refused(visitor):
    page = visitor.post(FORM, urlencode([("a", "b")] * 501), content_type=ENCODED)
    assert page.status_code == 400
    assert "Vi förstod inte det som skickades" in page.content.decode()
