"""What differs between two versions of a proposal, field by field."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field

from django.db.models import prefetch_related_objects

from proposals import sections
from proposals.history.diff import Steps, line_diff, shortened, word_diff
from proposals.models import Contact, Proposal, Region, TargetGroup
from proposals.models.proposal_history import BY_SUBMITTER

COMPARED = (
    *("title", "region", "co_senders", *sections.names_in(sections.CONTENT)),
    *("target_groups", *sections.names_in(sections.TARGET_GROUP), "contacts"),
)
LISTS = ("co_senders", "target_groups", "contacts")
# What django-simple-history calls the rows beside a row of history
CO_SENDERS = "historicalproposal_co_senders_set"
GROUPS, CONTACTS = "historicalproposal_target_groups_set", "historicalproposalcontact_set"


@dataclass(frozen=True)
class FieldChange:
    """One field that differs: its name on pages, and what it said before and after."""

    name: str
    old: str
    new: str
    is_list: bool = False  # one thing a line
    field: str = dataclass_field(default="", compare=False)  # its name in the model
    steps: Steps = dataclass_field(default_factory=Steps, compare=False)

    @property
    def passages(self):
        diff = line_diff if self.is_list else word_diff
        return shortened(diff(self.old, self.new, self.steps))


class Versions:
    """Versions of one proposal, newest first, read in a few queries however many they are."""

    def __init__(self, rows):
        """`rows` are rows of its history, newest first."""
        self.rows = list(rows)
        prefetch_related_objects(self.rows, CO_SENDERS, GROUPS, CONTACTS)
        self._content_of = [_content_of(row) for row in self.rows]
        self._steps = Steps()

    def changes(self, newer, older):
        """FieldChanges between two versions, given by their indexes."""
        old, new = self._content_of[older], self._content_of[newer]
        return [change for name in COMPARED if (change := _change(name, old[name], new[name], self._steps))]


def changes_since_submission(proposal):
    """FieldChanges that the secretariat has made since the submitter last saved."""
    rows = proposal.history.all()
    sent_in = rows.filter(history_change_reason__in=BY_SUBMITTER).first()
    return Versions([rows.first(), sent_in]).changes(0, 1) if sent_in else []


def names_of_gone(row):
    """Names in a row of history of what has been deleted and can't be restored."""
    said = _content_of(row)
    senders = said["region"] | said["co_senders"]
    named = [(Region, senders), (TargetGroup, said["target_groups"]), (Contact, said["contacts"])]
    there = {model: set(model.objects.filter(pk__in=names).values_list("pk", flat=True)) for model, names in named}
    return [name for model, names in named for key, name in names.items() if key not in there[model]]


def _content_of(row):
    """{field: text, or names as {key: name}}"""
    groups = sorted(getattr(row, GROUPS).all(), key=lambda link: link.targetgroup_id)
    senders = sorted(getattr(row, CO_SENDERS).all(), key=lambda link: link.region_id)
    people = sorted(getattr(row, CONTACTS).all(), key=lambda link: link.position)
    return {
        **{name: getattr(row, name) for name in ("title", *Proposal.TEXTS)},
        "region": {row.region_id: row.region_name} if row.region_id else {},
        "co_senders": {link.region_id: link.name for link in senders},
        "target_groups": {link.targetgroup_id: link.name for link in groups},
        "contacts": {link.contact_id: link.name for link in people},
    }


def _change(name, old, new, steps):
    """Return the FieldChange, or None. A renamed group or contact is no change."""
    if isinstance(new, dict):
        if list(old) == list(new):
            return None
        old = {key: new.get(key, was) for key, was in old.items()}
        old, new = _listed(name, old), _listed(name, new)
    label = str(Proposal._meta.get_field(name).verbose_name)
    return FieldChange(label, old, new, name in LISTS, name, steps) if old != new else None


def _listed(name, names):
    shown = names.values() if name == "contacts" else sorted(names.values())
    return "".join(f"{one}\n" for one in shown)
