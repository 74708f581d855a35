"""Small Word files that say a lot of one thing: they are read, or refused in a sentence, and nobody waits for long."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from proposals.booklet.formats.word_styles import LIST_ITEM
from proposals.importing import parsing_process
from proposals.models import ImportPreview, Proposal

pytestmark = [pytest.mark.usefixtures("registers"), pytest.mark.any_database]
CHOOSE = "admin:proposals_meeting_intake"
MAIN = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
REFUSAL = "Dokumentet är för stort eller för krångligt uppbyggt för att läsas, så inget är inläst."
LIST = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr>'
MANY_RUNS = "<w:p>" + "<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r>" * 100_000 + "</w:p>"


def paragraph(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def level(depth, start="1"):
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="decimal"/></w:lvl>'


def word(body, styles="", levels="", links=""):
    """The bytes of a Word file with one proposal, and `body` in it."""
    numbering = f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    title = paragraph("1. Grön el. Region Dalarna")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {MAIN}><w:body>{title}{body}</w:body></w:document>")
        package.writestr("word/styles.xml", f"<w:styles {MAIN}>{styles}</w:styles>")
        package.writestr("word/numbering.xml", f"<w:numbering {MAIN}>{numbering}</w:numbering>")
        package.writestr("word/_rels/document.xml.rels", f"<Relationships>{links}</Relationships>")
    return file.getvalue()


def upload(client, content):
    return client.post(reverse(CHOOSE), {"file": SimpleUploadedFile("f.docx", content), "date": "2030-03-12"})


def background(client, content):
    """The text of the one proposal that the page shows after the upload."""
    [row] = client.get(upload(client, content).url).context["plan"].rows
    return row.content.texts["background"]


def test_a_list_with_a_hundred_thousand_levels_is_read(kansli):
    content = word(paragraph("ett", LIST.format(0)) * 2_000, levels="".join(map(level, range(100_000))))
    assert background(kansli, content).startswith("1. ett\n2. ett\n")


def test_a_style_that_is_based_on_itself_four_hundred_thousand_times_is_read(kansli):
    based_on_itself = '<w:basedOn w:val="a"/>' * 400_000
    styles = f'<w:style w:styleId="a">{based_on_itself}</w:style>'
    assert background(kansli, word(paragraph("ett", '<w:pStyle w:val="a"/>') * 2, styles)) == "ett\n\nett"


@pytest.mark.parametrize("number", ["²", "٣", "9" * 5_000, "-1", ""])
def test_a_number_that_is_none_counts_as_not_said(kansli, number):
    indented = f'<w:pStyle w:val="a"/><w:ind w:left="{number}"/>'
    body = paragraph("ett", LIST.format(0)) + paragraph("två", LIST.format(number)) + paragraph("tre", indented)
    styles = f'<w:style w:styleId="a"><w:name w:val="{LIST_ITEM}"/></w:style>'
    assert background(kansli, word(body, styles, level(0, number))) == "1. ett\n2. två\n\n   tre"


def test_lists_in_lists_in_lists_without_an_end_are_read(kansli):
    body = "".join(paragraph(f"rad{depth}", LIST.format(depth)) for depth in range(1_500))
    shown = background(kansli, word(body, levels="".join(map(level, range(1_500)))))
    assert "        1. rad" in shown
    assert "rad1499" in shown


def test_twenty_thousand_paragraphs_in_one_frame_are_read(kansli):
    frame = f"<w:sdt><w:sdtContent>{paragraph('ett') * 5_000}</w:sdtContent></w:sdt>"
    assert background(kansli, word(frame)).count("ett") == 5_000


def test_a_comment_among_the_links_is_passed_over(kansli):
    assert background(kansli, word(paragraph("ett"), links="<!-- a -->")) == "ett"


def test_more_proposals_than_a_meeting_can_have_are_refused(kansli):
    content = word("".join(paragraph(f"{number}. Grön el. Region Dalarna") for number in range(2, 600)))
    assert "Dokumentet har fler än 500 förslag." in upload(kansli, content).content.decode()


@pytest.mark.parametrize("limit", ["MAX_CPU_TIME", "MAX_MEMORY", "TIME_LIMIT"])
def test_a_document_that_takes_too_much_is_refused_on_the_page(kansli, monkeypatch, log, limit):
    monkeypatch.setattr(
        parsing_process, limit, {"MAX_CPU_TIME": 1, "MAX_MEMORY": 150_000_000, "TIME_LIMIT": 0.5}[limit]
    )
    page = upload(kansli, word(MANY_RUNS))
    assert page.status_code == 200
    assert REFUSAL in page.content.decode()
    assert "A document couldn't be read" in log.getvalue()
    assert not ImportPreview.objects.exists()


def test_the_command_refuses_it_with_the_same_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(parsing_process, "MAX_CPU_TIME", 1)
    file = tmp_path / "forslag.docx"
    file.write_bytes(word(MANY_RUNS))
    with pytest.raises(CommandError, match=REFUSAL):
        call_command("import_proposals", file, meeting=date(2030, 3, 12))
    assert not Proposal.objects.exists()
