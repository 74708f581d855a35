"""Documents of many kinds that people type, each with the same three proposals."""

import io

import docx
import pytest

from proposals.importing.document import read_document
from proposals.importing.parsing import KnownNames, parse

NAMES = KnownNames(
    {"Region Dalarna": "region-dalarna", "Region Skåne": "region-skane", "Region Halland": "region-halland"},
    ("Chefer", "Strateger"),
)
# (title, sender, {heading: text}, contact)
THREE = [
    ("Vatten i hela landet", "Region Dalarna", "Bo Exempel"),
    ("Unga och arbete", "Region Skåne", "Eva Exempel"),
    ("Skogens värden", "Region Halland", "Dan Exempel"),
]
BACKGROUND, PURPOSE = "Vi vet för lite om saken.", "Att lära av varandra."


def entries_of(content, name="dokument"):
    return parse(read_document(content, name), NAMES).entries


def heads(entries):
    return [(one.content.number, one.content.title, one.content.sender) for one in entries]


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def bold(document, text):
    document.add_paragraph().add_run(text).bold = True


def document_with(add_title, add_sections=None):
    """A Word file of the three; `add_title` adds the title of one, from its place, title and sender."""
    document = docx.Document()
    for place, (title, sender, person) in enumerate(THREE, start=1):
        add_title(document, place, title, sender)
        (add_sections or sections)(document, person)
    return saved(document)


def sections(document, person):
    document.add_paragraph(BACKGROUND)
    bold(document, "Syfte och mål")
    document.add_paragraph(PURPOSE)
    bold(document, "Kontaktperson")
    document.add_paragraph(f"{person}, strateg, {person.split()[0].lower()}@example.com")


def all_right(entries, numbers=(1, 2, 3)):
    assert heads(entries) == [
        (number, title, sender) for number, (title, sender, _) in zip(numbers, THREE, strict=True)
    ]
    for entry, (*_, person) in zip(entries, THREE, strict=True):
        assert entry.content.texts["background"] == BACKGROUND
        assert entry.content.texts["purpose"] == PURPOSE
        assert [one.name for one in entry.content.contacts] == [person]


LETTERS, ROMANS = "ABC", ["I", "II", "III"]


@pytest.mark.parametrize(
    "marked",
    [
        "{0}. {1}",
        "{0}) {1}",
        "{0} {1}",
        "Nr 0{0} {1}",
        "Förslag nr {0}: {1}",
        "Förslag #{0} {1}",
        "Förslag {0} – {1}",
        "Idé {0}: {1}",
        "Idé {0} {1}",
        "{letter}. {1}",
        "{letter}) {1}",
        "{roman}. {1}",
    ],
)
def test_titles_are_numbered_as_people_number(marked):
    def add_title(document, place, title, sender):
        text = marked.format(place, title, letter=LETTERS[place - 1], roman=ROMANS[place - 1])
        bold(document, f"{text} – {sender}")

    all_right(entries_of(document_with(add_title)))


def test_numbers_of_two_levels_are_no_numbers():
    def add_title(document, place, title, sender):
        document.add_heading(f"2.{place} {title}. {sender}", 2)

    all_right(entries_of(document_with(add_title)), [None] * 3)


@pytest.mark.parametrize("look", ["bold", "heading"])
def test_titles_need_no_number(look):
    def add_title(document, place, title, sender):
        if look == "bold":
            bold(document, title)
        else:
            document.add_heading(title, 1)
        document.add_paragraph(sender)

    all_right(entries_of(document_with(add_title)), [None] * 3)


def test_a_numbered_list_in_a_text_hides_no_titles():
    def add_sections(document, person):
        document.add_paragraph(BACKGROUND)
        document.add_paragraph("1. mål")
        document.add_paragraph("2. organisation")
        bold(document, "Kontaktperson")
        document.add_paragraph(person)

    def add_title(document, place, title, sender):
        bold(document, title)
        document.add_paragraph(sender)

    entries = entries_of(document_with(add_title, add_sections))
    assert heads(entries) == [(None, title, sender) for title, sender, _ in THREE]
    assert entries[0].content.texts["background"] == f"{BACKGROUND}\n\n1. mål\n2. organisation"


def test_a_title_stands_below_its_number():
    def add_title(document, place, title, sender):
        bold(document, f"Förslag {place}")
        bold(document, title)
        document.add_paragraph(sender)

    all_right(entries_of(document_with(add_title)))


@pytest.mark.parametrize("label", ["Avsändare", "Förslagsställare:", "Avsändare: {}", "Avsändare {}"])
def test_the_sender_stands_under_a_label_or_beside_it(label):
    def add_title(document, place, title, sender):
        bold(document, f"{place}. {title}")
        document.add_paragraph(label.format(sender))
        if "{}" not in label:
            document.add_paragraph(sender)

    all_right(entries_of(document_with(add_title)))


