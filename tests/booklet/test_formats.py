"""The files of the booklet: what is in them, how they are built, and that any text gets out."""

import csv
import html
import io
import json
import re
import subprocess
import zipfile
from collections import Counter
from dataclasses import replace

import docx
import openpyxl
import pikepdf
import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from proposals.booklet import palette
from proposals.booklet.build import build_booklet
from proposals.booklet.content import BookletProposal, Person
from proposals.booklet.formats import FORMATS, render
from proposals.booklet.formats.word_styles import CONTENTS
from proposals.models import Meeting, Proposal
from tests.booklets import booklet

pytestmark = pytest.mark.any_database

ODD = [
    "emoji 👩‍👩‍👧 ✅ 🇸🇪",
    "中文 日本語",
    "עברית العربية",
    "\x01\x0b\x1b \x85 \u2028 \ufffe",
    "a" * 20_000,
    "https://example.com/" + "a" * 9_000,
    "[länk](https://example.com/" + "x" * 9_000 + ")",
    "# 👩",
    "#",
    "[\u00ad](https://example.com)",
    "\u202eomvänd\u202c \uf0b7 \ue000 \ufdd0",
    "Z̸̧̛̯̻a̷̡͎l̴͓g̶̨o̸",
    '#set text() $x^2$ `raw` @ref <label> \\ /* */ [a] #eval("1") " \\" {',
    "- a\n  - b\n    1. c\n\n       d\n\n7. sju",
]
FORMULAS = ["=1+1", "+46 70", "-x", "@a", "\t=1"]


@pytest.fixture
def the_28(fixture_28):
    return build_booklet(Meeting.objects.get(), Proposal.objects.published())


def pdf_text(content, *options):
    """What pdftotext reads."""
    command = ["pdftotext", *options, "-", "-"]
    text = subprocess.run(command, input=content, capture_output=True, check=True).stdout  # noqa: S603
    return text.decode()


def undivided(text):
    """The text with the words that a line's end divides put together again."""
    return re.sub(r"\u00ad\n\s*", "", text)


def text_of(element):
    """The words of light Markdown or of a page."""
    return re.findall(r"\w+", element)


def article(page):
    """The proposal on a page of the web, from its title to the last contact, without the headings only the web has."""
    article = re.search(r"(?s)<h1>.*?(?=<h2>Liknande|<aside)", page)[0]
    article = re.sub(r"<h2>(Kontakt|Bakgrund)</h2>|<[^>]+>", " ", article)
    return html.unescape(article).replace("\N{WORD JOINER}", "")


# All the files


@pytest.mark.parametrize("count", [1, 3, 4, 40])
def test_every_word_of_the_json_is_on_the_paper(count):
    """However many the contacts are, and however long their titles."""
    title = "utvecklingsledare för hållbar omställning, näringsliv och kompetensförsörjning i hela länet"
    people = tuple(
        Person(f"Anna{n} Exempel{n}", f"{title} {n}", f"anna.exempel{n}@example.com", f"+46 70-123 45 {n:02}")
        for n in range(count)
    )
    item = BookletProposal(1, "Många", "Region Skåne", texts={"background": "Ett ord. " * 900}, contacts=people)
    whole = booklet(item, replace(item, number=2))
    [said, _] = json.loads(render(whole, "json"))["proposals"]
    wanted = [word for person in said["contacts"] for value in person.values() for word in text_of(value)]
    text = undivided(pdf_text(render(whole, "pdf"), "-raw"))
    assert Counter(wanted) - Counter(text_of(re.sub(r"-\n", "-", text))) == Counter()


@pytest.mark.parametrize("ending", ["csv", "json", "pdf", "docx"])
def test_every_file_holds_every_word_of_every_proposal(the_28, ending):
    content = render(the_28, ending)
    if ending == "pdf":
        found = set(text_of(undivided(pdf_text(content, "-raw"))))
    elif ending == "docx":
        document = docx.Document(io.BytesIO(content))
        whole = "\n".join(paragraph.text for paragraph in document.paragraphs)
        links = " ".join(link.address for paragraph in document.paragraphs for link in paragraph.hyperlinks)
        found = set(text_of(whole + links))
    elif ending == "json":
        found = set(text_of(str(json.loads(content)).replace("\\n", " ")))
    else:
        found = set(text_of(content.decode()))
    for proposal in the_28.proposals:
        people = " ".join(f"{one.name} {one.title} {one.email} {one.phone}" for one in proposal.contacts)
        texts = " ".join(text for _, text in proposal.sections)
        if ending == "pdf":
            texts = re.sub(r"\]\(\S+\)", "", texts)  # the address of a link is behind its words
        assert set(text_of(f"{proposal.title} {proposal.sender} {texts} {people}")) <= found, proposal.number


