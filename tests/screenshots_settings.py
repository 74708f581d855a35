"""The site as the guide's pictures show it: with a name of its own, and a code at each sign-in."""

from tests.settings import *  # noqa: F403

SITE_URL = "https://forslag.example.com"
REQUIRE_MFA = True
