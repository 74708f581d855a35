"""Reading documents: the real one, our own Word file, those typed by hand, and what is no document at all."""

import io
import re
import subprocess
import sys
import zipfile
from datetime import date
from itertools import pairwise

import docx
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import assume, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from proposals import richtext
from proposals.booklet.build import build_booklet
from proposals.booklet.content import BookletProposal, Person
from proposals.booklet.formats import render
from proposals.importing.contacts import parse_contacts
from proposals.importing.document import read_document
from proposals.importing.headings import CONTACT, parse_heading
from proposals.importing.lines import UnreadableDocument, plain_line
from proposals.importing.markdown import to_markdown
from proposals.importing.parsing import KnownNames, parse
from proposals.importing.plan import known_names
from proposals.importing.senders import Senders
from proposals.models import Contact, Mail, Meeting, Proposal, ProposalContact, Status
from tests.booklets import booklet
from tests.word_by_hand import LOOKS, word_by_hand

pytestmark = pytest.mark.any_database

SOURCE = settings.BASE_DIR / "fixtures" / "source" / "forslag-2024-09-18.txt"
OTHER_YEAR = settings.BASE_DIR / "tests" / "documents" / "2025-03-12.txt"
TEXTS = ("background", "purpose", "expected_result", "target_group_text")
FIELDS = ("title", "sender", *TEXTS)
# Where a paragraph ends in the fixture and the source shows nothing of it: the line is full
UNSEEN_PARAGRAPHS = {(11, "purpose"), (19, "background")}
REGIONS = [
    *("Region Skåne", "Region Jönköpings län", "Region Västernorrland", "Region Uppsala", "Region Värmland"),
    *(
        "Region Dalarna",
        "Region Gävleborg",
        "Västra Götalandsregionen",
        "Region Örebro län",
        "Region Jämtland Härjedalen",
    ),
    *("Tillväxtverket", "Region Sörmland", "Region Västmanland"),
]
KNOWN_NAMES = KnownNames(
    {name: name.lower().replace(" ", "-") for name in REGIONS}, ("Chefer", "Strateger", "Kommuner")
)


def read_bytes(content, name="dokument", names=KNOWN_NAMES):
    return parse(read_document(content, name), names)


def field_value(item, field):
    return item.texts[field] if field in TEXTS else getattr(item, field)


def people(item):
    return [(one.name, one.title, one.email, one.phone) for one in item.contacts]


@pytest.fixture
def fixture_items(fixture_28):
    """What the fixture says, by number."""
    return {item.number: item for item in build_booklet(Meeting.objects.get(), Proposal.objects.all()).proposals}


# The real document


def test_the_source_document_is_read_as_the_fixture(fixture_items):
    reading = read_bytes(SOURCE.read_bytes(), names=known_names())
    assert [entry.content.number for entry in reading.entries] == list(range(1, 29))
    for entry in reading.entries:
        wanted = fixture_items[entry.content.number]
        for name in FIELDS:
            said, should = field_value(entry.content, name), field_value(wanted, name)
            if (wanted.number, name) in UNSEEN_PARAGRAPHS:
                said, should = said.split(), should.split()
            assert said == should, (wanted.number, name)
        assert people(entry.content) == people(wanted)
    assert sum(len(entry.content.contacts) for entry in reading.entries) == 34
    assert {entry.content.number for entry in reading.entries if not entry.content.sender} == {11, 14, 15, 17, 28}


def test_what_the_source_document_says_beside_the_proposals_is_shown(fixture_28):
    reading = read_bytes(SOURCE.read_bytes(), names=known_names())
    assert reading.unread == ["Alla förslag till Reglabs medlemsmöte 18 september 2024"]
    assert reading.skipped == ["1"]
    assert reading.dates == [date(2024, 9, 18)]
    assert not any(entry.unplaced for entry in reading.entries)
    assert [note.split()[1] for note in reading.notes] == [
        "https://www.norden.org/sv/news/ny-rapport-tar-pulsen-pa-kommuners-hallbarhetsarbete",
        "https://pub.norden.org/politiknord2023-725/",
    ]


def test_what_is_read_off_or_guessed_is_told(fixture_28):
    entries = {entry.content.number: entry for entry in read_bytes(SOURCE.read_bytes(), names=known_names()).entries}
    assert entries[26].warnings == ["Namnet Peter Hjelm är läst ur adressen peter.hjelm@regionvasterbotten.se."]
    assert entries[4].headings == ["”Idé, syfte och mål” (syfte och mål)"]
    assert entries[1].headings == []