@pytest.mark.parametrize("ending", FORMATS)
def test_any_text_gets_out(ending):
    proposals = [
        BookletProposal(
            number,
            text[:200],
            text,
            texts={
                "background": text,
                "purpose": f"# {text}",
                "expected_result": f"- {text}",
                "target_group_text": text,
            },
            target_groups=(text[:50],),
            contacts=(Person(text, text),),
        )
        for number, text in enumerate(ODD, start=1)
    ]
    assert render(booklet(*proposals, chosen=tuple(ODD)), ending)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example("[a](https://b.se/\u2028)")
@given(st.text(max_size=200))
def test_any_text_is_rendered_as_pdf(text):
    proposal = BookletProposal(
        1,
        text,
        text,
        texts={
            "background": text,
            "purpose": f"# {text}",
            "expected_result": f"*{text}*",
            "target_group_text": f"[{text}](https://a.se)",
        },
        target_groups=(text,),
        contacts=(Person(text),),
    )
    assert pikepdf.open(io.BytesIO(render(booklet(proposal), "pdf"))).Root.MarkInfo.Marked


@pytest.mark.parametrize("ending", FORMATS)
def test_a_selection_without_any_proposal_is_a_file_as_well(ending):
    assert render(booklet(), ending)


@pytest.mark.parametrize("ending", ["pdf", "csv", "json"])
def test_the_same_booklet_is_the_same_bytes(the_28, ending):
    assert render(the_28, ending) == render(the_28, ending)


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_a_working_copy_says_what_each_proposal_is_called_and_where_it_stands(ending):
    proposal = BookletProposal(None, "Grön el", reference="F-7", status="inskickat")
    content = render(booklet(proposal, is_working_copy=True), ending)
    if ending == "xlsx":
        row = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content)).active[2]]
        assert row[0] == "F-7"
        assert row[-1] == "inskickat"
    else:
        assert b"F-7" in content
        assert b"inskickat" in content


# PDF


@pytest.fixture
def pdf(the_28):
    return pikepdf.open(io.BytesIO(render(the_28, "pdf")))


def tags(pdf):
    """(kind, element) of the structure tree, in reading order."""

    def walk(element):
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            yield str(element.S), element
        kids = element.get("/K", []) if isinstance(element, pikepdf.Dictionary) else []
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                yield from walk(kid)

    yield from walk(pdf.Root.StructTreeRoot)


def test_the_pdf_is_tagged_swedish_and_has_a_title(pdf):
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang).lower() == "sv-se"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as about:
        assert about["dc:title"] == "Alla förslag till Reglabs medlemsmöte 18 september 2024"
        assert about["pdfuaid:part"] == "1"
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")


def test_the_pdf_has_a_heading_for_each_proposal_and_no_level_is_passed_over(pdf):
    levels = [int(kind[2:]) for kind, _ in tags(pdf) if re.fullmatch(r"/H[1-6]", kind)]
    assert levels.count(1) == 28 + 1  # and the contents
    assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False))


def test_the_bookmarks_of_the_pdf_are_the_proposals_under_their_own_numbers(the_28):
    chosen = replace(the_28, proposals=tuple(proposal for proposal in the_28.proposals if proposal.number in (7, 24)))
    with (
        pikepdf.open(io.BytesIO(render(chosen, "pdf"))) as pdf,
        pdf.open_outline() as outline,
    ):
        names = [one.title for one in outline.root]
        assert names == [
            "Innehåll",
            "7. Social hållbarhet och demokrati -ett fundament för regional utveckling",
            "24. Geografiska perspektiv i lärprojekt",
        ]
        assert [one.title for one in outline.root[2].children] == [
            "Syfte och mål",
            "Förväntat resultat",
            "Målgrupp",
            "Kontaktpersoner",
        ]


