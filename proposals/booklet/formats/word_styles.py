"""Styles of our Word files. The importer recognises paragraphs by these names."""

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from proposals.booklet import palette

TITLE, SECTION, SUB_HEADING, LIST_ITEM, CONTENTS = "Heading 1", "Heading 2", "Mellanrubrik", "List Paragraph", "TOC 1"
SENDER, GROUPS, STATUS = "Avsändare", "Målgrupper", "Status"
NAME, JOB, EMAIL, PHONE = "Kontakt namn", "Kontakt titel", "Kontakt e-post", "Kontakt telefon"

FONT = "Calibri"
TEXT_WIDTH = Mm(162)
INK, QUIET, ACCENT = map(RGBColor.from_string, (palette.INK, palette.QUIET, palette.ACCENT))
# Sizes and spacing in points; `keep` is keep_with_next
STYLES = {
    "Normal": {"size": 11, "color": INK, "after": 6, "line": 1.15},
    "Title": {"size": 30, "color": INK, "bold": True, "after": 0},
    "Subtitle": {"size": 13, "color": QUIET, "italic": False, "after": 4},
    TITLE: {"size": 18, "color": INK, "bold": True, "before": 30, "after": 2},
    SECTION: {"size": 12, "color": ACCENT, "bold": True, "before": 14, "after": 3},
    "Heading 3": {"size": 11, "color": INK, "bold": True, "before": 10, "after": 3},
    "Header": {"size": 9, "color": QUIET},
    "Footer": {"size": 9, "color": QUIET},
    "TOC Heading": {"size": 18, "color": INK, "bold": True, "before": 24, "after": 8},
    CONTENTS: {"after": 3},
    LIST_ITEM: {"after": 3},
    SUB_HEADING: {},
    SENDER: {"color": ACCENT, "bold": True, "after": 2, "keep": True},
    GROUPS: {"size": 9.5, "color": QUIET, "after": 6, "keep": True},
    STATUS: {"size": 9.5, "bold": True, "after": 6, "keep": True},
    NAME: {"bold": True, "before": 4, "after": 0, "keep": True},
    JOB: {"after": 0},
    EMAIL: {"after": 0},
    PHONE: {"after": 0},
}
BASED_ON = {SUB_HEADING: "Heading 3"}  # default: Normal


def set_styles(document):
    styles = document.styles
    language = styles.element.find(".//" + qn("w:rPrDefault")).find(".//" + qn("w:lang"))
    for attribute in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(attribute), "sv-SE")
    for name, values in STYLES.items():
        if name not in styles:
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[BASED_ON.get(name, "Normal")]
        _set_font(styles[name], values)
        _set_paragraph(styles[name].paragraph_format, values)
    _remove(styles["Title"], "w:pBdr")  # bottom border
    for name in ("Header", "Footer"):
        _remove(styles[name], "w:tabs")  # for US Letter
    contents = styles[CONTENTS].paragraph_format
    contents.left_indent, contents.first_line_indent = Mm(9), Mm(-9)
    contents.tab_stops.add_tab_stop(Mm(9))
    contents.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = ACCENT, True


def _set_font(style, values):
    font = style.font
    font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[attribute]  # takes precedence over the name
    for attribute in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(attribute), FONT)
    if "size" in values:
        font.size = Pt(values["size"])
    if "color" in values:
        font.color.rgb = values["color"]
    if "bold" in values:
        font.bold = values["bold"]
    if "italic" in values:
        font.italic = values["italic"]


def _set_paragraph(paragraph, values):
    if "before" in values:
        paragraph.space_before = Pt(values["before"])
    if "after" in values:
        paragraph.space_after = Pt(values["after"])
    if "line" in values:
        paragraph.line_spacing = values["line"]
    if "keep" in values:
        paragraph.keep_with_next = values["keep"]


def _remove(style, tag):
    for element in style.element.pPr.findall(qn(tag)):
        style.element.pPr.remove(element)