# Our own Word file


def everything():
    """All that a booklet says of the published proposals, without what only the database tells."""
    meeting = Meeting.objects.get()
    items = build_booklet(meeting, Proposal.objects.published()).proposals
    return meeting.date, list(items)


def test_word_out_and_in_again_gives_the_same_database(fixture_28, tmp_path):
    before = everything()
    file = tmp_path / "hafte.docx"
    file.write_bytes(render(build_booklet(Meeting.objects.get(), Proposal.objects.published()), "docx"))
    Proposal.objects.all().delete()
    Contact.objects.all().delete()
    Meeting.objects.all().delete()
    call_command("import_proposals", file, meeting=date(2024, 9, 18), verbosity=0, stdout=io.StringIO())
    assert everything() == before
    assert ProposalContact.objects.count() == 34
    assert Contact.objects.count() == 28


PIECES = [
    *("Ett stycke.", "Med **fett** och *kursivt*.", "En [länk](https://example.com/a) och anna@example.com"),
    *("- ett\n- två", "1. ett\n2. två", "- a\n  - b\n- c", "- a\n\n  mer", "• inte en lista", "4\\. Inte en lista"),
    *("### Rubrik", "### Syfte", "# * _", "Syfte", "Kontakt:", "Mål: allt", "3. Ett förslag. Region Dalarna"),
    "Rad ett\nrad två",
]


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=5, unique=True))
def test_any_text_of_ours_comes_back_from_word_as_it_was(pieces):
    text = "\n\n".join(pieces)
    item = BookletProposal(
        3,
        "Grön el",
        texts=dict.fromkeys(["background", "purpose", "target_group_text"], text),
        contacts=(Person("Kansliet, och", "a/b"),),
    )
    [entry] = read_bytes(render(booklet(item), "docx")).entries
    for name in ("background", "purpose", "target_group_text"):
        assert richtext.blocks(entry.content.texts[name]) == richtext.blocks(text)
    assert entry.content.contacts == item.contacts


@hypothesis_settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab1 .*_[]()#-+\n:/é>@", max_size=30))
def test_blocks_are_written_so_that_they_are_read_as_the_same(text):
    blocks = richtext.blocks(text)
    # Two lists in a row, told apart by their bullets alone, become one
    assume(not any(one.items and one.kind == other.kind for one, other in pairwise(blocks)))
    assert richtext.blocks(to_markdown(blocks)) == blocks


# Other documents


@pytest.mark.parametrize("look", ["text", *LOOKS])
def test_another_years_document_is_understood_however_it_is_typed(look):
    text = OTHER_YEAR.read_text()
    content = text.encode() if look == "text" else word_by_hand(text, look)
    entries = read_bytes(content).entries
    assert [(one.content.number, one.content.title, one.content.sender) for one in entries] == [
        (1, "Elektrifierade transporter i hela landet", "Region Skåne"),
        (2, "Kompetensförsörjning 2.0 – vad gör AI med jobben?", "Region Jönköpings län"),
        (3, "Landsbygdens mötesplatser", "Region Västernorrland"),
        (4, "Vattenresurser i ett förändrat klimat", ""),
        (5, "Innovationsupphandling", "Region Uppsala"),
        (6, "Jämställd regional tillväxt - nästa steg", "Region Värmland och Region Dalarna"),
        (7, "Besöksnäring efter pandemin", "Region Gävleborg"),
        (8, "Data som strategisk resurs", ""),
    ]
    items = {entry.content.number: entry.content for entry in entries}
    assert items[1].texts["background"] == (
        "Elektrifieringen går fort men ojämnt. Hur planerar vi laddinfrastruktur i glesbygd?\n\n"
        "Regionerna har olika roller.\n\n### Vi vill lära av varandra:\n\n"
        "1. Hur kartlägger vi behovet?\n2. Vem betalar?\n3. Vilka data finns?"
    )
    assert items[1].texts["purpose"] == "Att ta fram en gemensam metod för behovsanalys."
    assert items[1].texts["expected_result"] == "En vägledning som alla regioner kan använda."
    assert items[1].texts["target_group_text"] == "Strateger och planerare inom infrastruktur."
    assert items[1].target_groups == ("Strateger",)
    assert items[2].texts["background"] == "AI förändrar arbetslivet. Se https://www.example.com/ai-rapport."
    assert items[3].texts["purpose"] == "Stärka mötesplatserna."
    assert items[5].texts["expected_result"] == "Fler innovationsupphandlingar."
    assert {number: people(item) for number, item in items.items()} == {
        1: [
            ("Anna-Karin Öberg", "infrastrukturstrateg", "anna-karin.oberg@example.com", "070-123 45 67"),
            ("Per af Ekenstam", "enhetschef", "per.ekenstam@example.com", ""),
        ],
        2: [("Lisa Nilsson", "Region Jönköpings län", "lisa.nilsson@example.com", "")],
        3: [("Karl Berg", "", "", ""), ("Mia Sund", "", "", "060-12 34 56")],
        4: [("Eva Lind", "Hållbarhetsstrateg", "eva.lind@example.com", "")],
        5: [("Olle Ek", "", "olle.ek@example.com", "")],
        6: [("Sara Holm", "Utvecklingsledare", "sara.holm@example.com", "054-70 10 00")],
        7: [("Nils Öst", "utredare Analys och statistik", "", ""), ("Ulla Vik", "enhetschef", "", "")],
        8: [("Tomas Brandt", "analytiker", "", "")],
    }