def test_the_links_of_the_pdf_are_described_and_lead_where_they_say(pdf):
    links = [note for page in pdf.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
    assert all(str(link.get("/Contents", "")) for link in links)
    addresses = {str(link.A.URI) for link in links if "/A" in link and "/URI" in link.A}
    assert "https://pub.norden.org/politiknord2023-725/" in addresses
    assert "mailto:peter.hjelm@regionvasterbotten.se" in addresses
    assert "tel:+46-72-888-18-88" in addresses
    inner = [link for link in links if "/Dest" in link or ("/A" in link and link.A.S == "/GoTo")]
    assert len(inner) >= 28  # the contents


@pytest.mark.parametrize("option", ["-raw", "-layout"])
def test_the_pdf_reads_in_the_order_of_the_web_page(the_28, client, option):
    text = pdf_text(render(the_28, "pdf"), option)
    # Without what stands at the head and foot of each page, which no page of the web has
    pages = [page.strip().split("\n")[1:-1] for page in text.split("\f")]
    words = text_of(undivided("\n".join(line for page in pages[2:] for line in page)))
    place = 0
    for proposal in the_28.proposals:
        page = client.get(f"/forslag/2024-09-18/{proposal.number}/").content.decode()
        for word in text_of(article(page)):
            assert word in words[place : place + 6], (proposal.number, word)
            place = words.index(word, place) + 1


def test_a_page_of_the_pdf_says_which_of_how_many_and_which_proposal_it_begins_with(the_28):
    pages = pdf_text(render(the_28, "pdf"), "-raw").split("\f")
    count = len(pages) - 1
    assert "Sida 3 av " + str(count) in pages[2]
    assert pages[2].startswith("1 Barn och Unga\n")
    assert pages[5].startswith("6 Grön omställning som en röd tråd\nSyfte och mål\n")


def test_a_working_copy_says_so_on_every_page_of_the_pdf():
    proposals = [BookletProposal(number, "Grön el", texts={"background": "Text. " * 400}) for number in range(1, 5)]
    pages = pdf_text(render(booklet(*proposals, is_working_copy=True), "pdf")).split("\f")[:-1]
    assert all("ARBETSEXEMPLAR" in page for page in pages)


def test_a_character_that_the_typeface_lacks_costs_only_itself():
    proposal = BookletProposal(1, "Grön 👍 el", texts={"background": "Före 中 efter"})
    text = pdf_text(render(booklet(proposal), "pdf"), "-raw")
    assert "Grön □ el" in text
    assert "Före □ efter" in text


# Word


def test_the_word_file_has_real_headings_and_filled_contents(the_28):
    document = docx.Document(io.BytesIO(render(the_28, "docx")))
    titles = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert titles == [f"{proposal.number}. {proposal.title}" for proposal in the_28.proposals]
    contents = document.element.body.xpath(f".//w:sdt//w:p[w:pPr/w:pStyle/@w:val='{CONTENTS.replace(' ', '')}']")
    shown = ["".join(entry.xpath(".//w:t/text() | .//w:tab/@*")) for entry in contents]
    assert [text.split(".", 1)[1] for text in shown] == [
        f"{one.title} – {one.sender}" if one.sender else one.title for one in the_28.proposals
    ]
    assert [
        anchor for entry in contents for anchor in entry.xpath(".//w:hyperlink/@w:anchor")
    ] == document.element.xpath(".//w:bookmarkStart/@w:name")


def test_the_word_file_is_a4_and_swedish(the_28):
    document = docx.Document(io.BytesIO(render(the_28, "docx")))
    [section] = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert document.styles.element.xpath(".//w:rPrDefault//w:lang/@w:val") == ["sv-SE"]
    assert document.core_properties.title == the_28.title


def test_lists_in_the_word_file_begin_anew():
    proposal = BookletProposal(1, "Grön el", texts={"background": "1. ett\n2. två\n\nMellan\n\n5. fem"})
    document = docx.Document(io.BytesIO(render(booklet(proposal), "docx")))
    keys = [int(key) for key in document.element.xpath(".//w:p//w:numId/@w:val")]
    assert keys[0] == keys[1] != keys[2]
    starts = document.part.numbering_part.element.xpath(f"w:num[@w:numId='{keys[2]}']//w:startOverride/@w:val")
    assert starts == ["5"]


@pytest.mark.writer
def test_writer_opens_the_word_file_and_shows_every_proposal(the_28, tmp_path):
    (tmp_path / "hafte.docx").write_bytes(render(the_28, "docx"))
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, tmp_path / "hafte.docx"], check=True, timeout=120)  # noqa: S603
    text = pdf_text((tmp_path / "hafte.pdf").read_bytes(), "-raw")
    places = [text.rindex(f"\n{proposal.number}. {proposal.title.split()[0]}") for proposal in the_28.proposals]
    assert places == sorted(places)


# Excel, CSV and JSON


