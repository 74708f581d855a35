import re

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User

from proposals.text_input.characters import clean_line
from reglab.sign_in.attempts import CODE, PASSWORD, attempt

REFUSED = "Namnet eller lösenordet stämmer inte."
WRONG_CODE = "Koden stämmer inte. Appen visar en ny kod var trettionde sekund, och varje kod gäller en gång."


class PasswordForm(AdminAuthenticationForm):
    """Refuses with the same words whether there is such an account or not, and whatever its permissions are."""

    error_messages = dict.fromkeys(["invalid_login", "inactive"], REFUSED)

    def clean_username(self):
        """Find the account whatever its capitals; of two whose names differ only in them, the one as it is written."""
        name = clean_line(self.cleaned_data["username"])
        alike = [one for one in User.objects.values_list("username", flat=True) if one.casefold() == name.casefold()]
        return alike[0] if len(alike) == 1 else name

    def clean(self):
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not (name and password):
            return self.cleaned_data
        with attempt(self.request, PASSWORD, name):
            return super().clean()


class CodeForm(forms.Form):
    """`check` is a function of the code that returns the device that accepts it, or None; sets `device`."""

    code = forms.CharField(
        label="Kod",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
        error_messages={"required": "Skriv koden."},
    )

    def __init__(self, data, *, request, user, check):
        super().__init__(data)
        self.request, self.user, self.check = request, user, check

    def clean_code(self):
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"])
        with attempt(self.request, CODE, self.user.username):
            self.device = self.check(code)
            if self.device is None:
                raise forms.ValidationError(WRONG_CODE)
        return code
