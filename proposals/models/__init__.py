from proposals.models.booklet_file import BookletFile
from proposals.models.contact import Contact
from proposals.models.content_version import ContentVersion
from proposals.models.former_address import FormerAddress, FormerDate
from proposals.models.import_preview import ImportPreview
from proposals.models.late_link import LateLink
from proposals.models.link_key import LinkKey
from proposals.models.mail import Mail
from proposals.models.mail_text import MailText
from proposals.models.meeting import Meeting
from proposals.models.missed_query import MissedQuery
from proposals.models.missing_field import MissingField
from proposals.models.note import Note
from proposals.models.proposal import Proposal
from proposals.models.proposal_contact import ProposalContact
from proposals.models.proposal_history import Change
from proposals.models.rate_limit import RateLimit
from proposals.models.region import Region
from proposals.models.similarity import Similarity
from proposals.models.status import Status
from proposals.models.synonym import Synonym
from proposals.models.target_group import TargetGroup
from proposals.models.word import Posting, Word

__all__ = [
    "BookletFile",
    "Change",
    "Contact",
    "ContentVersion",
    "FormerAddress",
    "FormerDate",
    "ImportPreview",
    "LateLink",
    "LinkKey",
    "Mail",
    "MailText",
    "Meeting",
    "MissedQuery",
    "MissingField",
    "Note",
    "Posting",
    "Proposal",
    "ProposalContact",
    "RateLimit",
    "Region",
    "Similarity",
    "Status",
    "Synonym",
    "TargetGroup",
    "Word",
]
