"""A file that somebody has chosen, as a Document: what kind it is is told by what it holds, not by its name."""

from proposals.importing.lines import Unreadable
from proposals.importing.text_file import read_text
from proposals.importing.word_file import read_word

LARGEST = 25_000_000  # bytes
_OTHER_KINDS = {
    b"%PDF": "Filen är en PDF. Öppna den i Word och spara den som Word-dokument (.docx), eller kopiera texten till en "
    "textfil.",
    b"\xd0\xcf\x11\xe0": "Filen är skyddad med lösenord, eller sparad av ett äldre Word (.doc). Öppna den i Word och "
    "spara den utan lösenord som Word-dokument (.docx).",
    b"{\\rtf": "Filen är i formatet RTF. Öppna den i Word och spara den som Word-dokument (.docx).",
}


def read_document(content, name):
    """The Document in the bytes of a Word or text file; Unreadable, with a sentence for a person, when it is none."""
    if not content.strip():
        raise Unreadable("Filen är tom.")
    if len(content) > LARGEST:
        raise Unreadable("Filen är större än 25 MB. Ta bort bilderna, eller spara den som text.")
    for beginning, reason in _OTHER_KINDS.items():
        if content.startswith(beginning):
            raise Unreadable(reason)
    return read_word(content, name) if content.startswith(b"PK") else read_text(content, name)
