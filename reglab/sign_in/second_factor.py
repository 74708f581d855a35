"""The second factor of an account: codes of an app (TOTP), and recovery codes."""

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
RECOVERY_LENGTH = 10  # digits, as the app's codes, for numeric keyboards
TOTP_CODE = re.compile(r"[0-9]{6}")


def is_set_up(user):
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).exists()


def new_key():
    return random_hex(20)


class SetupKey:
    """The secret for an app: as an otpauth address, as a QR code and as text."""

    def __init__(self, user, key):
        self._device = TOTPDevice(user=user, key=key)

    @property
    def address(self):
        return self._device.config_url

    @property
    def picture(self):
        """The QR code as a data URI, black on white also in dark mode."""
        return segno.make(self.address, error="m").svg_data_uri(scale=5, dark="#000", light="#fff")

    @property
    def groups(self):
        text = b32encode(self._device.bin_key).decode()
        return [text[start : start + 4] for start in range(0, len(text), 4)]


@transaction.atomic
def set_up(user, key, code):
    """Link the app that has the secret `key`, and create recovery codes.

    Returns the device; None when `code` is wrong or the account has an app.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two requests at once must not both find none
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
    half = RECOVERY_LENGTH // 2
    tokens = [token for device in StaticDevice.objects.filter(user=user) for token in device.token_set.all()]
    return [f"{token.token[:half]} {token.token[half:]}" for token in tokens]


@transaction.atomic
def matching_device(user, code):
    """The device that accepts `code`, or None. No code is accepted twice."""
    model = TOTPDevice if TOTP_CODE.fullmatch(code) else StaticDevice
    devices = model.objects.devices_for_user(user, confirmed=True).select_for_update()
    return next((device for device in devices if device.verify_token(code)), None)


@transaction.atomic
def forget(user):
    """Remove the account's app and recovery codes; sessions that used them end."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=user).delete()
