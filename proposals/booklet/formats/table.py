"""The columns that the Excel and the CSV file share: one row a proposal, every text as typed."""

COLUMNS = {
    "Nr": lambda item: item.number or item.reference,
    "Rubrik": lambda item: item.title,
    "Avsändare": lambda item: item.sender,
    "Bakgrund": lambda item: item.background,
    "Syfte och mål": lambda item: item.purpose,
    "Förväntat resultat": lambda item: item.expected_result,
    "Målgrupper": lambda item: ", ".join(item.target_groups),
    "Målgruppen med egna ord": lambda item: item.target_group_text,
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
