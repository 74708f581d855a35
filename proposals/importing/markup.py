"""Writing light Markdown: the way back from the blocks of `richtext`."""

import re

from proposals import richtext

_MARK = re.compile(r"[\\*_\[\]]")
_BEGINNING = re.compile(r"^([ \t]*[0-9]*)([-+*.)]|#{1,6})(?=\s|$)", re.MULTILINE)


def typed(blocks):
    """The text that `richtext.blocks` reads as `blocks`."""
    return "\n\n".join(_typed(block) for block in blocks)


def _typed(block):
    if block.kind in ("bullets", "numbers"):
        return "\n".join(_item(block, place) for place in range(len(block.items)))
    before = "### " if block.kind == "heading" else ""
    natural = before + "".join(_span(span, _as_it_is) for span in block.spans)
    # Signs that would be read as markup are marked as plain ones, and only where they would
    return natural if richtext.blocks(natural) == (block,) else before + _safe(block)


def _item(block, place):
    marker = "- " if block.kind == "bullets" else f"{block.start + place}. "
    whole = ""
    for inner in block.items[place]:
        # A list begins on the next line, a further paragraph after an empty one
        between = "" if not whole else "\n" if inner.items else "\n\n"
        whole += between + _typed(inner)
    return marker + re.sub(r"\n(?=[^\n])", "\n" + " " * len(marker), whole)


def _safe(block):
    whole = "".join(_span(span, _escaped) for span in block.spans)
    return _BEGINNING.sub(r"\1\\\2", whole)


def _as_it_is(text):
    return text


def _escaped(text):
    return _MARK.sub(lambda sign: "\\" + sign[0], text)


def _span(span, write):
    text = write(span.text)
    if span.link and span.link not in (span.text, f"mailto:{span.text}"):
        text = f"[{text}]({span.link})"
    for is_so, mark in ((span.is_italic, "*"), (span.is_bold, "**")):
        if is_so and (words := text.strip()):
            text = text.replace(words, f"{mark}{words}{mark}", 1)  # no space between the mark and its words
    return text