def test_what_is_not_sure_in_another_years_document_is_told():
    entries = {entry.content.number: entry for entry in read_bytes(OTHER_YEAR.read_bytes()).entries}
    assert entries[3].warnings == [
        "Avsändaren ”Region Västernorland” togs som Region Västernorrland.",
        "Rubriken ”Målgrup” togs som Målgrupp.",
    ]
    assert entries[4].warnings[0] == (
        "Avsändaren ”Länsstyrelsen i Kalmar” finns inte i registret, så avsändaren lämnas tom."
    )
    assert entries[8].warnings == ["Ingen avsändare hittades, så avsändaren lämnas tom."]


def all_words(text):
    return set(re.findall(r"\w+", text))


@pytest.mark.parametrize("look", ["text", *LOOKS])
def test_every_word_of_a_document_is_read_or_shown(look):
    text = OTHER_YEAR.read_text()
    reading = read_bytes(text.encode() if look == "text" else word_by_hand(text, look))
    shown = [*reading.unread, *reading.skipped, *reading.notes]
    for entry in reading.entries:
        shown += [entry.content.heading, entry.content.sender, *(text for _, text in entry.content.sections)]
        shown += [word for one in people(entry.content) for word in one]
        shown += [*entry.warnings, *entry.unplaced, *entry.headings]
    ours = {
        "Syfte",
        "Mål",
        "Förväntat",
        "Målgrupp",
        "Målgrupper",
        "Kontaktperson",
        "Kontaktpersoner",
        "Bakgrund",
        "Tel",
    }
    ours |= {"Namn", "Titel", "E", "post", "Telefon", "resultat"}
    document = text.split("\n", 1)[1] if look != "text" else text
    assert all_words(document) - all_words(" ".join(shown)) <= ours | {str(number) for number in range(1, 9)}


def test_what_a_contact_section_says_beside_persons_is_shown():
    wish = "Hör gärna av er om ni vill vara med och forma detta!"
    [entry] = read_bytes(f"1. Grön el. Region Dalarna\nText.\nKontaktperson\nAnna Ek\n{wish}".encode()).entries
    assert people(entry.content) == [("Anna Ek", "", "", "")]
    assert entry.unplaced == [wish]


def test_text_before_the_first_proposal_and_gaps_in_the_numbers_are_shown():
    reading = read_bytes("Hej alla!\n\n3. Grön el. Region Dalarna\nText.\n\n5. Blå el. Region Skåne\nText.".encode())
    assert reading.unread == ["Hej alla!"]
    assert reading.notes == ["I nummerföljden saknas 4."]


def test_a_numbered_list_in_a_text_is_no_proposal():
    text = """1. Grön el. Region Dalarna
Vi vill:
1. mäta
2. räkna
3. väga
Syfte
Lära.
Kontakt
Anna Ek
2. Blå el. Region Skåne
Text."""
    entries = read_bytes(text.encode()).entries
    assert [entry.content.title for entry in entries] == ["Grön el", "Blå el"]
    assert entries[0].content.texts["background"].endswith("1. mäta\n2. räkna\n3. väga")


