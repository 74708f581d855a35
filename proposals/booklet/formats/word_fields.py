"""Runs and fields of a Word file."""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def new_element(tag, /, **attributes):
    element = OxmlElement(tag)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


def new_run(text, is_bold=False, is_italic=False):
    """Return a w:r element; line breaks and tabs become Word's."""
    run = OxmlElement("w:r")
    if is_bold:
        run.get_or_add_rPr().append(OxmlElement("w:b"))
    if is_italic:
        run.get_or_add_rPr().append(OxmlElement("w:i"))
    run.text = text
    return run


def add_field(paragraph, code, text):
    begin_field(paragraph, code)
    paragraph._p.append(new_run(text))
    end_field(paragraph)


def refer_to_page(paragraph, bookmark):
    """A tab, and the page of the bookmark, which only a program that lays out the text knows."""
    paragraph._p.append(new_run("\t"))
    begin_field(paragraph, rf"PAGEREF {bookmark} \h", is_dirty=True)
    end_field(paragraph)


def begin_field(paragraph, code, is_dirty=False):
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = code
    dirty = {"dirty": "true"} if is_dirty else {}
    _append_run(paragraph, new_element("w:fldChar", fldCharType="begin", **dirty))
    _append_run(paragraph, instruction)
    _append_run(paragraph, new_element("w:fldChar", fldCharType="separate"))


def end_field(paragraph):
    _append_run(paragraph, new_element("w:fldChar", fldCharType="end"))


def _append_run(paragraph, element):
    run = OxmlElement("w:r")
    run.append(element)
    paragraph._p.append(run)


def wrap_table_of_contents(paragraphs):
    """Wrap the paragraphs in the content control that shows Word's button for updating the table."""
    control, properties, content = (OxmlElement(tag) for tag in ("w:sdt", "w:sdtPr", "w:sdtContent"))
    gallery = OxmlElement("w:docPartObj")
    gallery.append(new_element("w:docPartGallery", val="Table of Contents"))
    gallery.append(new_element("w:docPartUnique"))
    properties.append(gallery)
    control.append(properties)
    control.append(content)
    paragraphs[0]._p.addprevious(control)
    for paragraph in paragraphs:
        content.append(paragraph._p)
