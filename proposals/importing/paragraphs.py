"""From lines to blocks of text: where paragraphs end in text whose lines a page's width has cut, and what is a list."""

import re
from dataclasses import replace
from itertools import groupby

from proposals.importing.lines import Role
from proposals.richtext import Block, Span, joined

_BULLET = re.compile(r"(?:[•▪◦‣·–*\uf0b7-]|o(?=\t))\s+(?=\S)")
_NUMBER = re.compile(r"([0-9]{1,2})[.)]\s+(?=\S)")
_ENDS_SENTENCE = re.compile(r"[.?!:;…][\"”’')\]]*$")
# Thousandths of the type size in Times, whose proportions most typefaces for running text share
_WIDTHS = {
    sign: width
    for width, signs in {
        **{250: " .,", 278: "ijlt:;/", 333: "fr-()!’'I", 389: "sJ", 444: "acezåäé?”", 556: "FPS", 611: "ELTZ"},
        **{667: "BCR", 722: "wADGHKNOQUVXYÅÄÖ", 778: "m", 889: "M", 921: "@", 944: "W"},
    }.items()
    for sign in signs
}
_OTHER_WIDTH = 500
SHORT = 5  # words of a sub-heading
FULL = 0.985  # of the margin: a line that a further word would make fuller was cut there
SPARSE = 0.75  # a line that even so stays below this was ended on purpose


def width(text):
    """How wide a line is set, in thousandths of the type size."""
    return sum(_WIDTHS.get(sign, _OTHER_WIDTH) for sign in text)


def margin_of(lines):
    """The width at which a document's lines are cut: that of nearly the widest."""
    widths = sorted(width(line.text) for line in lines if " " in line.text)
    return widths[int(len(widths) * 0.98)] if widths else 0


def has_no_room(text, following, margin):
    """Whether the first word of the following text had no room after this one."""
    word = following.split(" ", 1)[0]
    return width(f"{text} {word}") > FULL * margin


def is_full(line, following, margin):
    """Whether a line was cut because the following one's first word had no room."""
    return has_no_room(line.text, following.text, margin)


def blocks_of(lines, margin):
    """The Blocks that the lines of one section say."""
    blocks = []
    for is_list, group in groupby(_joined(lines, margin), key=lambda line: bool(line.list_kind) or line.continues_item):
        same = list(group)
        blocks += _lists(same) if is_list else map(_block, same)
    return [block for block in blocks if block.spans or block.items]


def is_sub_heading(line):
    """Whether a line is a heading within a section: by style, in bold, or a few words and a colon."""
    if line.role is not None:
        return line.role is Role.SUB_HEADING
    from_style = line.level > 0
    few = len(line.text.split()) <= SHORT and not line.list_kind
    said_so = line.text.endswith(":") and "." not in line.text and line.text[:1].isupper()
    return from_style or (few and (said_so or (line.is_bold and not _ENDS_SENTENCE.search(line.text.rstrip(":")))))


def _joined(lines, margin):
    """The lines as paragraphs, with the marks of lists taken off."""
    rows, before = [], None
    for line in lines:
        if not line.text:
            before = line if before is None or before.text else before
            continue
        marked = line if line.role or line.list_kind else _unmarked(line)
        if rows and (line.is_whole or marked is not line or _ends(before, line, rows, margin)):
            yield _paragraph(rows)
            rows = []
        rows.append(marked)
        before = line
    if rows:
        yield _paragraph(rows)


def _paragraph(rows):
    """One line of those that a page's width has cut."""
    spans = list(rows[0].spans)
    for row in rows[1:]:
        link = row.spans[0].link if row.spans[0].link == spans[-1].link else ""
        spans += [Span(" ", link=link), *row.spans]
    return replace(rows[0], spans=tuple(spans))


def _ends(before, line, rows, margin):
    """Whether the paragraph of these rows ended before `line`."""
    if not before.text:
        return not (line.text[:1].islower() and not _ENDS_SENTENCE.search(rows[-1].text))
    if is_sub_heading(before) or is_sub_heading(line):
        return True
    has_room = not is_full(before, line, margin)
    if _ENDS_SENTENCE.search(before.text):
        return has_room or before.is_ended or _asks_again(rows[0], before, line)
    return has_room and width(before.text) < SPARSE * margin and line.text[:1].isupper()


def _asks_again(first, before, line):
    """Whether both paragraph and line are questions that begin alike: one of several, each a paragraph."""
    return before.text.endswith("?") and first.text.split()[0] == line.text.split()[0]


def _unmarked(line):
    """A line that begins with a bullet or a number as an item of a list; the line itself when it doesn't."""
    text = line.spans[0].text.lstrip()
    for kind, mark in (("bullets", _BULLET), ("numbers", _NUMBER)):
        if found := mark.match(text):
            rest = (replace(line.spans[0], text=text[found.end() :]), *line.spans[1:])
            return replace(line, spans=rest, list_kind=kind, start=int(found[1]) if kind == "numbers" else 1)
    return line


def _block(line):
    kind = "heading" if is_sub_heading(line) else "paragraph"
    spans = line.spans
    if kind == "heading" or (line.is_bold and line.role is None and line.level):
        spans = tuple(replace(span, is_bold=False) for span in spans)
    return Block(kind, _tidied(spans))


def _tidied(spans):
    """The spans with single spaces, none at the ends, and neighbours that look alike made one."""
    tidy = [
        replace(span, text=re.sub(r" ?\n ?", "\n", re.sub(r"[ \t\u00a0]+", " ", span.text))) for span in joined(spans)
    ]
    while tidy and not tidy[0].text.strip():
        tidy.pop(0)
    while tidy and not tidy[-1].text.strip():
        tidy.pop()
    if tidy:
        tidy[0] = replace(tidy[0], text=tidy[0].text.lstrip())
        tidy[-1] = replace(tidy[-1], text=tidy[-1].text.rstrip())
    return tuple(span for span in tidy if span.text)


def _lists(lines):
    """Items in a row as Blocks; deeper lines, and paragraphs that go on, belong to the item before them."""
    outermost = min(line.depth for line in lines)
    items = []
    for line in lines:
        if items and (line.depth > outermost or line.continues_item):
            items[-1].append(line)
        else:
            items.append([line])
    lists = []
    for kind, same in groupby(items, key=lambda item: item[0].list_kind or "bullets"):
        alike = list(same)
        lists.append(Block(kind, items=tuple(map(_item, alike)), start=alike[0][0].start))
    return lists


def _item(lines):
    first, *rest = lines
    blocks = [Block("paragraph", _tidied(first.spans))]
    for goes_on, group in groupby(rest, key=lambda line: line.continues_item and line.depth == first.depth):
        inner = list(group)
        blocks += [Block("paragraph", _tidied(line.spans)) for line in inner] if goes_on else _lists(inner)
    return tuple(blocks)