def test_notes_pictures_and_deleted_text_in_a_word_file_are_told():
    document = docx.Document()
    document.add_paragraph("1. Grön el. Region Dalarna")
    paragraph = document.add_paragraph("Vi behöver el. ")
    for tag, text in (("del", "<w:delText>struket</w:delText>"), ("ins", "<w:t>tillagt</w:t>")):
        names = docx.oxml.ns.nsdecls("w")
        paragraph._p.append(docx.oxml.parse_xml(f'<w:{tag} {names} w:id="1"><w:r>{text}</w:r></w:{tag}>'))
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0).text = "I en tabell"
    document.add_picture(io.BytesIO((settings.BASE_DIR / "static" / "preview.png").read_bytes()))
    file = io.BytesIO()
    document.save(file)
    reading = read_bytes(file.getvalue())
    assert reading.entries[0].content.texts["background"] == "Vi behöver el. tillagt\n\nI en tabell"
    assert reading.skipped == ["Struken text: struket"]
    assert reading.unread == ["1 bilder"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_text_file_is_read_in_any_common_encoding(encoding, line_end):
    text = line_end.join(["1. Grön el. Region Dalarna", "Åäö.", "Målgrupp", "Chefer"])
    [entry] = read_bytes(text.encode(encoding)).entries
    assert (entry.content.title, entry.content.sender, entry.content.texts["background"]) == (
        "Grön el",
        "Region Dalarna",
        "Åäö.",
    )


WRITABLE = st.characters(exclude_characters="\0", exclude_categories=["Cs"])


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(OTHER_YEAR.read_text().splitlines()) | st.text(WRITABLE, max_size=60), max_size=40))
@example(["Kontakt: Lisa Nilsson", ";"])
def test_any_text_is_read_without_a_fault(rows):
    assert read_bytes("\n".join(["1. Grön el. Region Dalarna", *rows]).encode("utf-8", "replace")) is not None


@pytest.mark.parametrize(
    ("text", "section", "rest"),
    [
        ("Syfte och mål", "purpose", ""),
        ("Syfte och övergripande mål:", "purpose", ""),
        ("Idé, syfte och mål", "purpose", ""),
        ("Mål/syfte", "purpose", ""),
        ("Syfte: att lära", "purpose", "att lära"),
        ("Förväntade resultat", "expected_result", ""),
        ("Förväntat resulat", "expected_result", ""),
        ("Målgrupper:", "target_group_text", ""),
        ("Tilltänkt målgrupp", "target_group_text", ""),
        ("Kontaktuppgifter", CONTACT, ""),
        ("Bakgrund och behov", "background", ""),
    ],
)
def test_headings_are_known_in_their_many_spellings(text, section, rest):
    heading = parse_heading(text)
    assert (heading.section, heading.rest) == (section, rest)


@pytest.mark.parametrize(
    "text",
    [
        "Syftet är att lära av varandra.",
        "mål och syfte",
        "Målgruppen är bred och består av många olika yrken i hela landet",
        "Resultatet av detta: vi lär oss",
        "Vi har ett mål: att lära",
        "Kontakta oss gärna",
    ],
)
def test_a_sentence_is_no_heading(text):
    assert parse_heading(text) is None


@pytest.mark.parametrize(
    ("text", "title", "sender"),
    [
        ("Barn och unga. Region Örebro län", "Barn och unga", "Region Örebro län"),
        ("Finns det? Region Västmanland", "Finns det?", "Region Västmanland"),
        ("Grön el – Västra Götaland", "Grön el", "Västra Götalandsregionen"),
        ("Grön el, VGR", "Grön el", "Västra Götalandsregionen"),
        ("Grön el (Region Jämtland-Härjedalen)", "Grön el", "Region Jämtland Härjedalen"),
        ("Grön el. Region Södermanland", "Grön el", "Region Sörmland"),
        ("Grön el. Tillväxtverket.", "Grön el", "Tillväxtverket"),
        ("Grön el Region Skåne", "Grön el", "Region Skåne"),
        ("Lärdomar från Region Skåne", "Lärdomar från Region Skåne", ""),
        ("Digitalisering", "Digitalisering", ""),
        ("AI. Möjligheter och risker", "AI. Möjligheter och risker", ""),
    ],
)
def test_the_sender_is_found_at_the_end_of_the_title(text, title, sender):
    sent = Senders(REGIONS).split(text)
    assert (sent.title, sent.sender) == (title, sender)


