"""The app on somebody's phone: it reads a secret from a page and shows codes."""

import re
import time
from base64 import b32decode

from django_otp.oath import TOTP


class Authenticator:
    def __init__(self, page):
        """Read the secret as one does by hand: the groups of letters and digits on the page."""
        self.secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))

    def code(self, later=0):
        """The code, or the one that is shown `later` times half a minute from now; each is taken once."""
        totp = TOTP(b32decode(self.secret))
        totp.time = time.time() + later * 30
        self.latest = f"{totp.token():06d}"
        return self.latest
