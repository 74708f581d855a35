"""The booklet as a Word file that kansliet can go on editing, and that `importing` reads back without a loss.

What each paragraph is stands in its style, so the styles' names are an agreement between the two.
"""

import io

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from proposals import richtext
from proposals.booklet.content import CONTACT, CONTACTS, NO_SENDER
from proposals.booklet.formats import word_styles as style
from proposals.booklet.formats.word_lists import Lists
from proposals.booklet.formats.xml_text import clean


def render(booklet):
    """The Booklet as the bytes of a Word file."""
    return _WordFile(booklet).bytes()


class _WordFile:
    def __init__(self, booklet):
        self.booklet = booklet
        self.document = Document()
        self.bookmarks = 0
        style.set_styles(self.document)
        self._set_page()
        self.lists = Lists(self.document)
        self._set_properties()
        self._write_front()
        self._write_contents()
        for item in booklet.proposals:
            self._write_proposal(item)

    def bytes(self):
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()

    # How it looks

    def _set_page(self):
        [section] = self.document.sections
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(24)
        section.top_margin, section.bottom_margin = Mm(26), Mm(24)
        mark = "ARBETSEXEMPLAR   " if self.booklet.is_working_copy else ""
        header = section.header.paragraphs[0]
        header.style = "Header"
        header.add_run(clean(mark + self.booklet.title))
        footer = section.footer.paragraphs[0]
        footer.style = "Footer"
        footer.paragraph_format.tab_stops.add_tab_stop(style.LINE, WD_TAB_ALIGNMENT.RIGHT)
        footer.add_run(clean(f"{self.booklet.meeting} {self.booklet.day}\tSida "))
        _add_field(footer, "PAGE", "1")
        footer.add_run(" av ")
        _add_field(footer, "NUMPAGES", "1")

    def _set_properties(self):
        about = self.document.core_properties
        about.title, about.author, about.language = clean(self.booklet.title), clean(self.booklet.organisation), "sv-SE"
        about.comments = ""
        about.last_modified_by = about.author
        about.created = about.modified = self.booklet.changed_at.replace(tzinfo=None)

    # What it says

    def _write_front(self):
        booklet = self.booklet
        self._write(booklet.meeting, "Title")
        self._write(booklet.day, "Title")
        if booklet.is_working_copy:
            self._write("ARBETSEXEMPLAR", "Subtitle")
        for line in [booklet.summary, *booklet.chosen, f"Senast ändrat {booklet.changed}"]:
            self._write(line, "Subtitle")

    def _write_contents(self):
        """The contents as Word makes them, filled with all but the pages: those it knows when it renews them."""
        items = self.booklet.proposals
        if not items:
            return
        paragraphs = [self._write("Innehåll", "TOC Heading")]
        for place, item in enumerate(items):
            entry = self._write("", style.CONTENTS)
            if place == 0:
                _begin_field(entry, r'TOC \o "1-1" \h \z \u')
            link = _element("w:hyperlink", anchor=_bookmark(place), history="1")
            link.append(_run(clean(f"{item.number}.\t{item.title}" if item.number else item.title)))
            entry._p.append(link)
            paragraphs.append(entry)
        _end_field(entry)
        _frame_contents(paragraphs)

    def _write_proposal(self, item):
        title = self._write(item.heading or "Utan rubrik", style.TITLE)
        title.paragraph_format.page_break_before = self.bookmarks == 0 or None
        self._mark(title)
        self._write(item.sender or NO_SENDER, style.SENDER)
        if item.target_groups:
            self._write(", ".join(item.target_groups), style.GROUPS)
        if item.status:
            self._write(f"{item.reference}, {item.status}", style.STATUS)
        for heading, text in item.sections:
            if heading:
                self._write(heading, style.SECTION)
            for block in richtext.blocks(text):
                self._write_block(block, is_below_title=not heading)
        if item.contacts:
            self._write(CONTACTS if len(item.contacts) > 1 else CONTACT, style.SECTION)
            lines = [line for person in item.contacts for line in self._write_person(person)]
            for line in lines[:-1]:
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
        return self.document.add_paragraph(clean(text), style=name)

    def _mark(self, heading):
        """Give the heading the bookmark that the contents lead to."""
        place = self.bookmarks
        self.bookmarks += 1
        heading._p.insert(1, _element("w:bookmarkStart", id=str(place), name=_bookmark(place)))
        heading._p.append(_element("w:bookmarkEnd", id=str(place)))

    def _write_block(self, block, is_below_title):
        if block.kind in ("bullets", "numbers"):
            self._write_list(block, level=0)
            return
        paragraph = self.document.add_paragraph(style=style.SUB_HEADING if block.kind == "heading" else None)
        if block.kind == "heading" and is_below_title:
            # One level below what it stands under, so that no level is passed over
            paragraph._p.get_or_add_pPr().append(_element("w:outlineLvl", val="1"))
        self._write_spans(paragraph, block.spans)

    def _write_list(self, block, level):
        marks = self.lists.begin(block.kind, level, block.start)
        for item in block.items:
            for place, inner in enumerate(item or [richtext.Block("paragraph")]):
                if inner.kind in ("bullets", "numbers"):
                    self._write_list(inner, level + 1)
                    continue
                paragraph = self.document.add_paragraph(style=style.IN_LIST)
                (marks.mark if place == 0 else marks.indent)(paragraph)
                self._write_spans(paragraph, inner.spans)

    def _write_spans(self, paragraph, spans):
        for span in spans:
            if span.link:
                self._link(paragraph, span.link, span.text, span.is_bold, span.is_italic)
            else:
                paragraph._p.append(_run(clean(span.text), span.is_bold, span.is_italic))

    def _link(self, paragraph, address, text, is_bold=False, is_italic=False):
        key = self.document.part.relate_to(clean(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), key)
        run = _run(clean(text), is_bold, is_italic)
        run.get_or_add_rPr().insert(0, _element("w:rStyle", val="Hyperlink"))
        link.append(run)
        paragraph._p.append(link)