@pytest.mark.parametrize(
    ("rows", "persons"),
    [
        (["Anna Ek"], [("Anna Ek", "", "", "")]),
        (
            ["Anna Ek", "Enhetschef, Kulturutveckling", "anna.ek@example.com"],
            [("Anna Ek", "Enhetschef, Kulturutveckling", "anna.ek@example.com", "")],
        ),
        (["Anna Ek och Bo Al"], [("Anna Ek", "", "", ""), ("Bo Al", "", "", "")]),
        (["Anna Ek, Bo Al och Cia By"], [("Anna Ek", "", "", ""), ("Bo Al", "", "", ""), ("Cia By", "", "", "")]),
        (
            ["Anna Ek RUS-strateg/Bo Al enhetschef"],
            [("Anna Ek", "RUS-strateg", "", ""), ("Bo Al", "enhetschef", "", "")],
        ),
        (["(anna.ek@example.com )"], [("Anna Ek", "", "anna.ek@example.com", "")]),
        (
            ["anna.ek@example.com och bo.al@example.com"],
            [("Anna Ek", "", "anna.ek@example.com", ""), ("Bo Al", "", "bo.al@example.com", "")],
        ),
        (
            ["Anna Ek, chef för Analys och strategi, +46 70 123 45 67"],
            [("Anna Ek", "chef för Analys och strategi", "", "+46 70 123 45 67")],
        ),
        (
            ["Anna Ek & Bo Al", "bo.al@example.com", "anna.ek@example.com"],
            [("Anna Ek", "", "anna.ek@example.com", ""), ("Bo Al", "", "bo.al@example.com", "")],
        ),
    ],
)
def test_contact_persons_are_read_as_people_write_them(rows, persons):
    found = parse_contacts([plain_line(row) for row in rows])
    assert [(one.name, one.title, one.email, one.phone) for one in found.persons] == persons


# Into the database


def import_file(file, meeting, **options):
    out = io.StringIO()
    call_command("import_proposals", file, meeting=meeting, stdout=out, **options)
    return out.getvalue()


def test_the_command_reads_last_years_document_in_under_its_own_numbers(registers):
    import_file(SOURCE, date(2024, 9, 18))
    published = Proposal.objects.published().order_by("number")
    assert [proposal.number for proposal in published] == list(range(1, 29))
    assert published[0].published_at.astimezone().date() == date(2024, 9, 18)
    assert Meeting.objects.get().last_number == 28
    assert not Mail.objects.exists()


def test_a_document_for_a_coming_meeting_waits_for_kansliet_in_its_order(registers):
    import_file(SOURCE, date(2090, 9, 18))
    waiting = Meeting.objects.get().proposals.to_publish()
    assert [proposal.title for proposal in waiting][:2] == ["Barn och Unga", "Barnrätt i praktiken – Nästa steg"]
    assert waiting.count() == 28
    assert not Proposal.objects.published().exists()


def test_reading_the_same_file_again_changes_nothing(registers):
    import_file(SOURCE, date(2090, 9, 18))
    before = list(Proposal.objects.order_by("pk").values())
    assert "Saved 0 proposals" in import_file(SOURCE, date(2090, 9, 18))
    assert list(Proposal.objects.order_by("pk").values()) == before
    assert Proposal.history.filter(history_type="+").count() == 28
    assert not Proposal.history.filter(history_type="~").exists()


def test_a_proposal_that_kansliet_has_edited_since_is_known_and_left_alone(registers):
    import_file(SOURCE, date(2090, 9, 18))
    edited = Proposal.objects.get(title="Digitalisering")
    edited.title = "Digitalisering, omarbetat"
    edited.save()
    out = import_file(SOURCE, date(2090, 9, 18))
    assert "finns redan, skiljer sig i rubrik" in out
    assert Proposal.objects.count() == 28
    assert Proposal.objects.get(pk=edited.pk).title == "Digitalisering, omarbetat"


def test_a_dry_run_saves_nothing(registers):
    out = import_file(SOURCE, date(2024, 9, 18), dry_run=True)
    assert "28. Digitalisering [avsändare ej angiven]" in out
    assert "Nothing is saved" in out
    assert not Meeting.objects.exists()
    assert not Proposal.objects.exists()


