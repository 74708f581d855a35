"""How many wrong passwords and codes there may be: counted for the account and for the address, over all processes.

A browser in which the account has signed in before has a count of its own, so that strangers can't shut its owner out.
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
    """Something that can be guessed: its name, and for how many seconds a wrong guess is counted."""

    name: str
    seconds: int
    wait: str


# A stranger who knows a name can use up its attempts in new browsers: so this lasts only a quarter of an hour
PASSWORD = Secret("password", 15 * 60, "en kvart")
# Only who has the password gets as far, and a code has no more than a million values
CODE = Secret("code", 3600, "en timme")


class TooManyAttempts(ValidationError):
    """No guess is checked any more, for some time."""

    def __init__(self, secret):
        super().__init__(f"Det har blivit för många försök. Vänta {secret.wait} och försök sedan igen.")
        self.seconds = secret.seconds


@contextmanager
def attempt(request, secret, user_name):
    """Let the body check a guess, which counts as wrong unless the body comes to its end.

    It is counted before it is checked, so that guesses at the same moment aren't more than there may be. Raises
    TooManyAttempts, before the body, whether there is such an account or not.
    """
    browser = known_browser.name_for(request, user_name)
    slots = []
    if browser is None:
        slots.append(throttle.take_slot(request, f"{secret.name}-from", PER_ADDRESS, secret.seconds))
    if all(slots):  # who has no more guesses takes none of the account's
        slots.append(
            throttle.take_slot_of(user_name.lower(), f"{secret.name}-of", PER_ACCOUNT, secret.seconds, browser)
        )
    if not all(slots):
        throttle.give_back(slots)
        raise TooManyAttempts(secret)
    yield
    throttle.give_back(slots)


def forget(user_name):
    """Let the account's password and code be tried again, as if there had been no wrong ones."""
    for secret in (PASSWORD, CODE):
        throttle.free_slots_of(user_name.lower(), f"{secret.name}-of")


def with_retry_after(response, form):
    """The response, its status saying so too when the form has been tried too often."""
    for errors in form.errors.as_data().values():
        for error in errors:
            if isinstance(error, TooManyAttempts):
                response.status_code = 429
                response["Retry-After"] = str(error.seconds)
    return response
