"""Limits on wrong passwords and codes, by account and by address, shared by all processes.

A browser in which the account has signed in before has a count of its own, so that strangers can't lock its owner out.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from proposals import throttle
from reglab.sign_in import known_browser

PER_ACCOUNT = 10
PER_ADDRESS = 30  # a whole office may share one


@dataclass(frozen=True)
class Secret:
    name: str
    seconds: int  # for which a wrong guess counts
    wait: str  # the same in words


# Short, because a stranger who knows the name can use up its attempts
PASSWORD = Secret("password", 15 * 60, "en kvart")
# Long, because a code has only a million values; needs the password first
CODE = Secret("code", 3600, "en timme")


class TooManyAttempts(ValidationError):
    def __init__(self, secret):
        super().__init__(f"Det har blivit för många försök. Vänta {secret.wait} och försök sedan igen.")
        self.seconds = secret.seconds


@contextmanager
def attempt(request, secret, user_name):
    """Count a wrong guess unless the body completes without an exception.

    Counted before the body checks it, so that concurrent guesses can't exceed the limit. Raises TooManyAttempts before
    the body, whether there is such an account or not.
    """
    browser = known_browser.name_for(request, user_name)
    slots = []
    if browser is None:
        slots.append(throttle.take_slot(request, f"{secret.name}-from", PER_ADDRESS, secret.seconds))
    if all(slots):  # an address over its limit uses up none of the account's attempts
        slots.append(
            throttle.take_slot_of(user_name.lower(), f"{secret.name}-of", PER_ACCOUNT, secret.seconds, browser)
        )
    if not all(slots):
        throttle.give_back(slots)
        raise TooManyAttempts(secret)
    yield
    throttle.give_back(slots)


def forget(user_name):
    for secret in (PASSWORD, CODE):
        throttle.free_slots_of(user_name.lower(), f"{secret.name}-of")


def with_retry_after(response, form):
    """Make the response a 429 if the form has a TooManyAttempts error. Returns it."""
    for errors in form.errors.as_data().values():
        for error in errors:
            if isinstance(error, TooManyAttempts):
                response.status_code = 429
                response["Retry-After"] = str(error.seconds)
    return response
