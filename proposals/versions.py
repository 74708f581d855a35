"""What differs between two versions of a proposal, field by field."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from proposals.diff import line_diff, shortened, word_diff
from proposals.models import Contact, Proposal, Region, TargetGroup
from proposals.models.proposal_history import BY_SUBMITTER

COMPARED = ("title", "region", *Proposal.TEXTS[:-1], "target_groups", "target_group_text", "contacts")
LISTS = ("target_groups", "contacts")
# What django-simple-history calls the rows beside a row of history
GROUPS, CONTACTS = "historicalproposal_target_groups_set", "historicalproposalcontact_set"
GONE = "(borttagen)"


@dataclass(frozen=True)
class FieldChange:
    """One field that differs: its name on pages, and what it said before and after."""

    name: str
    old: str
    new: str
    is_list: bool = False  # one thing a line

    @property
    def passages(self):
        """What is kept, removed and added, with what lies between far changes left out."""
        diff = line_diff if self.is_list else word_diff
        return shortened(diff(self.old, self.new))


class Versions:
    """Versions of one proposal as {field: text}, newest first, read in a few queries however many they are."""

    def __init__(self, rows):
        """`rows` are rows of its history, the newest first."""
        self.rows = list(rows)
        prefetch_related_objects(self.rows, GROUPS, CONTACTS)
        groups, people = _links(self.rows, GROUPS), _links(self.rows, CONTACTS)
        self._regions = _names(Region, {row.region_id for row in self.rows})
        self._groups = _names(TargetGroup, {link.targetgroup_id for link in groups})
        self._people = _names(Contact, {link.contact_id for link in people})
        self.texts = [self._text(row) for row in self.rows]

    def changes(self, newer, older):
        """The fields in which two versions, named by their places, differ, as a list of FieldChange."""
        old, new = self.texts[older], self.texts[newer]
        changed = [name for name in COMPARED if old[name] != new[name]]
        return [FieldChange(_label(name), old[name], new[name], is_list=name in LISTS) for name in changed]

    def _text(self, row):
        groups = sorted(self._groups.get(link.targetgroup_id, GONE) for link in getattr(row, GROUPS).all())
        links = sorted(getattr(row, CONTACTS).all(), key=lambda link: link.position)
        return {
            **{name: getattr(row, name) for name in ("title", *Proposal.TEXTS)},
            "region": self._regions.get(row.region_id, ""),
            "target_groups": _listed(groups),
            "contacts": _listed(self._people.get(link.contact_id, GONE) for link in links),
        }


def changes_since_submission(proposal):
    """What the secretariat has changed since the submitter last saved, as a list of FieldChange."""
    rows = proposal.history.all()
    sent_in = rows.filter(history_change_reason__in=BY_SUBMITTER).first()
    latest = rows.first()
    return Versions([latest, sent_in]).changes(0, 1) if sent_in else []


def _listed(names):
    return "".join(f"{name}\n" for name in names)


def _links(rows, name):
    return [link for row in rows for link in getattr(row, name).all()]


def _names(model, keys):
    return {thing.pk: str(thing) for thing in model.objects.filter(pk__in=keys)}


def _label(name):
    return str(Proposal._meta.get_field(name).verbose_name)
