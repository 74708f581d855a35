"""The columns that the Excel and the CSV file share: one row a proposal, every text as typed."""

from proposals import sections


def _texts(part):
    """The columns of the sections in that part of the forms."""
    return {
        section.column: lambda item, name=section.name: item.texts.get(name, "")
        for section in sections.SECTIONS
        if section.part == part
    }


COLUMNS = {
    "Nr": lambda item: item.number or item.reference,
    "Rubrik": lambda item: item.title,
    "Avsändare": lambda item: item.sender,
    **_texts(sections.CONTENT),
    "Målgrupper": lambda item: ", ".join(item.target_groups),
    **_texts(sections.TARGET_GROUP),
    "Kontaktperson": lambda item: _of_each(item, "name"),
    "Titel": lambda item: _of_each(item, "title"),
    "E-post": lambda item: _of_each(item, "email"),
    "Telefon": lambda item: _of_each(item, "phone"),
    "Länk": lambda item: item.address,
}


def rows(booklet):
    """The proposals as lists of a number and strings, in the order of `columns`."""
    return [[column(item) for column in columns(booklet).values()] for item in booklet.proposals]


def columns(booklet):
    """{heading: function that gives the cell}; a working copy says the status as well."""
    return {**COLUMNS, "Status": lambda item: item.status} if booklet.is_working_copy else COLUMNS


def _of_each(item, name):
    """What is known of each contact person, one a line, so that the same line is the same person in every column."""
    return "\n".join(getattr(person, name) for person in item.contacts).rstrip("\n")
