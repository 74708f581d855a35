"""Secret links: their keys as a test gives them, and as they stand in mails."""

import re

from proposals import emails
from proposals.models import LinkKey
from proposals.models.key import digest_of

EDIT_LINK = re.compile(r"^http://testserver(/forslag/andra/[\w-]{43}/)$", re.MULTILINE)
LATE_LINK = re.compile(r"^http://testserver(/forslag/nytt/sent/[\w-]{43}/)$", re.MULTILINE)


def give_key(key, **target):
    """Let `key` lead to a proposal or a late link."""
    LinkKey.objects.create(digest=digest_of(key), **target)


def body_of(mail):
    """The text of a mail as it is sent."""
    return emails.compose(mail).body


def edit_paths(body):
    """The paths of the edit links in the text of a mail."""
    return EDIT_LINK.findall(body)
