"""The sentences of a mail that the secretariat may word itself; the frame around them, with its links, stays."""

from django.template.loader import render_to_string

from proposals.models import Mail, MailText

Kind = Mail.Kind
# What of each can be worded is in templates/emails/<kind>.words.txt
EDITABLE = (
    *(Kind.DRAFT, Kind.RECEIPT, Kind.RETURNED, Kind.PUBLISHED, Kind.WITHDRAWN, Kind.RESTORED),
    *(Kind.MERGED, Kind.REMINDER, Kind.UNFINISHED),
)


def standard_words(kind):
    return render_to_string(f"emails/{kind}.words.txt").strip()


def words_of(kind):
    """Return the secretariat's own words, or the standard ones; "" for a kind that has none."""
    if kind not in EDITABLE:
        return ""
    own = MailText.objects.filter(kind=kind).first()
    return own.text if own else standard_words(kind)
