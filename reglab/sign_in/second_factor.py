"""The second factor of an account: an app on a phone that shows codes, and recovery codes on paper."""

import re
from base64 import b32encode

import segno
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import get_random_string
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

RECOVERY_CODES = 10
RECOVERY_LENGTH = 10  # digits, so that the same keys type both kinds of code
CODE_OF_APP = re.compile(r"[0-9]{6}")


def is_set_up(user):
    """Whether the account has an app."""
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).exists()


def new_key():
    """A secret for an app to make its codes from."""
    return random_hex(20)


class Invitation:
    """What an app needs to know to make the account's codes: as an address, as a picture and as text to type."""

    def __init__(self, user, key):
        self._device = TOTPDevice(user=user, key=key)

    @property
    def address(self):
        return self._device.config_url

    @property
    def picture(self):
        """A QR code as the address of an image, black on white in a dark page too."""
        return segno.make(self.address, error="m").svg_data_uri(scale=5, dark="#000", light="#fff")

    @property
    def groups(self):
        """The secret in groups of four letters and digits."""
        text = b32encode(self._device.bin_key).decode()
        return [text[place : place + 4] for place in range(0, len(text), 4)]


@transaction.atomic
def set_up(user, key, code):
    """Tie the app that makes codes from `key` to the account, if `code` is one and the account has no app yet.

    Gives the device, or None. The account gets its recovery codes too.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # so that two at once don't both find none
    if is_set_up(user):
        return None
    device = TOTPDevice.objects.create(user=user, key=key, name="app")
    if not device.verify_token(code):
        transaction.set_rollback(True)
        return None
    recovery = StaticDevice.objects.create(user=user, name="recovery codes")
    for _ in range(RECOVERY_CODES):
        recovery.token_set.create(token=get_random_string(RECOVERY_LENGTH, "0123456789"))
    return device


def recovery_codes(user):
    """Those that haven't been used, as groups of digits."""
    half = RECOVERY_LENGTH // 2
    tokens = [token for device in StaticDevice.objects.filter(user=user) for token in device.token_set.all()]
    return [f"{token.token[:half]} {token.token[half:]}" for token in tokens]


@transaction.atomic
def accept(user, code):
    """The device that `code` is right for, or None. No code is right twice."""
    model = TOTPDevice if CODE_OF_APP.fullmatch(code) else StaticDevice
    devices = model.objects.devices_for_user(user, confirmed=True).select_for_update()
    return next((device for device in devices if device.verify_token(code)), None)


@transaction.atomic
def forget(user):
    """Remove the account's app and recovery codes: who has used them is signed out, and sets up a new app next time."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=user).delete()
