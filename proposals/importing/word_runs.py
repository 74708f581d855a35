"""The text of a paragraph in a Word file, whatever it is wrapped in."""

import re

from proposals.importing.word_parts import W, attribute, is_on
from proposals.richtext import LINK, Span

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FIELD_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
# What holds no text of the paragraph: properties, what was deleted or moved away, and paragraphs of their own
_LEFT_OUT = {"del", "moveFrom", "txbxContent", "tbl", "p", "rPr", "pPr", "sdtPr", "sdtEndPr", "ctrlPr", "rubyPr"}


def parse_runs(paragraph, links, is_bold=False):
    """Return (the Spans of a paragraph, [hidden or struck-through texts]) without what was deleted."""
    runs = _Runs(links, is_bold)
    runs.walk(paragraph, "")
    return runs.spans, [text for text in runs.aside if text.strip()]


def name_of(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class _Runs:
    def __init__(self, links, is_bold):
        self.links = links
        self.is_bold = is_bold
        self.spans = []
        self.aside = []  # told beside the text
        self.instructions = []  # of the fields that are being read, innermost last; None after the instruction
        self.field_link = ""

    def walk(self, element, link):
        for child in element:
            name = name_of(child)
            if name in _LEFT_OUT:
                continue
            if child.tag == f"{W}r":
                self._run(child, link or self.field_link)
            elif child.tag == f"{W}hyperlink":
                address = self.links.get(child.get(f"{R}id"), "")
                self.walk(child, address if LINK.match(address) else "")
            elif name == "AlternateContent":
                self._alternative(child, link)
            elif name == "sdt" and child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
                continue  # asks for an answer, and isn't one
            elif name == "t":  # of a formula, or of an alternative within a run
                self._add(child.text or "", False, False, link)
            else:
                self.walk(child, link)

    def _alternative(self, element, link):
        """Read the first alternative that says anything: of an emoji typed in Word only the last one does."""
        before = len(self.spans)
        for alternative in element:
            self.walk(alternative, link)
            if len(self.spans) > before or alternative.find(f".//{W}txbxContent") is not None:
                return

    def _run(self, run, link):
        properties = run.find(f"{W}rPr")
        bold = is_on(properties, "b")
        is_bold, is_italic = self.is_bold if bold is None else bold, bool(is_on(properties, "i"))
        label = next((label for name, label in _ASIDE.items() if is_on(properties, name)), "")
        before, text = len(self.spans), ""
        for child in run:
            name = name_of(child)
            if name not in ("AlternateContent", "ruby"):
                text += self._text(child, name)
                continue
            self._add(text, is_bold, is_italic, link)
            text = ""
            self.walk([child] if name == "AlternateContent" else child, link)
        self._add(text, is_bold, is_italic, link)
        if label and (told := "".join(span.text for span in self.spans[before:])):
            self.aside.append(f"{label}: {told}")
            del self.spans[before:]

    def _add(self, text, is_bold, is_italic, link):
        if text:
            self.spans.append(Span(text, is_bold, is_italic, link))

    def _text(self, child, name):
        is_instruction = any(one is not None for one in self.instructions)
        if name == "t":
            return "" if is_instruction else child.text or ""
        if name == "br":
            return "" if attribute(child, "type") in ("page", "column") else "\n"
        if name == "fldChar":
            return self._field(child)
        if name == "instrText" and self.instructions and self.instructions[-1] is not None:
            self.instructions[-1] += child.text or ""
        return {"tab": "\t", "cr": "\n", "noBreakHyphen": "-", "sym": "•"}.get(name, "")

    def _field(self, element):
        """Follow the parts of a field; returns what was chosen in one with choices."""
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self.instructions.append("")
            return _chosen(element)
        if kind == "separate" and self.instructions:
            match = _FIELD_LINK.match(self.instructions[-1] or "")
            self.field_link = match[1] if match and LINK.match(match[1]) else self.field_link
            self.instructions[-1] = None
        elif kind == "end" and self.instructions:
            self.instructions.pop()
            self.field_link = self.field_link if self.instructions else ""
        return ""


_ASIDE = {"vanish": "Dold text", "strike": "Genomstruken text", "dstrike": "Genomstruken text"}


def _chosen(field):
    choices = field.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return ""
    entries = [attribute(entry, "val") for entry in choices.iterchildren(f"{W}listEntry")]
    result = choices.find(f"{W}result")
    place = attribute(result, "val") if result is not None else "0"
    return entries[int(place)] if place.isdecimal() and int(place) < len(entries) else ""
