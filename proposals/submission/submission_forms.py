"""What somebody types about one proposal: the form and its contact rows, as one thing to judge, keep and show."""

from proposals.submission.fields import raw_values
from proposals.submission.forms import CONTACT_ROWS, ContactFormSet, ProposalForm

PREFIX = "contacts"
GENERAL = "skicka"  # the id of the button, for what no field is to blame for


class SubmissionForms:
    """The form and the contact rows of a proposal: as it is saved, or with what was posted."""

    def __init__(self, proposal, data=None):
        self.proposal = proposal
        self.draft_data = {}
        if data is None:
            initial = dict(proposal.draft_data)
            rows = initial.pop("contacts", None)
            self._show(initial, _saved_rows(proposal) if rows is None else rows, CONTACT_ROWS)
        else:
            self.form = ProposalForm(data, instance=proposal)
            self.contacts = ContactFormSet(data, prefix=PREFIX)

    @classmethod
    def unvalidated(cls, proposal, data):
        """The posted values, shown as typed and without errors; with a contact row more or less if they ask for it."""
        posted, shown = cls(proposal, data), cls(proposal)
        rows = [raw_values(row) for row in posted.contacts]
        removed = [number for number in range(len(rows)) if str(number) == data.get("remove")]
        for number in removed:
            del rows[number]
        shown._show(raw_values(posted.form), rows, max(len(rows) + ("add" in data), 1))
        if "add" in data or removed:
            place = -1 if "add" in data else min(removed[0], len(shown.contacts.forms) - 1)
            shown.contacts.forms[place].fields["name"].widget.attrs["autofocus"] = True
        return shown

    def is_valid(self):
        return self.form.is_valid() & self.contacts.is_valid()

    def is_valid_draft(self):
        """Nearly always. Values that aren't valid for their fields are then in `draft_data`."""
        self.draft_data = {**self.form.drop_draft_errors(), "contacts": self._raw_rows()}
        return self.form.is_valid()

    def content(self, is_draft):
        """The proposal, its target groups, and what else is saved of a draft or of what is sent in."""
        return self.proposal, self.target_groups, self.draft_data if is_draft else self.contacts.people

    @property
    def is_sent_in_already(self):
        """Whether an older page posts just what is saved: a double click."""
        form = self.form
        is_older = form.data.get(form.add_prefix("opened"), "") != form.version
        return is_older and set(form.changed_data) <= {"opened"} and self._raw_rows() == _saved_rows(self.proposal)

    @property
    def target_groups(self):
        """Those chosen; the saved ones when the choice is invalid."""
        if "target_groups" in self.form.cleaned_data:
            return self.form.cleaned_data["target_groups"]
        return self.proposal.target_groups.all() if self.proposal.pk else []

    @property
    def errors(self):
        """(id of the field, message) for all errors, in the order of the page."""
        if not self.form.is_bound:
            return
        for message in self.form.non_field_errors():
            yield GENERAL, message
        fields = list(self.form)
        names = [field.name for field in fields]
        sender = names.index("submitter_name" if "submitter_name" in names else "homepage")
        yield from _field_errors(fields[:sender])
        for message in self.contacts.non_form_errors():
            yield "id_contacts-0-name", message
        for number, row in enumerate(self.contacts, start=1):
            yield from ((id_, f"Kontaktperson {number}: {message}") for id_, message in _field_errors(row))
        yield from _field_errors(fields[sender:])

    @property
    def wrong_fields(self):
        """How many errors belong to fields; the others are no fault of what was typed."""
        return sum(id_ != GENERAL for id_, _ in self.errors)

    @property
    def rows(self):
        """Contact rows to show: empty ones when the posted ones can't be read."""
        return self.contacts if self.contacts.forms else ContactFormSet(prefix=PREFIX)

    @property
    def written(self):
        return raw_values(self.form) if self.form.is_bound else self.form.initial

    def _show(self, initial, rows, count):
        self.form = ProposalForm(instance=self.proposal, initial=initial)
        self.contacts = ContactFormSet(prefix=PREFIX, initial=rows)
        self.contacts.extra = max(count - len(rows), 0)

    def _raw_rows(self):
        return [row for row in map(raw_values, self.contacts) if any(row.values())]


def _saved_rows(proposal):
    contacts = [row.contact for row in proposal.contact_rows.select_related("contact")] if proposal.pk else []
    return [{name: getattr(contact, name) for name in ("name", "title", "email", "phone")} for contact in contacts]


def _field_errors(fields):
    for field in fields:
        for message in field.errors:
            yield field.id_for_label or f"{field.auto_id}_0", message
