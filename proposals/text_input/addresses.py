"""E-mail addresses as mail programs copy them."""

import re

from proposals.text_input.characters import printable

# An address; or a name, which may have a comma in it, before one in brackets; or anything else
_PIECE = re.compile(
    r"(?:mailto:)?(?P<address>[^\s<>;,]+@[^\s<>;,]+)|[^<>@;\n]{0,200}<\s*(?:mailto:)?(?P<named>[^\s<>]+)\s*>|(?P<other>[^\s;,]+)",
    re.IGNORECASE,
)

MAX_LENGTH = 5_000  # characters, beyond which nothing is understood


def split_addresses(text):
    """The addresses in "Ek, Anna <anna@example.com>; bo@example.com", and whatever else stands there, in order."""
    if len(text) > MAX_LENGTH:
        return [text]
    pieces = (match["address"] or match["named"] or match["other"] for match in _PIECE.finditer(printable(text)))
    return list(dict.fromkeys(pieces))


def only_address(text):
    """The address in "Anna Ek <anna@example.com>"; `text` itself unless there is just one."""
    pieces = split_addresses(text)
    return pieces[0] if len(pieces) == 1 else text
