"""What the labels of a form or the header cells of a table ask for."""

import re

from proposals.importing.headings import CONTACT, SENDER, parse_heading
from proposals.importing.lines import Role

TITLE, NUMBER = "title", "number"
_CONTACT_FIELDS = {
    "namn": Role.NAME,
    **dict.fromkeys(["titel", "roll", "funktion", "befattning", "organisation", "enhet", "arbetsplats"], Role.JOB),
    **dict.fromkeys(
        ["e-post", "epost", "mejl", "mail", "e-mail", "e-postadress", "mejladress", "mailadress"], Role.EMAIL
    ),
    **dict.fromkeys(["telefon", "tel", "tfn", "mobil", "telefonnummer", "mobilnummer"], Role.PHONE),
}
_OTHER = {
    **dict.fromkeys(["nr", "nummer", "#", "no", "förslag nr", "förslagets nummer"], NUMBER),
    **dict.fromkeys(["rubrik", "titel", "förslag", "idé", "lärprojekt", "projekt", "ämne", "tema"], TITLE),
    **dict.fromkeys(["förslagets rubrik", "förslagets titel", "förslagets namn", "namn på förslaget"], TITLE),
    **dict.fromkeys(["projekttitel", "projektnamn", "projektets namn", "projektets titel", "arbetsnamn"], TITLE),
    **dict.fromkeys(
        ["avsändare", "förslagsställare", "region", "medlem", "från", "vem föreslår", "inskickat av"], SENDER
    ),
    **dict.fromkeys(["vilka står bakom", "vem står bakom", "vem lämnar förslaget", "vilka föreslår"], SENDER),
    **dict.fromkeys(["organisation", "avsändande organisation", "medlemsorganisation", "region/organisation"], SENDER),
}


def normalized(text):
    return re.sub(r"\s+", " ", text.strip(" :.*?")).lower()


def contact_field(text):
    """The Role of the field of a contact person that a label asks for, or None."""
    return _CONTACT_FIELDS.get(normalized(text))


def label_of(text):
    """TITLE, NUMBER, SENDER, CONTACT or the name of a section, or None; a label that ends in a question mark too."""
    if not 0 < len(text) <= 80:
        return None
    if found := _OTHER.get(normalized(text)):
        return found
    heading = parse_heading(text, is_marked=True)
    return heading.section if heading and not heading.rest else None


__all__ = ["CONTACT", "NUMBER", "SENDER", "TITLE", "contact_field", "label_of"]
