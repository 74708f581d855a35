"""Restore links in text extracted from a PDF, where the URLs of each page are listed at its foot."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from urllib.parse import unquote, urlsplit

from proposals.importing.text_file import is_address
from proposals.richtext import Span
from proposals.search.text import fold, words

_QUOTED = re.compile(r"[\"”“][^\"”“]{8,200}[\"”]")
MIN_SLUG_WORDS = 3
MAX_PAGE_LENGTH = 20_000  # characters


@dataclass
class Links:
    placed: list[tuple[str, str]] = field(default_factory=list)  # (address, link text)
    unplaced: list[str] = field(default_factory=list)

    @property
    def notes(self):
        return [
            f"Länken {address} kopplades till ”{text}”. Kontrollera att det stämmer." for address, text in self.placed
        ]


def place_links(lines):
    """Return (lines with links restored, Links). Documents without pages are returned unchanged."""
    links = Links()
    if not any(line.page for line in lines):
        return lines, links
    placed, folded_text = [], fold("\n".join(line.text for line in lines if not _is_at_foot(line)))
    for is_foot, group in groupby(lines, key=_is_at_foot):
        if not is_foot:
            placed += group
            continue
        after = 0
        page = _page_before(placed)
        for address, repeated in groupby(line.text for line in group):
            if address.startswith("mailto:"):
                links.unplaced += [address] if fold(unquote(address[7:])) not in folded_text else []
            else:
                after = _place(placed, page, after, address, len(list(repeated)), links)
    return placed, links


def _is_at_foot(line):
    return is_address(line) and not line.is_whole


def _page_before(lines):
    """Return the indexes of the lines on the last page, or none if it exceeds MAX_PAGE_LENGTH."""
    page, length = [], 0
    for index in reversed(range(len(lines))):
        length += len(lines[index].text) + 1
        if lines[index].page != lines[-1].page:
            break
        if length > MAX_PAGE_LENGTH:
            return []
        page.append(index)
    return page[::-1]


def _place(lines, page, after, address, rows, links):
    """Link the text of one address, searched after the offset `after` of the page, and return the next offset.

    A PDF repeats the address for each of the `rows` that the link text spans.
    """
    text = "\n".join(lines[index].text for index in page)
    position = _match_slug(text, address) or _match_quotation(text, after, rows)
    if position is None:
        links.unplaced.append(address)
        return after
    begin, end = position
    links.placed.append((address, " ".join(text[begin:end].split())))
    _set_link(lines, page, begin, end, address)
    return end


def _match_slug(text, address):
    """Return (begin, end) of the words of the slug, such as "Ny rapport om el" for "…/ny-rapport-om-el", or None."""
    try:
        url = urlsplit(address)
    except ValueError:  # such as "http://[a"
        return None
    slug = [part for part in url.path.split("/") if part]
    slug_words = words(unquote(slug[-1]).replace("-", " ")) if slug else []
    if len(slug_words) < MIN_SLUG_WORDS:
        return None
    match = re.search(r"[\W_]+".join(map(re.escape, slug_words)), _folded(text))
    if not match:
        return None
    host = re.compile(rf"\s*\({re.escape(url.netloc.removeprefix('www.'))}\)").match(text, match.end())
    return match.start(), host.end() if host else match.end()


def _match_quotation(text, after, rows):
    """Return (begin, end) of the only quotation after `after` that spans `rows` > 1 rows, or None."""
    matches = [match for match in _QUOTED.finditer(text, after) if match[0].count("\n") == rows - 1]
    return matches[0].span() if len(matches) == 1 and rows > 1 else None


@lru_cache(1)  # a page has many addresses
def _folded(text):
    """Fold each character on its own, so that offsets stay valid."""
    return "".join(fold(char)[:1] or char for char in text)


def _set_link(lines, page, begin, end, address):
    offset = 0
    for index in page:
        text = lines[index].text
        first, last = max(begin - offset, 0), min(end - offset, len(text))
        if first < last:
            spans = [Span(text[:first]), Span(text[first:last], link=address), Span(text[last:])]
            lines[index] = replace(lines[index], spans=tuple(span for span in spans if span.text))
        offset += len(text) + 1
