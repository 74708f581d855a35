from django import forms

from proposals.text_input.addresses import only_address, split_addresses
from proposals.text_input.characters import clean_line, clean_paragraphs


class PhoneInput(forms.TextInput):
    input_type = "tel"


class LineField(forms.CharField):
    """Text in one line."""

    def to_python(self, value):
        return clean_line(super().to_python(value))


class ParagraphsField(forms.CharField):
    """Text in any number of lines."""

    widget = forms.Textarea

    def to_python(self, value):
        return clean_paragraphs(super().to_python(value))


class AddressField(forms.EmailField):
    """One e-mail address, with or without a name before it."""

    def to_python(self, value):
        return only_address(clean_line(super().to_python(value)))


class AddressesField(forms.CharField):
    """Any number of e-mail addresses; one on each line when cleaned."""

    widget = forms.Textarea

    def to_python(self, value):
        return "\n".join(map(clean_line, split_addresses(super().to_python(value))))
