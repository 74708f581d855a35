"""Columns of the Excel and CSV files: one row per proposal, texts as Markdown source."""

from proposals import sections


def _text_columns(part):
    return {
        section.column: lambda proposal, name=section.name: proposal.texts.get(name, "")
        for section in sections.SECTIONS
        if section.part == part
    }


COLUMNS = {
    "Nr": lambda proposal: proposal.number or proposal.reference,
    "Rubrik": lambda proposal: proposal.title,
    "Avsändare": lambda proposal: proposal.sender,
    **_text_columns(sections.CONTENT),
    "Målgrupper": lambda proposal: ", ".join(proposal.target_groups),
    **_text_columns(sections.TARGET_GROUP),
    "Kontaktperson": lambda proposal: _contact_lines(proposal, "name"),
    "Titel": lambda proposal: _contact_lines(proposal, "title"),
    "E-post": lambda proposal: _contact_lines(proposal, "email"),
    "Telefon": lambda proposal: _contact_lines(proposal, "phone"),
    "Länk": lambda proposal: proposal.address,
}


def rows(booklet):
    """Return a list of cells per proposal; all are strings except the number."""
    return [[column(proposal) for column in columns(booklet).values()] for proposal in booklet.proposals]


def columns(booklet):
    """Return {heading: function from a BookletProposal to the cell}."""
    return {**COLUMNS, "Status": lambda proposal: proposal.status} if booklet.is_working_copy else COLUMNS


def _contact_lines(proposal, name):
    """Return one line per contact person, empty if unknown, so that the lines match across columns."""
    return "\n".join(getattr(person, name) for person in proposal.contacts).rstrip("\n")
