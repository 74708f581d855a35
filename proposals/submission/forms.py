"""The form with which a member sends in a proposal, and the rows for its contact persons."""

from django import forms
from django.utils.html import format_html

from proposals import sections
from proposals.models import Proposal, Region
from proposals.models.proposal import TITLE_LENGTH
from proposals.submission.fields import (
    NameField,
    SenderField,
    TargetGroupsField,
    plain_address,
    raw_values,
    refuse_rather_than_cut,
)
from proposals.text_input.form_fields import AddressField, LineField, PhoneInput

MAX_CONTACTS = 50
CONTACT_ROWS = 2
NEEDED_FOR_A_DRAFT = {"submitter_email", "homepage", "opened"}
LOST_ROWS = "Uppgifterna om kontaktpersoner kom inte fram. Skriv dem igen."


def optional(label):
    return format_html("{} <small>(valfritt)</small>", label)


# The same for everybody who edits a proposal: the submitter here, the secretariat in the admin
FIELD_CLASSES = {"target_groups": TargetGroupsField, "submitter_name": NameField}


class VersionedForm(forms.ModelForm):
    """A form for a proposal that notices when somebody else has saved it since the page was opened."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        saved_at = self.instance.updated_at
        self.version = saved_at.isoformat() if saved_at else ""
        self.initial.setdefault("opened", self.version)

    def clean_opened(self):
        """Refuse to overwrite a newer edit unseen; posting again, having seen it, goes through."""
        if self.instance.pk and self.cleaned_data["opened"] != self.version:
            self.data = self.data.copy()
            self.data["opened"] = self.version
            self.add_error(None, self.changed_meanwhile())
        return self.cleaned_data["opened"]


class ProposalForm(VersionedForm):
    """What a proposal says and who sends it in. Asks for little: real proposals are of 12 to 400 words."""

    # Hidden from people, filled in by robots
    homepage = forms.CharField(required=False, label="Webbplats (lämna tomt)")

    class Meta:
        model = Proposal
        fields = (
            *("title", "region", *sections.names_in(sections.CONTENT)),
            *("target_groups", *sections.names_in(sections.TARGET_GROUP)),
            *("submitter_name", "submitter_email"),
        )
        field_classes = {**FIELD_CLASSES, "region": SenderField}
        labels = {
            "title": "Rubrik",
            "region": "Avsändare",
            **{one.name: optional(one.label) if one.is_optional else one.label for one in sections.SECTIONS},
            "target_groups": optional("Vilka ska delta?"),
            "submitter_name": optional("Ditt namn"),
            "submitter_email": "Din mejladress",
        }
        help_texts = {
            "title": f"Säg vad lärprojektet handlar om, med högst {TITLE_LENGTH} tecken.",
            "region": "Den medlem som står bakom förslaget. Finns den inte i listan, välj ”Annan eller ingen”, "
            "så hör vi av oss.",
            **{one.name: one.help_text for one in sections.SECTIONS},
            "target_groups": "Välj så många som passar.",
            "submitter_name": "",
            "submitter_email": "Hit mejlar vi ett kvitto med hela texten och en länk som öppnar förslaget igen. "
            "Namnet och adressen visas inte för andra.",
        }
        widgets = {
            **{one.name: forms.Textarea(attrs={"rows": one.rows}) for one in sections.SECTIONS},
            "target_groups": forms.CheckboxSelectMultiple,
            "submitter_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "submitter_email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        error_messages = {
            "title": {"required": "Skriv en rubrik."},
            "region": {
                "required": "Välj avsändare. Finns den inte i listan, välj ”Annan eller ingen”.",
                "invalid_choice": "Välj en avsändare i listan.",
            },
            "target_groups": {"invalid_choice": "Välj bland målgrupperna i listan."},
            "submitter_email": {
                "required": "Skriv din mejladress, så att du får kvittot och länken till förslaget.",
                "invalid": "Skriv hela din mejladress, till exempel namn@example.com.",
            },
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["submitter_email"].required = self.fields["region"].required = True
        if self.instance.pk and not self.instance.is_draft and self.instance.region_id is None:
            self.initial["region"] = SenderField.NOBODY
        self.fields["submitter_email"].validators.append(plain_address)
        self.fields["region"].choices = _sender_choices()
        if self.instance.is_shared:  # they are another submitter's
            del self.fields["submitter_name"], self.fields["submitter_email"]
        for field in self.fields.values():
            refuse_rather_than_cut(field)

    @property
    def content_fields(self):
        return [self[name] for name in sections.names_in(sections.CONTENT)]

    @property
    def target_group_fields(self):
        return [self[name] for name in ("target_groups", *sections.names_in(sections.TARGET_GROUP))]

    def drop_draft_errors(self):
        """Drop the errors that a draft may have; returns {field: value as typed} of those fields."""
        dropped = [name for name in self.errors if name in self.fields and name not in NEEDED_FOR_A_DRAFT]
        for name in dropped:
            del self.errors[name]
        written = raw_values(self)
        if written["region"] == SenderField.NOBODY:  # saved as no sender, which is nothing chosen
            dropped.append("region")
        return {name: written[name] for name in dropped}

    def changed_meanwhile(self):
        return format_html(
            "Förslaget har ändrats sedan du öppnade det, i ett annat fönster eller av kansliet. Din text är inte "
            "sparad men finns kvar här. "
            '<a href="{}" target="_blank" rel="noopener">Öppna den sparade versionen i en ny flik</a>, '
            "jämför och för över det som ska vara med. Spara sedan igen, så gäller det som står här.",
            self.instance.get_edit_url(),
        )

    def clean_homepage(self):
        """Honeypot. A person whose browser filled in the field gets the form back with it emptied."""
        if self.cleaned_data["homepage"]:
            self.data = self.data.copy()
            self.data["homepage"] = ""
            self.add_error(
                None,
                "Ett dolt fält som är till för att stoppa robotar var ifyllt. Vi har tömt det. "
                "Allt du har skrivit finns kvar, så tryck på Skicka in igen.",
            )
        return ""

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(name) or name in self.errors for name in sections.LEADS):
            self.add_error(sections.LEADS[0], "Skriv bakgrund eller syfte. Det räcker att fylla i en av dem.")
        return cleaned


def _sender_choices():
    kinds = {Region.Kind.REGION: [], Region.Kind.AGENCY: []}
    for region in Region.objects.all():
        kinds[region.kind].append((region.pk, region.name))
    members = [("Regioner", kinds["region"]), ("Myndigheter", kinds["agency"])]
    return [("", "Välj avsändare"), *members, (SenderField.NOBODY, "Annan eller ingen")]


class ContactForm(forms.Form):
    """One contact person. A row in which nothing is written doesn't count."""

    name = NameField(
        label="Namn",
        max_length=200,
        error_messages={"required": "Skriv ett namn."},
    )
    title = LineField(label=optional("Titel"), max_length=300, required=False)
    email = AddressField(
        label=optional("E-post"),
        required=False,
        error_messages={"invalid": "Skriv hela mejladressen, till exempel namn@example.com."},
    )
    phone = LineField(label=optional("Telefon"), max_length=50, required=False, widget=PhoneInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            refuse_rather_than_cut(field)


class BaseContactFormSet(forms.BaseFormSet):
    default_error_messages = {
        "missing_management_form": LOST_ROWS,
        "too_many_forms": f"Skriv högst {MAX_CONTACTS} kontaktpersoner.",
    }

    def initial_form_count(self):
        """0: every posted row is new, so that an empty one is skipped wherever it stands."""
        return 0 if self.is_bound else super().initial_form_count()

    def clean(self):
        if not self.forms:  # only when the row counter was tampered with
            raise forms.ValidationError(LOST_ROWS)
        if not any(form.has_changed() for form in self.forms):
            self.forms[0].add_error("name", "Skriv namnet på minst en kontaktperson.")

    @property
    def people(self):
        """The filled rows, in order, as dicts of a Contact's fields."""
        return [form.cleaned_data for form in self.forms if form.has_changed()]


class EditLinkForm(forms.Form):
    """Where to send the edit links of somebody who has lost them."""

    email = AddressField(
        label="Din mejladress",
        help_text="Den som du skrev när du lämnade förslaget.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        validators=[plain_address],
        error_messages={
            "required": "Skriv din mejladress.",
            "invalid": "Skriv hela din mejladress, till exempel namn@example.com.",
        },
    )


ContactFormSet = forms.formset_factory(
    ContactForm,
    formset=BaseContactFormSet,
    extra=CONTACT_ROWS,
    max_num=MAX_CONTACTS,
    absolute_max=MAX_CONTACTS,
    validate_max=True,
)
