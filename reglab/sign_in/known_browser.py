"""Browsers in which somebody has signed in before, as a signed cookie tells: strangers can't shut them out."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

SALT = "proposals.sign_in.known_browser"  # as when the cookies that are out there were signed
LASTS = 365 * 24 * 3600  # seconds since the last sign-in
MOST_ACCOUNTS = 5  # of those who share a computer


@dataclass(frozen=True)
class KnownBrowser:
    """Its name, a random one, and {key of an account: a hash of its password}; who signed in last is the first."""

    name: str
    accounts: dict

    @property
    def last_account(self):
        return next(iter(self.accounts))


def read(request):
    """The KnownBrowser that the request comes from, None when nobody has signed in there, or too long ago."""
    try:
        name, accounts = signing.loads(
            request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, ""), salt=SALT, max_age=LASTS
        )
    except signing.BadSignature:
        return None
    return KnownBrowser(name, dict(accounts))


def name_for(request, user_name):
    """The browser's name, when somebody has signed in there to that account, whose password is the same since."""
    browser = read(request)
    if browser is None:
        return None
    user = User.objects.filter(pk__in=browser.accounts, username=user_name).first()
    return browser.name if user and constant_time_compare(browser.accounts[user.pk], _hash(user)) else None


def remember(request, response, user):
    """The response with the cookie: `user` has just signed in, or changed the password."""
    browser = read(request) or KnownBrowser(get_random_string(22), {})
    others = [(key, password) for key, password in browser.accounts.items() if key != user.pk]
    accounts = [(user.pk, _hash(user)), *others][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps((browser.name, accounts), salt=SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _hash(user):
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()
