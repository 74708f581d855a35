"""Fields that clean whatever is validated, saved or looked up. To migrations they are Django's own."""

from django.db import models

from proposals.text_input import form_fields
from proposals.text_input.characters import clean_line, clean_paragraphs


class _PlainColumn:
    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.column_class}", args, kwargs


class LineField(_PlainColumn, models.CharField):
    column_class = "CharField"

    def to_python(self, value):
        value = super().to_python(value)
        return value if value is None else clean_line(value)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": form_fields.LineField, **kwargs})


class ParagraphsField(_PlainColumn, models.TextField):
    column_class = "TextField"

    def to_python(self, value):
        value = super().to_python(value)
        return value if value is None else clean_paragraphs(value)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": form_fields.ParagraphsField, **kwargs})


class AddressField(_PlainColumn, models.EmailField):
    column_class = "EmailField"

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": form_fields.AddressField, **kwargs})


class AddressesField(_PlainColumn, models.TextField):
    """E-mail addresses, one on each line."""

    column_class = "TextField"

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": form_fields.AddressesField, **kwargs})