def test_the_excel_file_is_a_table_to_sort_and_filter(the_28):
    sheet = openpyxl.load_workbook(io.BytesIO(render(the_28, "xlsx"))).active
    assert sheet.max_row == 29
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == sheet.dimensions
    headings = [cell.value for cell in sheet[1]]
    for proposal, row in zip(the_28.proposals, sheet.iter_rows(min_row=2), strict=True):
        cells = dict(zip(headings, row, strict=True))
        assert cells["Nr"].value == proposal.number
        assert cells["Rubrik"].value == proposal.title
        assert (cells["Avsändare"].value or "") == proposal.sender
        assert (cells["Bakgrund"].value or "") == proposal.texts["background"]
        assert cells["Länk"].hyperlink.target == proposal.address
        assert cells["Kontaktperson"].value.split("\n") == [person.name for person in proposal.contacts]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_text(text):
    proposal = BookletProposal(1, text, texts={"background": text})
    sheet = openpyxl.load_workbook(io.BytesIO(render(booklet(proposal), "xlsx"))).active
    assert (sheet["B2"].value, sheet["B2"].data_type) == (text, "s")
    [_, row] = csv.reader(io.StringIO(render(booklet(proposal), "csv").decode("utf-8-sig")), delimiter=";")
    assert row[1] == row[3] == f"'{text}"


def test_the_csv_file_is_what_swedish_excel_reads(the_28):
    content = render(the_28, "csv")
    assert content.startswith(b"\xef\xbb\xbfNr;Rubrik;")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 29
    assert rows[7][1] == the_28.proposals[6].title


def test_the_json_file_says_which_shape_it_has(the_28):
    whole = json.loads(render(the_28, "json"))
    assert (whole["format"], whole["version"]) == ("reglab-booklet", 1)
    assert whole["meeting"] == {"title": "Reglabs medlemsmöte", "date": "2024-09-18"}
    assert whole["proposals"][25] == {
        "number": 26,
        "title": "Kunskapshöjning beredskap",
        "sender": {"name": "Region Västerbotten", "slug": "region-vasterbotten"},
        "co_senders": [],
        "background": "Vi skickar även med en önskan om kunskapshöjande insatser på temat beredskap.\n\n"
        "Hoppas att någon annan region kan bidra med det under 2025.",
        "purpose": "",
        "expected_result": "",
        "target_groups": [],
        "target_group_text": "",
        "contacts": [
            {"name": "Peter Hjelm", "title": "", "email": "peter.hjelm@regionvasterbotten.se", "phone": ""},
        ],
        "address": "http://testserver/forslag/2024-09-18/26/",
    }


def test_files_have_the_colours_of_the_site():
    sheet = (django_settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    light = sheet[sheet.index(":root {") :]
    said = dict(re.findall(r"--([\w-]+): (#\w+);", light[: light.index("}")]))
    assert {said["ink"], said["ink-2"], said["accent"]} == {
        f"#{color}" for color in (palette.INK, palette.QUIET, palette.ACCENT)
    }


def test_excel_prints_on_pages_of_its_width_with_rows_as_high_as_their_text():
    item = BookletProposal(
        1, "Grön el", texts={"background": "ord " * 100}, contacts=(Person("A", phone="0701234567"),)
    )
    sheet = openpyxl.load_workbook(io.BytesIO(render(booklet(item), "xlsx"))).active
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.row_dimensions[2].height == 7 * 15


def test_excel_shows_a_code_as_the_letters_it_is():
    content = render(booklet(BookletProposal(1, "_x0041_ och _x_")), "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"_x005F_x0041_ och _x_" in b"".join(package.read(name) for name in package.namelist())


def test_a_phone_number_stays_text_in_csv():
    item = BookletProposal(1, "Grön el", contacts=(Person("A", phone="0701234567"),))
    [_, row] = csv.reader(io.StringIO(render(booklet(item), "csv").decode("utf-8-sig")), delimiter=";")
    assert "'0701234567" in row


def test_the_word_file_has_nothing_of_the_template_that_it_begins_from():
    with zipfile.ZipFile(io.BytesIO(render(booklet(BookletProposal(1, "Grön el")), "docx"))) as package:
        assert not any("thumbnail" in name or name == "docProps/app.xml" for name in package.namelist())
        assert package.read("word/styles.xml").count(b'w:type="table"') == 1


def test_an_empty_selection_says_so():
    assert "Inga förslag passar urvalet." in pdf_text(render(booklet(), "pdf"))