def test_the_history_keeps_how_the_document_had_it(registers):
    import_file(SOURCE, date(2024, 9, 18))
    row = Proposal.objects.get(number=4).history.get()
    assert row.note.split("\n") == [
        "Ur forslag-2024-09-18.txt",
        "Nummer i dokumentet: 4",
        "Rubriker i dokumentet: ”Idé, syfte och mål” (syfte och mål)",
    ]


def test_one_proposal_that_can_not_be_saved_stops_them_all(registers, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(f"1. Grön el. Region Dalarna\nText.\n\n2. {'Lång ' * 50}. Region Skåne\nText.")
    with pytest.raises(CommandError, match="Rubriken är för lång"):
        import_file(file, date(2090, 9, 18))
    assert not Proposal.objects.exists()


def test_a_number_that_is_taken_stops_publication(registers, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("1. Grön el. Region Dalarna\nText.")
    import_file(file, date(2020, 9, 18))
    file.write_text("1. Blå el. Region Dalarna\nText.")
    with pytest.raises(CommandError, match="Nummer 1 har redan getts"):
        import_file(file, date(2020, 9, 18), status="published")
    import_file(file, date(2020, 9, 18))  # but it can be read in to be looked at
    assert Proposal.objects.get(title="Blå el").status == Status.SUBMITTED


# What is no document


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def word(text="1. Grön el. Region Dalarna"):
    file = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(file)
    return file.getvalue()


def word_with(name, content):
    with zipfile.ZipFile(io.BytesIO(word())) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    return packed({**parts, name: content})


def encrypted():
    content = bytearray(word())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        place = content.find(mark)
        while place >= 0:
            content[place + (6 if mark == b"PK\x03\x04" else 8)] |= 1
            place = content.find(mark, place + 1)
    return bytes(content)


def entities(declared):
    body = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body/></w:document>"
    return word_with("word/document.xml", f"<?xml version='1.0'?><!DOCTYPE w [{declared}]>{body}")


BAD = {
    "empty": (b"", "tom"),
    "pdf": (b"%PDF-1.7\n" + b"x" * 1000, "PDF"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000, "äldre Word"),
    "rtf": (b"{\\rtf1 hej}", "RTF"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "varken ett Word-dokument eller en textfil"),
    "truncated": (word()[:4000], "skadad"),
    "other zip": (packed({"a.txt": "hej"}), "inget Word-dokument"),
    "encrypted": (encrypted(), "lösenord"),
    "macros": (word_with("word/vbaProject.bin", b"x"), "makron"),
    "external entity": (entities("<!ENTITY x SYSTEM 'file:///etc/passwd'>"), "hör hemma"),
    "billion laughs": (entities("<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>"), "hör hemma"),
    "broken xml": (word_with("word/document.xml", b"<w:document"), "skadad"),
    "26 MB of text": (b"a" * 26_000_000, "25 MB"),
    "many lines": (b"a\n" * 60_000, "50 000 rader"),
    "zip bomb": (word_with("word/document.xml", b" " * 200_000_000), "packas upp"),
    "large media": (word_with("word/media/a.bin", b"\0" * 150_000_000), "packas upp"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_document_is_refused_with_a_sentence(name):
    content, reason = BAD[name]
    with pytest.raises(UnreadableDocument, match=reason):
        read_document(content, "fil.docx")


def test_a_file_without_proposals_is_refused(registers, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("Hej!")
    with pytest.raises(CommandError, match="inga förslag"):
        import_file(file, date(2090, 9, 18))


@pytest.mark.parametrize("name", ["zip bomb", "large document"])
def test_reading_takes_bounded_memory(name, tmp_path):
    large = word("\n".join(f"{number}. Förslag {number}. Region Dalarna" for number in range(1, 500)) + "x" * 3_000_000)
    file = tmp_path / "fil.docx"
    file.write_bytes(large if name == "large document" else BAD["zip bomb"][0])
    code = (
        "import sys\n"
        "from proposals.importing.document import read_document\n"
        "from proposals.importing.lines import UnreadableDocument\n"
        "try:\n    read_document(open(sys.argv[1], 'rb').read(), 'fil')\n"
        "except UnreadableDocument:\n    pass\n"
        "print(next(row.split()[1] for row in open('/proc/self/status') if row.startswith('VmHWM')))"
    )
    command = [sys.executable, "-c", code, file]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=settings.BASE_DIR)  # noqa: S603
    assert int(done.stdout) // 1024 <= 300  # MB
