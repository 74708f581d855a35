"""Characters that nobody sees: what is stored is what people see."""

import re
import unicodedata

# Control characters that no keyboard types, lone halves of a character and code points that are none, which XML, Word
# and PDF files choke on, and marks that turn the direction of all text that follows
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
LINE_BREAK = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Without the joiners in emoji and in some alphabets (U+200C, U+200D), which change what is seen
INVISIBLE_SET = "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
INVISIBLE = re.compile(f"[{INVISIBLE_SET}]")
# Letters that look like a space, joiners and variation selectors: nothing, unless something is beside them
_BLANK = re.compile(f"[\\s{INVISIBLE_SET}\u115f\u1160\u17b4\u17b5\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0]*")

# With the character before, which they may belong to; in pieces, because the time is the square of the accents in a row
_COMPOSABLE = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]{1,100}")
_FIRST_COMBINING = "\u0300"


def printable(text):
    """`text` with every break of a line as \\n, and without UNPRINTABLE."""
    return UNPRINTABLE.sub("", LINE_BREAK.sub("\n", text))


def composed(text):
    """`text` in Unicode's form NFC, in which a letter with its accent is one character."""
    if max(text, default="") < _FIRST_COMBINING:
        return text
    return _COMPOSABLE.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)


def visible(text):
    """`text` composed, without invisible characters."""
    return composed(INVISIBLE.sub("", printable(text)))


def clean_line(text):
    """`text` in one line, composed, without invisible characters; "" if there is nothing to see."""
    text = visible(text)
    return "" if _BLANK.fullmatch(text) else " ".join(text.split())


def clean_paragraphs(text):
    """`text` in any number of lines, composed; "" if there is nothing to see."""
    text = printable(text)
    return "" if _BLANK.fullmatch(text) else composed(text.strip())
