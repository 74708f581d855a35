"""What the first page of the admin tells about a meeting."""

from dataclasses import dataclass
from functools import cached_property

from proposals import workflow
from proposals.admin.start.activity import latest_events
from proposals.admin.start.member_map import member_map
from proposals.admin.start.next_steps import next_steps
from proposals.admin.start.stations import stations
from proposals.models import MissingField, Similarity, Status

MAX_LISTED = 6


@dataclass(frozen=True)
class ProposalGroup:
    """Proposals that need attention; `tab` is where the list shows them."""

    label: str
    proposals: list
    tab: str
    time: str = ""  # the field that says since when they wait

    @property
    def named(self):
        """(proposal, since when it waits or None)"""
        return [(proposal, getattr(proposal, self.time, None)) for proposal in self.proposals[:MAX_LISTED]]

    @property
    def more(self):
        return max(0, len(self.proposals) - MAX_LISTED)


class Desk:
    def __init__(self, meeting):
        self.meeting = meeting

    @cached_property
    def proposals(self):
        proposals = self.meeting.proposals.with_missing_fields().with_senders().select_related("assigned_to")
        fields = ("number", "title", "status", "region", "assigned_to", "seen_at", "revised_at", "submitted_at")
        return list(
            proposals.only(*fields, "meeting", "updated_at").order_by("number", "submitted_at", "pk"),
        )

    def having(self, status):
        return [proposal for proposal in self.proposals if proposal.status == status]

    @property
    def new(self):
        return [proposal for proposal in self.having(Status.SUBMITTED) if not proposal.seen_at]

    @property
    def revised(self):
        seen = [proposal for proposal in self.having(Status.SUBMITTED) if proposal.seen_at and proposal.revised_at]
        return [proposal for proposal in seen if proposal.revised_at > proposal.seen_at]

    @property
    def to_read(self):
        return [*self.new, *self.revised]

    @property
    def returned(self):
        return self.having(Status.RETURNED)

    @property
    def drafts(self):
        return self.having(Status.DRAFT)

    @property
    def waiting(self):
        groups = [
            ProposalGroup("Nya", self.new, "nya", "submitted_at"),
            ProposalGroup("Ändrade sedan ni tittade", self.revised, "andrade", "revised_at"),
            ProposalGroup("Hos förslagsställaren", self.returned, "hos", "updated_at"),
            ProposalGroup("Utkast", self.drafts, "utkast", "updated_at"),
        ]
        return [group for group in groups if group.proposals]

    @property
    def sent_in(self):
        return [proposal for proposal in self.proposals if proposal.status in Status.sent_in()]

    @property
    def to_publish(self):
        return len(self.having(Status.SUBMITTED))

    @property
    def published(self):
        return len(self.having(Status.PUBLISHED))

    @property
    def is_unpublished(self):
        """Whether there is anything left to publish, or nothing is published."""
        return bool(self.to_publish or self.returned) or not self.published

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

    @property
    def is_open_for_proposals(self):
        return self.meeting.is_open

    @property
    def stations(self):
        return stations(self)

    @cached_property
    def steps(self):
        """The thing to do now, and the one after it if there is one."""
        return list(next_steps(self))[:2]

    @property
    def map(self):
        return member_map(self)

    @property
    def events(self):
        return latest_events(self.meeting)
