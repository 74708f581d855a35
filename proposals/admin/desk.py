"""Figures about a meeting for the index page of the admin."""

from dataclasses import dataclass
from functools import cached_property

from proposals import workflow
from proposals.models import MissingField, Similarity, Status

MAX_LISTED = 8


@dataclass(frozen=True)
class ProposalGroup:
    """Proposals that need attention; `query` selects them in the changelist."""

    label: str
    proposals: list
    query: str

    @property
    def named(self):
        return self.proposals[:MAX_LISTED]

    @property
    def more(self):
        return len(self.proposals) - len(self.named)


class Desk:
    def __init__(self, meeting):
        self.meeting = meeting

    @cached_property
    def proposals(self):
        fields = ("number", "title", "status", "region", "seen_at", "revised_at", "meeting")
        return list(self.meeting.proposals.with_missing_fields().only(*fields).order_by("number", "submitted_at", "pk"))

    @property
    def waiting(self):
        submitted = [proposal for proposal in self.proposals if proposal.is_submitted]
        new = [proposal for proposal in submitted if not proposal.seen_at]
        seen = [proposal for proposal in submitted if proposal.seen_at and proposal.revised_at]
        revised = [proposal for proposal in seen if proposal.revised_at > proposal.seen_at]
        returned = [proposal for proposal in self.proposals if proposal.is_returned]
        drafts = [proposal for proposal in self.proposals if proposal.is_draft]
        groups = [
            ProposalGroup("Nya", new, "vantar=nya"),
            ProposalGroup("Ändrade sedan ni tittade", revised, "vantar=andrade"),
            ProposalGroup("Hos förslagsställaren för komplettering", returned, f"status__exact={Status.RETURNED}"),
            ProposalGroup("Utkast som inte är inskickade", drafts, f"status__exact={Status.DRAFT}"),
        ]
        return [group for group in groups if group.proposals]

    @property
    def sent_in(self):
        return [proposal for proposal in self.proposals if proposal.status in Status.sent_in()]

    @property
    def to_publish(self):
        return sum(proposal.is_submitted for proposal in self.proposals)

    @property
    def published(self):
        return sum(proposal.is_published for proposal in self.proposals)

    @property
    def missing_fields(self):
        """(MissingField, number of submitted proposals without it), if any."""
        counts = [(field, sum(getattr(proposal, field.flag) for proposal in self.sent_in)) for field in MissingField]
        return [(field, count) for field, count in counts if count]

    @cached_property
    def near_duplicates(self):
        """Pairs of similar proposals, each once, the most similar first."""
        by_key = {proposal.pk: proposal for proposal in self.proposals}
        pairs = Similarity.objects.near_duplicates().filter(proposal__meeting=self.meeting, other__meeting=self.meeting)
        keys = pairs.order_by("-overlap", "proposal").values_list("proposal", "other")
        return [(by_key[one], by_key[other]) for one, other in keys if one < other and {one, other} <= by_key.keys()]

    @cached_property
    def members(self):
        return workflow.members(self.meeting)

    @property
    def silent(self):
        return [member for member in self.members if not member.count]

    @property
    def to_remind(self):
        return workflow.to_remind(self.members)

    @property
    def without_sender(self):
        return sum(proposal.region_id is None for proposal in self.sent_in)
