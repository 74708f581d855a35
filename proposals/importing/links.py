"""Addresses of links that a PDF's text has torn out of their place: each page's stand at its foot."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from urllib.parse import unquote, urlsplit

from proposals.importing.text_file import is_address
from proposals.richtext import Span
from proposals.search.text import fold, words

_QUOTED = re.compile(r"[\"”“][^\"”“]{8,200}[\"”]")
FEWEST_WORDS = 3  # of an address that say which text it is behind
LONGEST_PAGE = 20_000  # characters


@dataclass
class Links:
    """What became of the addresses."""

    placed: list[tuple[str, str]] = field(default_factory=list)  # (address, the words that carry it now)
    left: list[str] = field(default_factory=list)

    def report(self, reading):
        """Say in the Reading which links were put back by guess, and which found no place."""
        reading.notes += [
            f"Länken {address} kopplades till ”{text}”. Kontrollera att det stämmer." for address, text in self.placed
        ]
        reading.unread += self.left


def place_links(lines):
    """(the lines with the addresses put back behind their words, Links); other documents' lines are as they were."""
    links = Links()
    if not any(line.page for line in lines):
        return lines, links
    kept, said = [], fold("\n".join(line.text for line in lines if not _is_at_foot(line)))
    for is_foot, group in groupby(lines, key=_is_at_foot):
        if not is_foot:
            kept += group
            continue
        after = 0
        page = _page_before(kept)
        for address, repeated in groupby(line.text for line in group):
            if address.startswith("mailto:"):
                links.left += [address] if fold(unquote(address[7:])) not in said else []
            else:
                after = _place(kept, page, after, address, len(list(repeated)), links)
    return kept, links


def _is_at_foot(line):
    return is_address(line) and not line.is_whole


def _page_before(lines):
    """The places of the lines on the page that ends here; none when it is longer than a page can be."""
    page, letters = [], 0
    for place in reversed(range(len(lines))):
        letters += len(lines[place].text) + 1
        if lines[place].page != lines[-1].page:
            break
        if letters > LONGEST_PAGE:
            return []
        page.append(place)
    return page[::-1]


def _place(lines, page, after, address, rows, links):
    """Put one address behind its words, which stand after the offset `after` of the page; returns the next offset.

    An address that is repeated has words on as many rows: a PDF holds a link once for each.
    """
    text = "\n".join(lines[place].text for place in page)
    found = _by_words(text, address) or _by_quotation(text, after, rows)
    if found is None:
        links.left.append(address)
        return after
    begin, end = found
    links.placed.append((address, " ".join(text[begin:end].split())))
    _carry(lines, page, begin, end, address)
    return end


def _by_words(text, address):
    """Where the words of the address's last part stand in the text: "…/ny-rapport-om-el" behind "Ny rapport om el"."""
    try:
        where = urlsplit(address)
    except ValueError:  # such as "http://[a"
        return None
    slug = [part for part in where.path.split("/") if part]
    said = words(unquote(slug[-1]).replace("-", " ")) if slug else []
    if len(said) < FEWEST_WORDS:
        return None
    found = re.search(r"[\W_]+".join(map(re.escape, said)), _folded(text))
    if not found:
        return None
    host = re.compile(rf"\s*\({re.escape(where.netloc.removeprefix('www.'))}\)").match(text, found.end())
    return found.start(), host.end() if host else found.end()


def _by_quotation(text, after, rows):
    """A quotation after `after` on as many rows as the address is repeated, when there is just one."""
    fitting = [found for found in _QUOTED.finditer(text, after) if found[0].count("\n") == rows - 1]
    return fitting[0].span() if len(fitting) == 1 and rows > 1 else None


@lru_cache(1)  # one page has many addresses
def _folded(text):
    """The text without accents, letter for letter, so that places in it are the same."""
    return "".join(fold(sign)[:1] or sign for sign in text)


def _carry(lines, page, begin, end, address):
    """Make the words from `begin` to `end` of a page's text carry the link, on each of their lines."""
    offset = 0
    for place in page:
        text = lines[place].text
        first, last = max(begin - offset, 0), min(end - offset, len(text))
        if first < last:
            spans = [Span(text[:first]), Span(text[first:last], link=address), Span(text[last:])]
            lines[place] = replace(lines[place], spans=tuple(span for span in spans if span.text))
        offset += len(text) + 1
