"""Form fields for people's own texts: what is refused, rather than cut."""

import re
from functools import partial

from django import forms
from django.core.validators import RegexValidator
from django.utils.html import strip_tags

from proposals.text_input.characters import printable
from proposals.text_input.form_fields import LineField

# What programs for mail make a link of; "A.K. Svensson" and "K.Svensson" are none
_DOT = r"[.\u2024\u2026\uff0e\u3002\uff61]"
WEB_ADDRESS = re.compile(rf"//|(?i:\bwww\.)|\w\w{_DOT}[^\W\d_]{{2,20}}\b|\w{_DOT}[^\W\d_A-ZÅÄÖ]{{2,4}}\b")
# Quotation marks and backslashes write one address in a thousand ways, and no real one has them
plain_address = RegexValidator(r"[\"\\]", "Skriv adressen utan citattecken.", code="quoted", inverse_match=True)


class NameField(LineField):
    """A person's name. It begins mails, where the address of a site would be an advertisement of ours."""

    default_validators = [
        RegexValidator(WEB_ADDRESS, "Skriv bara namnet, utan webbadress.", code="web_address", inverse_match=True)
    ]


def raw_values(form):
    """Return {field: value as typed} of a bound form, to save or show unvalidated."""
    return {
        name: _printable(field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name)))
        for name, field in form.fields.items()
    }


def _printable(value):
    if isinstance(value, list):
        return [_printable(one) for one in value]
    return printable(value or "")


class TargetGroupsField(forms.ModelMultipleChoiceField):
    def clean(self, value):
        """Refuse unknown keys before the database sees them: SQLite can't even compare with a huge number."""
        known = {str(key) for key in self.queryset.values_list("pk", flat=True)}
        if not {str(key) for key in value or []} <= known:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class SenderField(forms.ModelChoiceField):
    """A member; "Annan eller ingen" is a choice of its own, so that nothing is chosen for anybody."""

    NOBODY = "ingen"

    def clean(self, value):
        return None if value == self.NOBODY else super().clean(value)


def refuse_rather_than_cut(field):
    """Validate the length instead of letting the browser cut what somebody pastes."""
    if getattr(field, "max_length", None) is None:
        return
    field.widget.attrs.pop("maxlength", None)
    label = strip_tags(field.label).removesuffix("(valfritt)").strip().capitalize()
    field.validators = [validator for validator in field.validators if validator.code != "max_length"]
    field.validators.append(partial(_at_most, field.max_length, _DEFINITE.get(label, f"Texten under ”{label}”")))
    field.widget.attrs["data-limit"] = field.max_length


_DEFINITE = {"Rubrik": "Rubriken", "Bakgrund": "Bakgrunden", "Titel": "Titeln"}


def _at_most(limit, name, text):
    if len(text) > limit:
        raise forms.ValidationError(
            f"{name} är för lång: {_spaced(len(text))} tecken. Korta ner till högst {_spaced(limit)}. "
            "Allt du har skrivit finns kvar.",
            code="max_length",
        )


def _spaced(number):
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
