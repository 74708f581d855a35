"""Two edit a proposal at once: what only one of them changed is kept, what both changed has to be chosen."""

from dataclasses import dataclass

from django.utils.dateparse import parse_datetime

from proposals import sections
from proposals.history.diff import word_diff
from proposals.history.versions import CO_SENDERS, CONTACTS, GROUPS
from proposals.models import Contact, Proposal, Region, TargetGroup
from proposals.models.proposal_history import BY_SUBMITTER

TEXTS = ("title", *sections.NAMES)
CHOSEN = ("co_senders", "target_groups")
MINE, THEIRS, BOTH = "mine", "theirs", "both"
PEOPLE = "contact_rows"  # the prefix of the cards


@dataclass(frozen=True)
class Clash:
    """A field that both have changed: what it said when it was opened, and says in each version."""

    name: str
    label: str
    base: str
    mine: str
    theirs: str

    @property
    def is_text(self):
        return self.name in TEXTS

    @property
    def my_passages(self):
        return word_diff(self.base, self.mine)

    @property
    def their_passages(self):
        return word_diff(self.base, self.theirs)


class EditConflict:
    """Compares what was posted with the version that was opened and with what is saved now.

    `data` is the posted data with the other's changes put in, `clashes` what has to be chosen, `kept` the names of the
    fields that the other changed alone. A choice is posted as `choose-<field>`.
    """

    def __init__(self, proposal, data, version):
        self.proposal = proposal
        self.data = data.copy()
        self.clashes, self.kept = [], []
        self.is_chosen = data.get("seen") == version  # a choice between texts that are still the same
        self.latest = proposal.history.first()
        opened = _row_at(proposal, data.get("opened", ""))
        for name in (*TEXTS, "region", *CHOSEN, "contacts"):
            self._merge(name, opened)
        self.data["seen"] = version
        if not self.clashes:
            self.data["opened"] = version

    @property
    def editor(self):
        """Who saved meanwhile."""
        if self.latest and self.latest.history_change_reason in BY_SUBMITTER:
            return "Förslagsställaren"
        return (self.latest and self.latest.by_name) or "Någon annan"

    def _merge(self, name, opened):
        mine, theirs = self._posted(name), _saved(self.proposal, name)
        base = _of_row(opened, name) if opened else None
        if mine == theirs or (opened and theirs == base):
            return
        choice = self.data.get(f"choose-{name}") if self.is_chosen else None
        if choice == BOTH and name in TEXTS:
            self.data[name] = f"{mine}\n\n{theirs}" if name != "title" else f"{mine} {theirs}"
        elif choice == THEIRS or (opened and mine == base):
            self._take(name, theirs)
            self.kept.append(_label(name))
        elif choice != MINE:
            self.clashes.append(Clash(name, _label(name), _shown(name, base), _shown(name, mine), _shown(name, theirs)))

    def _posted(self, name):
        if name in TEXTS:
            return _lines(self.data.get(name, ""))
        if name == "region":
            return _key(self.data.get("region"))
        if name in CHOSEN:
            return sorted(filter(None, map(_key, self.data.getlist(name))))
        return self._posted_people()

    def _posted_people(self):
        """Keys of the contacts in their order, with a name for each new one."""
        cards = []
        for index in range(min(_key(self.data.get(f"{PEOPLE}-TOTAL_FORMS")) or 0, 100)):
            prefix = f"{PEOPLE}-{index}"
            who = _key(self.data.get(f"{prefix}-contact")) or self.data.get(f"{prefix}-name", "").strip()
            if who and not self.data.get(f"{prefix}-DELETE"):
                cards.append((_key(self.data.get(f"{prefix}-position")) or 1000, index, who))
        return [who for *_, who in sorted(cards, key=lambda card: card[:2])]

    def _take(self, name, value):
        """Put the saved value in the place of what was posted."""
        if name in CHOSEN:
            self.data.setlist(name, [str(key) for key in value])
        elif name == "contacts":
            for key in [key for key in self.data if key.startswith(f"{PEOPLE}-")]:
                del self.data[key]
            self.data.update({f"{PEOPLE}-TOTAL_FORMS": str(len(value)), f"{PEOPLE}-INITIAL_FORMS": "0"})
            self.data.update({f"{PEOPLE}-{index}-contact": str(key) for index, key in enumerate(value)})
        else:
            self.data[name] = "" if value is None else str(value)


def _row_at(proposal, version):
    """The row of history for `version`, the time of saving as the form had it, or None."""
    try:
        saved_at = parse_datetime(version) if version else None
    except ValueError:
        return None
    return proposal.history.filter(updated_at=saved_at).first() if saved_at or not version else None


def _of_row(row, name):
    if name in TEXTS:
        return _lines(getattr(row, name))
    if name == "region":
        return row.region_id
    if name == "co_senders":
        return sorted(link.region_id for link in getattr(row, CO_SENDERS).all())
    if name == "target_groups":
        return sorted(link.targetgroup_id for link in getattr(row, GROUPS).all())
    return [link.contact_id for link in sorted(getattr(row, CONTACTS).all(), key=lambda link: link.position)]


def _saved(proposal, name):
    if name in TEXTS:
        return _lines(getattr(proposal, name))
    if name == "region":
        return proposal.region_id
    if name in CHOSEN:
        return sorted(getattr(proposal, name).order_by().values_list("pk", flat=True))
    return list(proposal.contact_rows.values_list("contact_id", flat=True))


def _shown(name, value):
    if name in TEXTS:
        return value or ""
    model = {"region": Region, "co_senders": Region, "target_groups": TargetGroup, "contacts": Contact}[name]
    values = value if isinstance(value, list) else [value]
    names = {one.pk: str(one) for one in model.objects.filter(pk__in=[key for key in values if isinstance(key, int)])}
    return "\n".join(str(names.get(one, one or "–")) for one in values)


def _label(name):
    label = str(Proposal._meta.get_field(name).verbose_name)
    return label[0].upper() + label[1:]


def _lines(text):
    return (text or "").replace("\r\n", "\n").strip()


def _key(text):
    return int(text) if text and str(text).isdecimal() and len(str(text)) <= 18 else None
