"""What the XML in office files can hold."""

import re

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text):
    """`text` without the characters that would make the file unreadable."""
    return _ILLEGAL.sub("", text)
