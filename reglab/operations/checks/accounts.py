"""Checks of the accounts."""

from django.conf import settings
from django.contrib.auth import get_user_model

from reglab.operations.checks.finding import advice, fault, is_real_site


def nobody_can_sign_in():
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    users = [user for user in users if user.has_usable_password()]
    if not users:
        yield fault("No account can sign in to the desk.", "Run manage.py createsuperuser")
    elif not any(user.is_superuser for user in users):
        yield fault("No account can make accounts: there is no superuser.", "Run manage.py createsuperuser")


def second_factor():
    if is_real_site() and not settings.REQUIRE_MFA:
        yield advice(
            "A password alone opens the desk.",
            "Set REQUIRE_MFA=true, and everybody who signs in is asked for a code from a phone as well.",
        )