def _bookmark(place):
    return f"_Toc{place:08}"


def _element(tag, /, **attributes):
    element = OxmlElement(tag)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


def _run(text, is_bold=False, is_italic=False):
    """A run of text; a line break in it becomes Word's, a tab too."""
    run = OxmlElement("w:r")
    if is_bold:
        run.get_or_add_rPr().append(OxmlElement("w:b"))
    if is_italic:
        run.get_or_add_rPr().append(OxmlElement("w:i"))
    run.text = text
    return run


def _add_field(paragraph, code, shown):
    _begin_field(paragraph, code)
    paragraph._p.append(_run(shown))
    _end_field(paragraph)


def _begin_field(paragraph, code):
    for element in (
        _element("w:fldChar", fldCharType="begin"),
        _instruction(code),
        _element("w:fldChar", fldCharType="separate"),
    ):
        run = OxmlElement("w:r")
        run.append(element)
        paragraph._p.append(run)


def _instruction(code):
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = code
    return element


def _end_field(paragraph):
    run = OxmlElement("w:r")
    run.append(_element("w:fldChar", fldCharType="end"))
    paragraph._p.append(run)


def _frame_contents(paragraphs):
    """Put the paragraphs into the frame that shows Word's button for renewing the contents."""
    frame, properties, content = (OxmlElement(tag) for tag in ("w:sdt", "w:sdtPr", "w:sdtContent"))
    gallery = OxmlElement("w:docPartObj")
    gallery.append(_element("w:docPartGallery", val="Table of Contents"))
    gallery.append(_element("w:docPartUnique"))
    properties.append(gallery)
    frame.append(properties)
    frame.append(content)
    paragraphs[0]._p.addprevious(frame)
    for paragraph in paragraphs:
        content.append(paragraph._p)
