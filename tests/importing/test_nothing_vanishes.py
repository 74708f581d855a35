"""Whatever a text is wrapped in, it is read, or told of beside what is read."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml

from proposals.importing.document import read_document
from proposals.importing.lines import UnreadableDocument
from proposals.importing.parsing import KnownNames, parse

NAMES = KnownNames({"Region Skåne": "region-skane"}, ())
SPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "w16se": "http://schemas.microsoft.com/office/word/2015/wordml/symex",
    }.items()
)


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def document_with(content):
    """A Word file of a proposal with a paragraph of that XML in its text."""
    document = docx.Document()
    document.add_paragraph().add_run("1. Ett. Region Skåne").bold = True
    document.element.body.insert(1, parse_xml(f"<w:p {SPACES}>{run('Före. ')}{content}{run(' Efter.')}</w:p>"))
    document.add_paragraph().add_run("2. Två. Region Skåne").bold = True
    return saved(document)


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def read(content):
    return parse(read_document(content, "fil.docx"), NAMES)


def changed(content, change):
    """The package with each part as `change(name, bytes)` gives it: (name, bytes)."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return file.getvalue()


CHOICE = (
    '<mc:AlternateContent><mc:Choice Requires="w16se">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>'
)


@pytest.mark.parametrize(
    "content",
    [
        f'<w:customXml w:uri="x" w:element="y">{run("ordet")}</w:customXml>',
        f'<w:dir w:val="ltr">{run("ordet")}</w:dir>',
        f'<w:bdo w:val="ltr">{run("ordet")}</w:bdo>',
        f'<w:ins w:id="1" w:author="a">{run("ordet")}</w:ins>',
        f"<w:sdt><w:sdtPr/><w:sdtContent>{run('ordet')}</w:sdtContent></w:sdt>",
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('läst')}</w:rt><w:rubyBase>{run('ordet')}</w:rubyBase></w:ruby></w:r>",
        "<m:oMath><m:r><m:t>ordet</m:t></m:r></m:oMath>",
        CHOICE.format(run("ordet"), run("annat")),
        "<w:r>" + CHOICE.format('<w16se:symEx w16se:char="1F600"/>', "<w:t>ordet</w:t>") + "</w:r>",
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="ja"/>'
        '<w:listEntry w:val="ordet"/></w:ddList></w:ffData></w:fldChar></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ],
)
def test_a_word_is_read_whatever_it_is_wrapped_in(content):
    background = read(document_with(content)).entries[0].content.texts["background"]
    assert background.startswith("Före.")
    assert "ordet" in background
    assert background.endswith("Efter.")


def test_the_letters_of_fields_within_fields_are_read():
    parts = [
        *("begin", "<w:instrText> IF </w:instrText>", "begin", "<w:instrText> PAGE </w:instrText>", "separate"),
        *("<w:t>3</w:t>", "end", "<w:instrText> = 3 </w:instrText>", "separate", "<w:t>ordet</w:t>", "end"),
    ]
    runs = "".join(
        f"<w:r>{part}</w:r>" if part.startswith("<") else f'<w:r><w:fldChar w:fldCharType="{part}"/></w:r>'
        for part in parts
    )
    assert read(document_with(runs)).entries[0].content.texts["background"] == "Före. ordet Efter."


@pytest.mark.parametrize(("name", "label"), [("vanish", "Dold text"), ("strike", "Genomstruken text")])
def test_hidden_and_struck_through_text_is_told_and_not_read(name, label):
    reading = read(document_with(run("ordet", f"<w:{name}/>")))
    assert "ordet" not in reading.entries[0].content.texts["background"]
    assert f"{label}: ordet" in reading.unread


def test_hidden_text_beside_an_alternative_is_told():
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ordet</w:t>" + CHOICE.format("", "<w:t>!</w:t>") + "</w:r>"
    reading = read(document_with(hidden))
    assert "ordet" not in reading.entries[0].content.texts["background"]
    assert "Dold text: ordet!" in reading.unread


def test_what_was_deleted_or_moved_away_is_no_text():
    reading = read(document_with(f'<w:moveFrom w:id="1" w:author="a">{run("ordet")}</w:moveFrom>'))
    assert reading.entries[0].content.texts["background"] == "Före.  Efter.".replace("  ", " ")
    assert not any("ordet" in text for text in reading.unread)


def test_what_a_content_control_asks_for_is_no_answer():
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Skriv här')}</w:sdtContent></w:sdt>"
    reading = read(document_with(control))
    assert "Skriv här" not in reading.entries[0].content.texts["background"]
    assert reading.unread == []


def test_headers_and_footers_are_told():
    document = docx.Document()
    document.add_paragraph().add_run("1. Ett. Region Skåne").bold = True
    document.sections[0].header.paragraphs[0].text = "Reglabs kansli"
    document.sections[0].footer.paragraphs[0].text = "Utkast"
    assert read(saved(document)).unread == ["Sidhuvud: Reglabs kansli", "Sidfot: Utkast"]


def test_text_that_no_rule_knows_is_told():
    drawing = (
        '<w:r><w:drawing><a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:r><a:t>Ruta i en figur'
        "</a:t></a:r></a:p></w:drawing></w:r>"
    )
    assert read(document_with(drawing)).unread == ["Annan text i filen: ruta i en figur"]


def test_the_main_part_is_found_by_the_packages_relationships():
    """Word on the web calls it document2.xml."""

    def change(name, content):
        new = name.replace("word/document.xml", "word/document2.xml").replace(
            "_rels/document.xml", "_rels/document2.xml"
        )
        return new, content.replace(b"word/document.xml", b"word/document2.xml")

    assert len(read(changed(document_with(""), change)).entries) == 2


def test_strict_open_xml_is_read():
    spaces = {
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main": b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
    }

    def change(name, content):
        for usual, strict in spaces.items():
            content = content.replace(usual, strict)
        return name, content

    assert read(changed(document_with(""), change)).entries[0].content.sender == "Region Skåne"


def test_an_open_document_is_refused_with_what_to_do():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", "<text/>")
    with pytest.raises(UnreadableDocument, match=r"spara den som Word-dokument \(\.docx\)"):
        read(file.getvalue())
