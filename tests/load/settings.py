"""The tests' settings for a load: behind a proxy that tells the readers' addresses, with a mail server of its own."""

import os

from tests.settings import *  # noqa: F403

BEHIND_PROXY = True
SEND_MAIL_IN_BACKGROUND = True
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("MAIL_PORT", "25"))
