"""The contact persons of a proposal, edited as cards in its form."""

import math

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count

from proposals.models import Contact, Proposal, ProposalContact
from proposals.submission.forms import ContactForm

DETAILS = ("name", "title", "email", "phone")
MOST_ALIKE = 5
NEW = "ny"  # the choice of a new person although there is one of that name


class PersonForm(ContactForm, forms.ModelForm):
    """A card: a known contact whose details may be changed, or somebody new."""

    contact = forms.CharField(required=False, widget=forms.HiddenInput)
    use = forms.CharField(required=False)
    position = forms.IntegerField(
        label="Plats", required=False, min_value=1, max_value=999, widget=forms.NumberInput(attrs={"min": 1})
    )
    DELETE = forms.BooleanField(label="Ta bort från förslaget", required=False)

    class Meta:
        model = ProposalContact
        fields = ()

    alike = ()  # contacts of the same name, when one has to be chosen

    def __init__(self, *args, instance=None, **kwargs):
        self.known = instance.contact if instance and instance.pk else None
        if self.known:
            kwargs["initial"] = {"contact": self.known.pk, "position": instance.position}
            kwargs["initial"] |= {name: getattr(self.known, name) for name in DETAILS}
        super().__init__(*args, instance=instance, **{**kwargs, "use_required_attribute": False})
        self.fields["name"].required = False

    @property
    def others(self):
        """In how many other proposals the person stands; needs the inline's queryset."""
        return getattr(self.instance, "proposal_count", 1) - 1

    def has_changed(self):
        return any(self[name].data for name in ("contact", *DETAILS))

    def clean_contact(self):
        key = self.cleaned_data["contact"]
        if not key:
            return None
        contact = Contact.objects.filter(pk=key).first() if key.isdecimal() and len(key) <= 18 else None
        if contact is None:
            raise ValidationError("Personen finns inte längre. Skriv namnet igen.")
        return contact

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("DELETE") or self.errors:
            return cleaned
        if cleaned["contact"] and f"{self.prefix}-name" not in self.data:
            cleaned |= {name: getattr(cleaned["contact"], name) for name in DETAILS}
        elif not cleaned["name"]:
            self.add_error("name", "Skriv ett namn.")
        elif cleaned["contact"] is None:
            cleaned["contact"] = self._same_person(cleaned)
        return cleaned

    def _post_clean(self):
        """Don't validate the row itself, which the formset makes anew."""

    def _same_person(self, cleaned):
        """The contact that a new card means, or None for somebody new; an error when it isn't clear."""
        exactly = Contact.objects.filter(**{name: cleaned[name] for name in DETAILS}).first()
        if exactly or cleaned["use"] == NEW:
            return exactly
        alike = list(Contact.objects.filter(name__iexact=cleaned["name"])[:MOST_ALIKE])
        chosen = next((one for one in alike if str(one.pk) == cleaned["use"]), None)
        if chosen:
            cleaned |= {name: getattr(chosen, name) for name in DETAILS}
        elif alike:
            self.alike = alike
            self.add_error("name", "Någon med det namnet finns redan. Välj om det är samma person.")
        return chosen

    def typed_person(self):
        """Return an unsaved Contact as it is typed."""
        return Contact(**{name: self.cleaned_data[name] for name in DETAILS})

    def person(self):
        """Return the Contact of the card, saved: a known one as it is or changed, or a new one."""
        contact, details = self.cleaned_data["contact"], {name: self.cleaned_data[name] for name in DETAILS}
        if contact is None:
            return Contact.objects.get_or_create(**details)[0]
        if all(getattr(contact, name) == value for name, value in details.items()):
            return contact
        if same := Contact.objects.filter(**details).first():
            return same
        for name, value in details.items():
            setattr(contact, name, value)
        contact.save()
        Proposal.objects.filter(contacts=contact).index()
        return contact


class PeopleFormSet(forms.BaseInlineFormSet):
    """Formset that replaces all contact rows of the proposal.

    Cards aren't bound to saved rows, so that concurrent edits lead to one question, that of the proposal's version.
    """

    def initial_form_count(self):
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form, index):
        """Without the key of a saved row as a choice: the cards aren't bound to rows."""
        form.fields["id"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def validate_unique(self):
        """A person who stands twice is saved once."""

    @property
    def kept_cards(self):
        """The valid cards that aren't removed, in their order."""
        kept = [card for card in self.forms if card.has_changed() and not card.cleaned_data.get("DELETE")]
        return sorted(kept, key=lambda card: card.cleaned_data.get("position") or math.inf)

    def save(self, commit=True):
        """Number the cards from 1, those without position last, and drop duplicates."""
        before = list(self.instance.contact_rows.all())
        contacts = list(dict.fromkeys(card.person() for card in self.kept_cards))
        self.instance.contact_rows.all().delete()
        after = ProposalContact.objects.bulk_create(
            ProposalContact(proposal=self.instance, contact=contact, position=position)
            for position, contact in enumerate(contacts, start=1)
        )
        # Used by the admin's log
        self.new_objects = [row for row in after if row.contact_id not in {old.contact_id for old in before}]
        self.deleted_objects = [row for row in before if row.contact not in contacts]
        self.changed_objects = []
        return after


people_formset = forms.inlineformset_factory(
    Proposal, ProposalContact, form=PersonForm, formset=PeopleFormSet, fields=(), extra=1, can_delete=False
)


class PeopleInline(admin.StackedInline):
    model = ProposalContact
    form = PersonForm
    formset = PeopleFormSet
    template = "admin/proposals/proposal/_people.html"

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("contact")
        return rows.annotate(proposal_count=Count("contact__proposal_rows"))

    def get_formset(self, request, obj=None, **kwargs):
        """Django's own derives the fields from the model; the cards have theirs."""
        return people_formset

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": list(DETAILS)})]
