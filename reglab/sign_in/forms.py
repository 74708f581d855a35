"""What is asked for at the door: name and password, then a code."""

import re

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm

from reglab.sign_in.attempts import CODE, PASSWORD, attempt

REFUSED = "Namnet eller lösenordet stämmer inte."
WRONG_CODE = "Koden stämmer inte. Appen visar en ny kod var trettionde sekund, och varje kod gäller en gång."


class PasswordForm(AdminAuthenticationForm):
    """Name and password. Each refusal is the same, whether there is such an account or not, and whatever it may do."""

    error_messages = dict.fromkeys(["invalid_login", "inactive"], REFUSED)

    def clean(self):
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not (name and password):
            return self.cleaned_data
        with attempt(self.request, PASSWORD, name):
            return super().clean()


class CodeForm(forms.Form):
    """A code, right or wrong by `check`, a function that gives the device it is right for; that is then `device`."""

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
        """Without the spaces and hyphens that people type as they read them."""
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"])
        with attempt(self.request, CODE, self.user.username):
            self.device = self.check(code)
            if self.device is None:
                raise forms.ValidationError(WRONG_CODE)
        return code
