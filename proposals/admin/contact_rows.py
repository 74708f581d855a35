"""Inline for the contact persons of a proposal."""

import math

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from proposals.admin.related import hide_delete_button
from proposals.models import ProposalContact


class ContactSelect(AutocompleteSelect):
    """AutocompleteSelect that renders the selected contact without a query of its own."""

    selected = None

    def optgroups(self, name, value, attrs=None):
        if self.selected is None or [str(key) for key in value] != [str(self.selected.pk)]:
            return super().optgroups(name, value, attrs)
        label = self.choices.field.label_from_instance(self.selected)
        return [(None, [self.create_option(name, self.selected.pk, label, True, 0, attrs=attrs)], 0)]


class ContactRowForm(forms.ModelForm):
    position = forms.IntegerField(
        label="Ordning",
        required=False,
        min_value=1,
        max_value=999,
        widget=forms.NumberInput(attrs={"aria-label": "Ordning"}),
    )

    class Meta:
        model = ProposalContact
        fields = ("contact", "position")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["position"] = None
        elif "contact" in self.fields:  # absent without change permission
            self.fields["contact"].widget.widget.selected = self.instance.contact


class ContactRows(forms.BaseInlineFormSet):
    """Formset that replaces all contact rows of the proposal.

    Rows aren't bound to saved ones, so that concurrent edits lead to one error, that of the proposal's version check.
    """

    def initial_form_count(self):
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["id"] = forms.CharField(required=False, widget=forms.HiddenInput)
        if "DELETE" in form.fields:  # absent without change permission
            form.fields["DELETE"].widget.attrs["aria-label"] = "Ta bort från förslaget"

    def save(self, commit=True):
        """Number the rows from 1, those without position last, and drop duplicates."""
        before = list(self.instance.contact_rows.all())
        forms_to_save = [form for form in self.forms if form.has_changed() and form not in self.deleted_forms]
        forms_to_save.sort(key=lambda form: form.cleaned_data["position"] or math.inf)
        contacts = list(dict.fromkeys(form.cleaned_data["contact"] for form in forms_to_save))
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


class ContactInline(admin.TabularInline):
    model = ProposalContact
    form = ContactRowForm
    formset = ContactRows
    autocomplete_fields = ["contact"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("contact")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "contact":
            kwargs["widget"] = ContactSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return hide_delete_button(super().formfield_for_dbfield(db_field, request, **kwargs))
