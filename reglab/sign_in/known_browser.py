"""Browsers in which an account has signed in before, by a signed cookie: strangers can't lock its owner out there."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

SALT = "proposals.sign_in.known_browser"  # the old module's name, with which existing cookies are signed
MAX_AGE = 365 * 24 * 3600  # seconds since the last sign-in
MAX_ACCOUNTS = 5  # on a shared computer


@dataclass(frozen=True)
class KnownBrowser:
    name: str  # random
    accounts: dict  # {primary key: hash of the password's hash}, latest sign-in first

    @property
    def last_account(self):
        return next(iter(self.accounts))


def read(request):
    try:
        name, accounts = signing.loads(
            request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, ""), salt=SALT, max_age=MAX_AGE
        )
    except signing.BadSignature:
        return None
    return KnownBrowser(name, dict(accounts))


def name_for(request, user_name):
    """The browser's name if the account has signed in there and has had the same password since, else None."""
    browser = read(request)
    if browser is None:
        return None
    user = User.objects.filter(pk__in=browser.accounts, username=user_name).first()
    return browser.name if user and constant_time_compare(browser.accounts[user.pk], _hash(user)) else None


def remember(request, response, user):
    """Set the cookie after a sign-in or a change of password. Returns the response."""
    browser = read(request) or KnownBrowser(get_random_string(22), {})
    others = [(key, password) for key, password in browser.accounts.items() if key != user.pk]
    accounts = [(user.pk, _hash(user)), *others][:MAX_ACCOUNTS]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps((browser.name, accounts), salt=SALT),
        max_age=MAX_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _hash(user):
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()
