"""What the secretariat's desk shows about a meeting: what waits, what is incomplete, who has sent in and who hasn't."""

from dataclasses import dataclass
from functools import cached_property

from proposals import workflow
from proposals.models import MissingField, Similarity, Status

MOST_NAMED = 8


@dataclass(frozen=True)
class Waiting:
    """One heap of proposals: what it is called, which they are, and the list's filter that shows them."""

    label: str
    proposals: list
    query: str

    @property
    def named(self):
        return self.proposals[:MOST_NAMED]

    @property
    def more(self):
        return len(self.proposals) - len(self.named)


class Desk:
    """The figures of one meeting, each read once."""

    def __init__(self, meeting):
        self.meeting = meeting

    @cached_property
    def proposals(self):
        """All of the meeting's, light: what the desk needs and no more."""
        fields = ("number", "title", "status", "region", "seen_at", "revised_at", "meeting")
        return list(self.meeting.proposals.with_missing_fields().only(*fields).order_by("number", "submitted_at", "pk"))

    @property
    def waiting(self):
        """The heaps that ask for somebody's attention, those with anything in them."""
        submitted = [proposal for proposal in self.proposals if proposal.is_submitted]
        new = [proposal for proposal in submitted if not proposal.seen_at]
        revised = [one for one in submitted if one.seen_at and one.revised_at and one.revised_at > one.seen_at]
        returned = [proposal for proposal in self.proposals if proposal.is_returned]
        drafts = [proposal for proposal in self.proposals if proposal.is_draft]
        heaps = [
            Waiting("Nya", new, "vantar=nya"),
            Waiting("Ändrade sedan ni tittade", revised, "vantar=andrade"),
            Waiting("Hos förslagsställaren för komplettering", returned, f"status__exact={Status.RETURNED}"),
            Waiting("Utkast som inte är inskickade", drafts, f"status__exact={Status.DRAFT}"),
        ]
        return [heap for heap in heaps if heap.proposals]

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
        """(MissingField, how many of what is sent in lack it), those that any lacks."""
        counts = [(field, sum(getattr(proposal, field.flag) for proposal in self.sent_in)) for field in MissingField]
        return [(field, count) for field, count in counts if count]

    @cached_property
    def near_duplicates(self):
        """Pairs of proposals that are nearly the same, neither withdrawn; each pair once, the nearest first."""
        known = {proposal.pk: proposal for proposal in self.proposals}
        pairs = Similarity.objects.near_duplicates().filter(proposal__meeting=self.meeting, other__meeting=self.meeting)
        keys = pairs.order_by("-overlap", "proposal").values_list("proposal", "other")
        return [(known[one], known[other]) for one, other in keys if one < other and one in known and other in known]

    @cached_property
    def members(self):
        """All member organisations, each a Member."""
        return workflow.members(self.meeting)

    @property
    def silent(self):
        """The members that haven't sent in anything."""
        return [member for member in self.members if not member.count]

    @property
    def to_remind(self):
        """(region, address) for each reminder that could be sent now."""
        return workflow.to_remind(self.members)

    @property
    def without_sender(self):
        return sum(proposal.region_id is None for proposal in self.sent_in)
