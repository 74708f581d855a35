"""Convert the blocks of `richtext` to Markdown."""

import re

from proposals import richtext

_SPECIAL = re.compile(r"[\\*_\[\]]")
_LINE_START = re.compile(r"^([ \t]*[0-9]*)([-+*.)]|#{1,6})(?=\s|$)", re.MULTILINE)


def to_markdown(blocks):
    """Return Markdown that `richtext.blocks` parses to `blocks`."""
    return "\n\n".join(map(_block, blocks))


def _block(block):
    if block.kind in ("bullets", "numbers"):
        return "\n".join(_item(block, index) for index in range(len(block.items)))
    prefix = "### " if block.kind == "heading" else ""
    unescaped = prefix + "".join(_span(span, str) for span in block.spans)
    # Escape only where necessary, because people edit this text
    return unescaped if richtext.blocks(unescaped) == (block,) else prefix + _escaped_block(block)


def _item(block, index):
    marker = "- " if block.kind == "bullets" else f"{block.start + index}. "
    text = ""
    for inner in block.items[index]:
        separator = "" if not text else "\n" if inner.items else "\n\n"
        text += separator + _block(inner)
    return marker + re.sub(r"\n(?=[^\n])", "\n" + " " * len(marker), text)


def _escaped_block(block):
    text = "".join(_span(span, _escape) for span in block.spans)
    return _LINE_START.sub(r"\1\\\2", text)


def _escape(text):
    return _SPECIAL.sub(lambda match: "\\" + match[0], text)


def _span(span, escape):
    text = escape(span.text)
    if span.link and span.link not in (span.text, f"mailto:{span.text}"):
        text = f"[{text}]({span.link})"
    for is_set, mark in ((span.is_italic, "*"), (span.is_bold, "**")):
        if is_set and (words := text.strip()):
            text = text.replace(words, f"{mark}{words}{mark}", 1)  # Markdown allows no space inside the marks
    return text
