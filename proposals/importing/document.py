"""Read an uploaded file as a Document. The format is detected from the content, not from the name."""

from proposals.importing.lines import UnreadableDocument
from proposals.importing.text_file import read_text
from proposals.importing.word_file import read_word

MAX_FILE_SIZE = 25_000_000  # bytes
_UNSUPPORTED = {
    b"%PDF": "Filen är en PDF. Öppna den i Word och spara den som Word-dokument (.docx), eller kopiera texten till en "
    "textfil.",
    b"\xd0\xcf\x11\xe0": "Filen är skyddad med lösenord, eller sparad av ett äldre Word (.doc). Öppna den i Word och "
    "spara den utan lösenord som Word-dokument (.docx).",
    b"{\\rtf": "Filen är i formatet RTF. Öppna den i Word och spara den som Word-dokument (.docx).",
}


def read_document(content, name):
    """Return the Document in the bytes of a Word or text file. Raise UnreadableDocument with a message for the user."""
    if not content.strip():
        raise UnreadableDocument("Filen är tom.")
    if len(content) > MAX_FILE_SIZE:
        raise UnreadableDocument("Filen är större än 25 MB. Ta bort bilderna, eller spara den som text.")
    for signature, message in _UNSUPPORTED.items():
        if content.startswith(signature):
            raise UnreadableDocument(message)
    return read_word(content, name) if content.startswith(b"PK") else read_text(content, name)
