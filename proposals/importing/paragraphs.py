"""Convert lines to blocks: join wrapped lines into paragraphs and recognise lists."""

import re
from dataclasses import replace
from itertools import groupby

from proposals.importing.lines import Role
from proposals.richtext import PASTED_BULLET, Block, Span, joined

_BULLET = re.compile(rf"(?:{PASTED_BULLET}|[–*-]\s+(?=\S))")
_NUMBER = re.compile(r"([0-9]{1,2})[.)]\s+(?=\S)")
# A word divided at the end of a line, but not the first part of "sol- och vindkraft"
_DIVIDED = re.compile(r"(?P<rest>.*\w)[-\u00ad\u2010]\s*", re.DOTALL)
_AND = re.compile(r"(?:och|eller|samt|respektive)\b")
_ENDS_SENTENCE = re.compile(r"[.?!:;…][\"”’')\]]*$")
# Character widths of Times in thousandths of an em, typical of text fonts
_WIDTHS = {
    char: width
    for width, chars in {
        **{250: " .,", 278: "ijlt:;/", 333: "fr-()!’'I", 389: "sJ", 444: "acezåäé?”", 556: "FPS", 611: "ELTZ"},
        **{667: "BCR", 722: "wADGHKNOQUVXYÅÄÖ", 778: "m", 889: "M", 921: "@", 944: "W"},
    }.items()
    for char in chars
}
_DEFAULT_WIDTH = 500
MAX_SUB_HEADING = 5  # words
# Shares of the margin: above the first a line is wrapped, below the second it ends a paragraph
FULL = 0.985
SPARSE = 0.75


def width(text):
    """Estimate the width of a line in thousandths of an em."""
    return sum(_WIDTHS.get(char, _DEFAULT_WIDTH) for char in text)


def estimate_margin(lines):
    """Return the width at which lines are wrapped: the 98th percentile."""
    widths = sorted(width(line.text) for line in lines if " " in line.text)
    return widths[int(len(widths) * 0.98)] if widths else 0


def has_no_room(text, following, margin):
    word = following.split(" ", 1)[0]
    return width(f"{text} {word}") > FULL * margin


def is_full(line, following, margin):
    """Whether the line was wrapped because the first word of the following one didn't fit."""
    return has_no_room(line.text, following.text, margin)


def to_blocks(lines, margin):
    blocks = []
    for is_list, group in groupby(
        _join_wrapped(lines, margin), key=lambda line: bool(line.list_kind) or line.continues_item
    ):
        members = list(group)
        blocks += _lists(members) if is_list else map(_block, members)
    return [block for block in blocks if block.spans or block.items]


def is_sub_heading(line):
    """Whether a line is a heading within a section, by its style, bold type or final colon."""
    if line.role is not None:
        return line.role is Role.SUB_HEADING
    is_short = len(line.text.split()) <= MAX_SUB_HEADING and not line.list_kind
    is_label = line.text.endswith(":") and "." not in line.text and line.text[:1].isupper()
    return line.level > 0 or (
        is_short and (is_label or (line.is_bold and not _ENDS_SENTENCE.search(line.text.rstrip(":"))))
    )


def _join_wrapped(lines, margin):
    """Yield each paragraph as one line, without list markers."""
    rows, before = [], None
    for line in lines:
        if not line.text:
            before = line if before is None or before.text else before
            continue
        item = line if line.role or line.list_kind else _without_marker(line)
        if rows and (line.is_whole or item is not line or _is_paragraph_end(before, line, rows, margin)):
            yield _paragraph(rows)
            rows = []
        rows.append(item)
        before = line
    if rows:
        yield _paragraph(rows)


def _paragraph(rows):
    spans = list(rows[0].spans)
    for row in rows[1:]:
        divided = _DIVIDED.fullmatch(spans[-1].text)
        if divided and row.text[:1].islower() and not _AND.match(row.text):
            spans[-1] = replace(spans[-1], text=divided["rest"])
            spans += row.spans
            continue
        link = row.spans[0].link if row.spans[0].link == spans[-1].link else ""
        spans += [Span(" ", link=link), *row.spans]
    return replace(rows[0], spans=tuple(spans))


def _is_paragraph_end(before, line, rows, margin):
    if not before.text:
        return not (line.text[:1].islower() and not _ENDS_SENTENCE.search(rows[-1].text))
    if is_sub_heading(before) or is_sub_heading(line):
        return True
    has_room = not is_full(before, line, margin)
    if _ENDS_SENTENCE.search(before.text):
        return has_room or before.is_ended or _is_similar_question(rows[0], before, line)
    return has_room and width(before.text) < SPARSE * margin and line.text[:1].isupper()


def _is_similar_question(first, before, line):
    """Whether both are questions with the same first word, which form separate paragraphs."""
    return before.text.endswith("?") and first.text.split()[0] == line.text.split()[0]


def _without_marker(line):
    """Convert a line that begins with a bullet or number to a list item; return other lines unchanged."""
    text = line.spans[0].text.lstrip()
    for kind, marker in (("bullets", _BULLET), ("numbers", _NUMBER)):
        if match := marker.match(text):
            spans = (replace(line.spans[0], text=text[match.end() :]), *line.spans[1:])
            return replace(line, spans=spans, list_kind=kind, start=int(match[1]) if kind == "numbers" else 1)
    return line


def _block(line):
    kind = "heading" if is_sub_heading(line) else "paragraph"
    spans = line.spans
    if kind == "heading" or (line.is_bold and line.role is None and line.level):
        spans = tuple(replace(span, is_bold=False) for span in spans)
    return Block(kind, _normalize(spans))


def _normalize(spans):
    """Collapse and strip whitespace and merge spans of the same formatting."""
    result = [
        replace(span, text=re.sub(r" ?\n ?", "\n", re.sub(r"[ \t\u00a0]+", " ", span.text))) for span in joined(spans)
    ]
    while result and not result[0].text.strip():
        result.pop(0)
    while result and not result[-1].text.strip():
        result.pop()
    if result:
        result[0] = replace(result[0], text=result[0].text.lstrip())
        result[-1] = replace(result[-1], text=result[-1].text.rstrip())
    return tuple(span for span in result if span.text)


def _lists(lines):
    """Convert consecutive list items to Blocks; deeper lines and continuations belong to the preceding item."""
    outermost = min(line.depth for line in lines)
    items = []
    for line in lines:
        if items and (line.depth > outermost or line.continues_item):
            items[-1].append(line)
        else:
            items.append([line])
    lists = []
    for kind, group in groupby(items, key=lambda item: item[0].list_kind or "bullets"):
        members = list(group)
        lists.append(Block(kind, items=tuple(map(_item, members)), start=members[0][0].start))
    return lists


def _item(lines):
    first, *rest = lines
    blocks = [Block("paragraph", _normalize(first.spans))]
    for is_continuation, group in groupby(rest, key=lambda line: line.continues_item and line.depth == first.depth):
        inner = list(group)
        blocks += [Block("paragraph", _normalize(line.spans)) for line in inner] if is_continuation else _lists(inner)
    return tuple(blocks)
