"""What the admin refuses to do to accounts: lock out the last superuser, or delete one that the history refers to."""

from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.contrib.auth.models import User
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from proposals.models import ImportPreview

LETS_IN = ("is_active", "is_staff", "is_superuser")
OWN = "Det här är ditt eget konto. Be en kollega som har alla rättigheter, så att du inte stänger ute dig själv."
LAST = "Ingen annan som kan logga in har alla rättigheter. Ge dem till en kollega först, så att någon kan släppa in er."
HAS_DONE = (
    "Kontot {} finns kvar, för historiken berättar vad det har gjort. Ta bort krysset för Aktiv i stället: då kan "
    "ingen logga in med det."
)


def is_last(user):
    """Whether it is the last superuser that can sign in. Locks all superusers until the transaction ends."""
    superusers = User.objects.select_for_update(no_key=True).filter(is_superuser=True).order_by("pk")
    able = [one for one in superusers if one.is_active and one.is_staff and one.has_usable_password()]
    return able == [user]


def has_done_something(user):
    """Whether anything refers to the account, such as a row of history; its devices and previews don't count."""
    parts = (TOTPDevice, StaticDevice, ImportPreview)
    relations = [field for field in User._meta.get_fields(include_hidden=True) if field.one_to_many or field.one_to_one]
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: user}).exists()
        for relation in relations
        if relation.related_model not in parts and not relation.related_model._meta.auto_created
    )


def why_not_deleted(user, by):
    """The sentence that refuses to let `by` delete the account; empty when they may."""
    if user == by:
        return OWN
    if is_last(user):
        return LAST
    return HAS_DONE.format(user) if has_done_something(user) else ""


class AccountForm(UserChangeForm):
    editor = None  # the account that edits

    def clean(self):
        cleaned = super().clean()
        lost = [name for name in LETS_IN if name in self.changed_data and not self.cleaned_data.get(name)]
        if lost and self.instance == self.editor:
            self.add_error(lost[0], OWN)
        elif lost and is_last(self.instance):
            self.add_error(lost[0], LAST)
        return cleaned


class AccountPasswordForm(AdminPasswordChangeForm):
    def clean(self):
        cleaned = super().clean()
        if not self.cleaned_data["set_usable_password"] and is_last(self.user):
            self.add_error("usable_password", LAST)
        return cleaned
