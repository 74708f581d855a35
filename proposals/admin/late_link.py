from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html

from proposals import emails
from proposals.admin.date_time_field import DateTimeField
from proposals.models import LateLink


class LateLinkForm(forms.ModelForm):
    expires_at = DateTimeField(label="Gäller till", default_time="23:59", help_text="Utan tid: till 23.59.")

    class Meta:
        model = LateLink
        fields = ("meeting", "name", "email", "reason", "expires_at")

    def clean_expires_at(self):
        expires_at = self.cleaned_data["expires_at"]
        if expires_at <= timezone.now():
            raise forms.ValidationError("Tiden har redan varit. Välj en senare.")
        return expires_at

    def clean(self):
        cleaned = super().clean()
        meeting, expires_at = cleaned.get("meeting"), cleaned.get("expires_at")
        if meeting and expires_at and timezone.localdate(expires_at) > meeting.date:
            self.add_error("expires_at", "Tiden är efter mötet. Välj en tidigare.")
        return cleaned


@admin.register(LateLink)
class LateLinkAdmin(admin.ModelAdmin):
    """Late links can be added and deleted, but not changed."""

    form = LateLinkForm
    filled_by_link = "meeting"
    view_on_site = False  # the URL is secret
    list_display = ["name", "meeting", "expires_at", "state", "reason", "created_by"]
    list_select_related = ["meeting", "created_by", "proposal"]
    readonly_fields = ["state", "created_at", "created_by", "proposal"]

    def get_fields(self, request, obj=None):
        return [*self.form.Meta.fields, *(self.readonly_fields if obj else [])]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the buttons that open a register in a window of its own."""
        if db_field.name == "meeting":
            kwargs["empty_label"] = "Välj möte"
        return db_field.formfield(**kwargs)

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="läge")
    def state(self, link):
        if link.used_at:
            return f"använd: {link.proposal}" if link.proposal else "använd"
        return "gäller" if link.is_usable else "tiden har gått ut"

    def save_model(self, request, obj, form, change):
        obj.created_by = request.user
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            emails.send(emails.late_link(obj))
        self.message_user(request, format_html("Länken är mejlad till {}.", obj.email))
