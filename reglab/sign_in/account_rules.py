"""Accounts at the desk: a role each, and what is refused, such as locking out the last administrator."""

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.db.models import TextChoices
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from proposals.models import ImportPreview

OWN = "Det här är ditt eget konto. Be en kollega som har alla rättigheter, så att du inte stänger ute dig själv."
LAST = "Ingen annan som kan logga in har alla rättigheter. Ge dem till en kollega först, så att någon kan släppa in er."
ACTIVE = "Kontot {} är aktivt. Ta bort krysset för Aktivt och spara först. Då kan ingen logga in med det."
HAS_DONE = (
    "Kontot {} finns kvar, för historiken berättar vad det har gjort. Det är inte aktivt, så "
    "ingen kan logga in med det."
)


class Role(TextChoices):
    READER = "reader", "Läsare"
    SECRETARIAT = "secretariat", "Kansliet"
    ADMINISTRATOR = "administrator", "Administratör"


# The rights of the first two are those of the groups of their names
MAY = {
    Role.READER: "ser allt på kansliets sidor utom mejladresser, och ändrar inget.",
    Role.SECRETARIAT: "redigerar, publicerar, mejlar och läser in dokument.",
    Role.ADMINISTRATOR: "som Kansliet, och lägger till och stänger konton.",
}


def role_of(user):
    """The Role of an account, or None if it has rights of another kind. Reads the account's groups."""
    if user.is_superuser:
        return Role.ADMINISTRATOR
    names = {group.name for group in user.groups.all()}
    return next((role for role in (Role.SECRETARIAT, Role.READER) if role.label in names), None)


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
    if user.is_active:
        return ACTIVE.format(user)
    return HAS_DONE.format(user) if has_done_something(user) else ""


class RoleForm(forms.ModelForm):
    """Gives the account the rights of the role that is chosen."""

    role = forms.ChoiceField(
        label="Roll",
        choices=[(role, f"{role.label}: {MAY[role]}") for role in Role],
        widget=forms.RadioSelect,
        error_messages={"required": "Välj en roll."},
    )

    def save(self, commit=True):
        self.instance.is_staff = True
        self.instance.is_superuser = self.cleaned_data["role"] == Role.ADMINISTRATOR
        return super().save(commit)

    def _save_m2m(self):
        super()._save_m2m()
        role = Role(self.cleaned_data["role"])
        self.instance.groups.set(Group.objects.filter(name=role.label))
        self.instance.user_permissions.clear()


class NewAccountForm(RoleForm, UserCreationForm):
    """Somebody new, with a password to begin with."""


class AccountForm(RoleForm):
    editor = None  # the account that edits

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active")
        labels = {"is_active": "Aktivt"}
        help_texts = {"is_active": "Utan kryss kan ingen logga in med kontot. Det som det har gjort finns kvar."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["role"] = role_of(self.instance)

    def clean(self):
        cleaned = super().clean()
        was_administrator = self.initial.get("role") == Role.ADMINISTRATOR
        lost = "is_active" if self.instance.pk and not cleaned.get("is_active") else None
        if was_administrator and cleaned.get("role") != Role.ADMINISTRATOR:
            lost = lost or "role"
        if lost and lost in self.changed_data and self.instance == self.editor:
            self.add_error(lost, OWN)
        elif lost and lost in self.changed_data and is_last(User.objects.get(pk=self.instance.pk)):
            self.add_error(lost, LAST)
        return cleaned


class AccountPasswordForm(AdminPasswordChangeForm):
    usable_password = forms.ChoiceField(
        label="Logga in med lösenord",
        required=False,
        initial="true",
        choices=[("true", "Ja, med ett nytt lösenord"), ("false", "Nej, ingen kan logga in med kontot")],
        widget=forms.RadioSelect,
    )

    def clean(self):
        cleaned = super().clean()
        if not self.cleaned_data["set_usable_password"] and is_last(self.user):
            self.add_error("usable_password", LAST)
        return cleaned
