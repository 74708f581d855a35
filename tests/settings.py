"""The site's settings as the tests run them: no environment needed, nothing outside the machine."""

import os

os.environ.update(
    SECRET_KEY="only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    SITE_URL="http://testserver",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    SECRETARIAT_EMAIL="kansliet@example.com",
    DEFAULT_FROM_EMAIL="noreply@example.com",
    EMAIL_URL="memorymail://",
    DEBUG="false",
    BEHIND_PROXY="false",
    REQUIRE_MFA="false",
)

from reglab.settings import *  # noqa: F403
from reglab.settings import DATABASES, STATIC_ROOT, STORAGES, VAR_DIR

# Without collectstatic there is no manifest to look names up in
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# SQLite as a file, as in real life: in memory, threads would share one connection and nothing would lock
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / f"test-{os.getpid()}.sqlite3"}
else:
    # Long enough for threads that share the pool; tests of an outage wait for it
    DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 2

# At once, so that a test finds what was sent
SEND_MAIL_IN_BACKGROUND = False
# Nothing goes on in the background that a test hasn't asked for
RENDER_BOOKLETS_IN_ADVANCE = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