@pytest.mark.parametrize(
    "written",
    ["Regionerna Skåne och Halland", "Region Skåne i samverkan med Region Halland", "Reg. Skåne, Reg Halland"],
)
def test_all_of_several_senders_are_read(written):
    document = docx.Document()
    for place in (1, 2):
        bold(document, f"{place}. Vatten {place} – {written}")
        sections(document, "Bo Exempel")
    for entry in entries_of(saved(document)):
        assert [sender.name for sender in entry.content.senders] == ["Region Skåne", "Region Halland"]
        assert entry.content.sender == "Region Skåne och Region Halland"


@pytest.mark.parametrize("written", [" – Länsstyrelsen i Värmlands län", ", SKR", ". Vinnova"])
def test_a_sender_that_the_register_lacks_is_no_part_of_the_title_and_told(written):
    document = docx.Document()
    for place in (1, 2):
        bold(document, f"{place}. Vatten {place}{written}")
        sections(document, "Bo Exempel")
    for entry in entries_of(saved(document)):
        assert entry.content.title.startswith("Vatten ")
        assert entry.content.sender == ""
        assert "finns inte i registret" in entry.warnings[0]


def test_no_sender_is_told():
    document = docx.Document()
    for place in (1, 2):
        bold(document, f"{place}. Vatten {place}")
        sections(document, "Bo Exempel")
    assert entries_of(saved(document))[0].warnings == ["Ingen avsändare hittades, så avsändaren lämnas tom."]


QUESTIONS = ["Varför?", "Vad vill vi göra?", "Vad ska det leda till?", "För vem?"]


@pytest.mark.parametrize("is_beside", [True, False])
def test_questions_are_headings(is_beside):
    def add_sections(document, person):
        document.add_paragraph(BACKGROUND)
        for question, answer in [("Vad vill vi göra?", PURPOSE), ("Vad ska det leda till?", "En metod.")]:
            paragraph = document.add_paragraph()
            paragraph.add_run(question).bold = True
            if is_beside:
                paragraph.add_run(f" {answer}")
            else:
                document.add_paragraph(answer)
        bold(document, "Vem kan man kontakta?")
        document.add_paragraph(person)

    def add_title(document, place, title, sender):
        bold(document, f"{place}. {title}. {sender}")

    entries = entries_of(document_with(add_title, add_sections))
    all_right(entries)
    assert entries[0].content.texts["expected_result"] == "En metod."


# Tables


def test_a_form_has_its_labels_beside_the_answers():
    document = docx.Document()
    for place, (title, sender, person) in enumerate(THREE, start=1):
        rows = [("Nr", str(place)), ("Rubrik", title), ("Avsändare", sender), ("Bakgrund", BACKGROUND)]
        rows += [("Syfte och mål:", PURPOSE), ("Namn", person), ("Titel", "strateg"), ("E-post", "bo@example.com")]
        table = document.add_table(0, 2)
        for label, answer in rows:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, answer
        document.add_paragraph()
    entries = entries_of(saved(document))
    all_right(entries)
    [person] = entries[0].content.contacts
    assert (person.title, person.email) == ("strateg", "bo@example.com")


def test_a_table_has_a_row_a_proposal():
    document = docx.Document()
    table = document.add_table(1, 6)
    for cell, text in zip(
        table.rows[0].cells, ["Nr", "Förslag", "Avsändare", "Bakgrund", "Syfte", "Kontakt"], strict=True
    ):
        cell.text = text
    for place, (title, sender, person) in enumerate(THREE, start=1):
        for cell, text in zip(
            table.add_row().cells, [str(place), title, sender, BACKGROUND, PURPOSE, person], strict=True
        ):
            cell.text = text
    all_right(entries_of(saved(document)))


def test_a_table_of_contacts_has_header_cells():
    def add_sections(document, person):
        document.add_paragraph(BACKGROUND)
        bold(document, "Syfte och mål")
        document.add_paragraph(PURPOSE)
        table = document.add_table(2, 3)
        for cell, text in zip(table.rows[0].cells, ["Namn", "Telefon", "E-post"], strict=True):
            cell.text = text
        for cell, text in zip(table.rows[1].cells, [person, "070-123 45 67", "bo@example.com"], strict=True):
            cell.text = text

    entries = entries_of(
        document_with(lambda one, place, *title: bold(one, f"{place}. " + ". ".join(title)), add_sections)
    )
    all_right(entries)
    assert entries[0].content.contacts[0].phone == "070-123 45 67"


