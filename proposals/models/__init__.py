from proposals.models.contact import Contact
from proposals.models.former_address import FormerAddress, FormerDate
from proposals.models.meeting import Meeting
from proposals.models.proposal import Gap, Proposal, Status
from proposals.models.proposal_contact import ProposalContact
from proposals.models.region import Region
from proposals.models.target_group import TargetGroup

__all__ = [
    "Contact",
    "FormerAddress",
    "FormerDate",
    "Gap",
    "Meeting",
    "Proposal",
    "ProposalContact",
    "Region",
    "Status",
    "TargetGroup",
]
