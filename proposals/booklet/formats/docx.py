"""Word file that can be edited and imported again without loss.

The importer recognises paragraphs by their style names, see word_styles.
"""

import io

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from proposals import richtext
from proposals.booklet.content import CONTACT, CONTACTS, NO_SENDER
from proposals.booklet.formats import word_styles as style
from proposals.booklet.formats.word_fields import (
    add_field,
    begin_field,
    end_field,
    new_element,
    new_run,
    refer_to_page,
    wrap_table_of_contents,
)
from proposals.booklet.formats.word_lists import Lists
from proposals.text_input.characters import printable


def render(booklet):
    return _WordFile(booklet).bytes()


class _WordFile:
    def __init__(self, booklet):
        self.booklet = booklet
        self.document = Document()
        self.bookmarks = 0
        style.set_styles(self.document)
        _remove_traces_of_template(self.document)
        self._set_page()
        self.lists = Lists(self.document)
        self._set_properties()
        if len(booklet.proposals) != 1:
            self._write_title_page()
            self._write_table_of_contents()
        for proposal in booklet.proposals:
            self._write_proposal(proposal)

    def bytes(self):
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()

    def _set_page(self):
        [section] = self.document.sections
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(24)
        section.top_margin, section.bottom_margin = Mm(26), Mm(24)
        mark = "ARBETSEXEMPLAR   " if self.booklet.is_working_copy else ""
        header = section.header.paragraphs[0]
        header.style = "Header"
        header.add_run(printable(mark + self.booklet.title))
        footer = section.footer.paragraphs[0]
        footer.style = "Footer"
        footer.paragraph_format.tab_stops.add_tab_stop(style.TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        footer.add_run(printable(f"{self.booklet.meeting} {self.booklet.day}\tSida "))
        add_field(footer, "PAGE", "1")
        footer.add_run(" av ")
        add_field(footer, "NUMPAGES", "1")

    def _set_properties(self):
        about = self.document.core_properties
        about.title, about.author = printable(self.booklet.title), printable(self.booklet.organisation)
        about.language = "sv-SE"
        about.comments = ""
        about.last_modified_by = about.author
        about.created = about.modified = self.booklet.changed_at.replace(tzinfo=None)

    def _write_title_page(self):
        booklet = self.booklet
        self._write(booklet.meeting, "Title").paragraph_format.space_before = Mm(80)
        self._write(booklet.day, "Title")
        if booklet.is_working_copy:
            self._write("ARBETSEXEMPLAR", "Subtitle")
        for line in [booklet.summary, *booklet.chosen, f"Senast ändrat {booklet.changed}"]:
            self._write(line, "Subtitle")

    def _write_table_of_contents(self):
        """Write a table of contents as a field; Word fills in the pages when it opens the file."""
        if not self.booklet.proposals:
            return
        paragraphs = [self._write("Innehåll", "TOC Heading")]
        paragraphs[0].paragraph_format.page_break_before = True
        for index, proposal in enumerate(self.booklet.proposals):
            entry = self._write("", style.CONTENTS)
            if index == 0:
                begin_field(entry, r'TOC \o "1-1" \h \z \u')
            link = new_element("w:hyperlink", anchor=_bookmark(index), history="1")
            number = f"{proposal.number}.\t" if proposal.number else ""
            sender = f" – {proposal.sender}" if proposal.sender else ""
            link.append(new_run(printable(number + proposal.title + sender)))
            entry._p.append(link)
            refer_to_page(entry, _bookmark(index))
            paragraphs.append(entry)
        end_field(entry)
        wrap_table_of_contents(paragraphs)

    def _write_proposal(self, proposal):
        title = self._write(proposal.heading or "Utan rubrik", style.TITLE)
        title.paragraph_format.page_break_before = (self.bookmarks == 0 and len(self.booklet.proposals) > 1) or None
        self._add_bookmark(title)
        self._write(proposal.sender or NO_SENDER, style.SENDER)
        if proposal.target_groups:
            self._write(", ".join(proposal.target_groups), style.GROUPS)
        if proposal.status:
            self._write(f"{proposal.reference}, {proposal.status}", style.STATUS)
        for heading, text in proposal.sections:
            if heading:
                self._write(heading, style.SECTION)
            for block in richtext.blocks(text):
                self._write_block(block, is_below_title=not heading)
        if proposal.contacts:
            self._write(CONTACTS if len(proposal.contacts) > 1 else CONTACT, style.SECTION)
            for person in proposal.contacts:
                *lines, _ = self._write_person(person)
                for line in lines:
                    line.paragraph_format.keep_with_next = True

    def _write_person(self, person):
        yield self._write(person.name, style.NAME)
        if person.title:
            yield self._write(person.title, style.JOB)
        if person.email:
            line = self._write("", style.EMAIL)
            self._link(line, f"mailto:{person.email}", person.email)
            yield line
        if person.phone:
            yield self._write(person.phone, style.PHONE)

    def _write(self, text, name):
        return self.document.add_paragraph(printable(text), style=name)

    def _add_bookmark(self, heading):
        key = str(self.bookmarks)
        heading._p.insert(1, new_element("w:bookmarkStart", id=key, name=_bookmark(self.bookmarks)))
        heading._p.append(new_element("w:bookmarkEnd", id=key))
        self.bookmarks += 1

    def _write_block(self, block, is_below_title):
        if block.kind in ("bullets", "numbers"):
            self._write_list(block, level=0)
            return
        paragraph = self.document.add_paragraph(style=style.SUB_HEADING if block.kind == "heading" else None)
        if block.kind == "heading" and is_below_title:
            # Directly below the title, so that no heading level is skipped
            paragraph._p.get_or_add_pPr().append(new_element("w:outlineLvl", val="1"))
        self._write_spans(paragraph, block.spans)

    def _write_list(self, block, level):
        numbering = self.lists.begin(block.kind, level, block.start)
        for item in block.items:
            for index, inner in enumerate(item or [richtext.Block("paragraph")]):
                if inner.kind in ("bullets", "numbers"):
                    self._write_list(inner, level + 1)
                    continue
                paragraph = self.document.add_paragraph(style=style.LIST_ITEM)
                (numbering.apply if index == 0 else numbering.indent)(paragraph)
                self._write_spans(paragraph, inner.spans)

    def _write_spans(self, paragraph, spans):
        for span in spans:
            if span.link:
                self._link(paragraph, span.link, span.text, span.is_bold, span.is_italic)
            else:
                paragraph._p.append(new_run(printable(span.text), span.is_bold, span.is_italic))

    def _link(self, paragraph, address, text, is_bold=False, is_italic=False):
        key = self.document.part.relate_to(printable(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), key)
        run = new_run(printable(text), is_bold, is_italic)
        run.get_or_add_rPr().insert(0, new_element("w:rStyle", val="Hyperlink"))
        link.append(run)
        paragraph._p.append(link)


def _bookmark(index):
    return f"_Toc{index:08}"


def _remove_traces_of_template(document):
    """Drop the picture and the program of the template that the file begins from, and its looks of tables."""
    relationships = document.part.package.rels
    for key, relationship in list(relationships.items()):
        if relationship.reltype.endswith(("/thumbnail", "/extended-properties")):
            del relationships[key]
    for one in list(document.styles.element.style_lst):
        if one.type == WD_STYLE_TYPE.TABLE and not one.default:
            document.styles.element.remove(one)