def test_a_table_of_contacts_needs_no_header():
    document = docx.Document()
    for place in (1, 2):
        bold(document, f"{place}. Vatten {place}. Region Skåne")
        bold(document, "Kontaktpersoner")
        table = document.add_table(2, 3)
        for row, name in zip(table.rows, ("Bo Exempel", "Eva Exempel"), strict=True):
            for cell, text in zip(row.cells, (name, "strateg", f"{name.split()[0].lower()}@example.com"), strict=True):
                cell.text = text
    [first, second] = entries_of(saved(document))[0].content.contacts
    assert (first.name, first.title, first.email) == ("Bo Exempel", "strateg", "bo@example.com")
    assert (second.name, second.email) == ("Eva Exempel", "eva@example.com")


def test_a_table_of_data_stays_together_in_its_text():
    def add_sections(document, person):
        table = document.add_table(2, 2)
        for row, texts in zip(table.rows, [("Region", "Antal"), ("Dalarna", "15")], strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        sections(document, person)

    entries = entries_of(
        document_with(lambda one, place, *title: bold(one, f"{place}. " + ". ".join(title)), add_sections)
    )
    assert entries[0].content.texts["background"] == f"Region | Antal\nDalarna | 15\n\n{BACKGROUND}"


def test_labels_of_a_form_stand_above_the_answers():
    document = docx.Document()
    for title, sender, person in THREE:
        table = document.add_table(0, 1)
        rows = ["Rubrik", title, "Vilka står bakom?", sender, "Bakgrund", BACKGROUND, "Vad vill vi göra?", PURPOSE]
        for text in [*rows, "Kontaktperson", person]:
            table.add_row().cells[0].text = text
    all_right(entries_of(saved(document)), [None] * 3)


def test_varfor_asks_for_the_background_where_there_is_none():
    document = docx.Document()
    for title, sender, person in THREE:
        table = document.add_table(0, 2)
        rows = [("Förslagets namn", title), ("Avsändare", sender), ("Varför?", BACKGROUND)]
        for label, answer in [*rows, ("Vad vill vi göra?", PURPOSE), ("Kontaktperson", person)]:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, answer
    all_right(entries_of(saved(document)), [None] * 3)


# Text files


@pytest.mark.parametrize(
    ("title", "labels", "numbers"),
    [
        ("{letter}. {1}. {2}", ("Syfte och mål\n", "Kontaktperson\n"), (1, 2, 3)),
        ("{1}\n{2}\n", ("Syfte och mål\n", "Kontaktperson\n"), (None,) * 3),
        ("Rubrik: {1}\nAvsändare: {2}", ("Syfte: ", "Kontakt: "), (None,) * 3),
        ("{0}. {1}\nAvsändare {2}", ("Syfte ", "Kontaktperson "), (1, 2, 3)),
        ("Förslag {0}\n{1}\nAvsändare: {2}", ("Syfte: ", "Kontakt: "), (1, 2, 3)),
    ],
)
def test_text_has_many_ways_to_tell_titles_and_labels(title, labels, numbers):
    purpose, contact = labels
    text = "\n\n".join(
        title.format(place, name, sender, letter=LETTERS[place - 1])
        + f"\n{BACKGROUND}\n{purpose}{PURPOSE}\n{contact}{person}"
        for place, (name, sender, person) in enumerate(THREE, start=1)
    )
    all_right(entries_of(text.encode()), numbers)


def test_who_signs_a_mail_is_no_contact_person():
    text = f"1. Vatten. Region Skåne\n{BACKGROUND}\nKontakt: Bo Exempel\n\nMed vänlig hälsning\nEva Exempel\n\n2. Luft."
    entry = entries_of(text.encode())[0]
    assert [person.name for person in entry.content.contacts] == ["Bo Exempel"]
    assert entry.unplaced == ["Med vänlig hälsning", "Eva Exempel"]


def text_file(title="{0}. {1}. {2}"):
    rows = []
    for place, (name, sender, person) in enumerate(THREE, start=1):
        rows += [title.format(place, name, sender), BACKGROUND, "Syfte och mål", PURPOSE, "Kontaktperson", person, ""]
    return "\n".join(rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_a_text_file_has_any_encoding(encoding):
    all_right(entries_of(text_file().encode(encoding)))


def test_a_list_of_contents_is_not_the_proposals():
    contents = "\n".join(f"{place}. {title} ..... {place + 1}" for place, (title, *_) in enumerate(THREE, start=1))
    reading = parse(read_document(f"Innehåll\n{contents}\n\n{text_file()}".encode(), "fil.txt"), NAMES)
    all_right(reading.entries)
    assert len(reading.skipped) == 3


def test_words_divided_at_the_end_of_a_line_are_joined():
    long = "Det här är en ganska lång rad med text som bryts i kollektiv{}\ntrafiken, och sol-\noch vindkraft."
    rows = "\n".join(["1. Vatten. Region Skåne", "", long, "", "Kontaktperson", "Bo Exempel", ""])
    for hyphen in ("-", "\u00ad"):
        text = entries_of((rows * 3).format(*[hyphen] * 3).encode())[0].content.texts["background"]
        assert "kollektivtrafiken" in text
        assert "sol- och vindkraft" in text
