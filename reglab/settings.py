"""Django settings for Reglab. docs/operations.md has the table of the environment variables that they read."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from reglab.environment import (
    read_address,
    read_database,
    read_email,
    read_flag,
    read_hosts,
    read_months,
    read_secret_key,
    read_site_url,
    read_text,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

DEBUG = read_flag("DEBUG")
SECRET_KEY_FILE = Path(read_text("SECRET_KEY_FILE", str(VAR_DIR / "secret_key")))
SECRET_KEY = read_secret_key(SECRET_KEY_FILE)

# Whose members send in the proposals; its name stands on pages, in mails and in files
ORGANISATION = "Reglab"

SITE_URL = read_site_url()
SITE = urlsplit(SITE_URL)
LOCAL_HOSTS = ("127.0.0.1", "localhost")
ALLOWED_HOSTS = read_hosts(default=[SITE.hostname, *LOCAL_HOSTS])

INSTALLED_APPS = [
    "proposals",
    "reglab",
    "reglab.apps.AdminConfig",
    "reglab.sign_in",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "simple_history",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    # Outside all that answers by itself and all that may fail, so that every answer passes through them
    "reglab.middleware.request_log.RequestLog",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Those that hand out what is ready
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "proposals.page_cache.middleware.KeptPages",
    # And those that pages are made with
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "reglab.middleware.body_limit.BodyLimit",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "reglab.urls"
WSGI_APPLICATION = "reglab.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "proposals.public.pages.site",
            ],
        },
    },
]
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"

DATABASES = {"default": read_database(VAR_DIR / "reglab.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Each process has its own. What is counted or kept for all of them is in tables of ours, never in Django's cache in the
# database, which runs whatever somebody has written there (it unpickles).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # The parts of the frame round each page that are always the same
    "frame": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "frame"},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# A working day: the desk shows addresses and what isn't published yet. Each save begins the time anew, because its
# message is in the session, and what somebody is writing when the time is up is kept (reglab.sign_in.stashed_post).
SESSION_COOKIE_AGE = 12 * 3600

# A code from an app at each sign-in to the admin
REQUIRE_MFA = read_flag("REQUIRE_MFA")
OTP_TOTP_ISSUER = ORGANISATION
# A right code is always right: attempts are counted by reglab.sign_in.attempts, which says when to try again, and
# the codes of somebody who types slowly aren't taken for those of a slow clock, which would shut out the next one
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_TOTP_SYNC = False

# Swedish is the source language: pages, forms and mails are written in it, Django's own texts are translated.
LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

vars().update(read_email())
EMAIL_TIMEOUT = 10
# After the commit, by a thread of the process (proposals.emails.outbox), so that nobody waits for a mail server
SEND_MAIL_IN_BACKGROUND = True
# The booklet of a meeting, when something in it has been published (proposals.booklet.advance)
RENDER_BOOKLETS_IN_ADVANCE = True
# Only a site on this machine may do with an example
EXAMPLE_EMAIL = "kansliet@example.com" if SITE.hostname in LOCAL_HOSTS else ""
SECRETARIAT_EMAIL = read_address("SECRETARIAT_EMAIL", EXAMPLE_EMAIL)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read_address("DEFAULT_FROM_EMAIL", EXAMPLE_EMAIL)

# What `manage.py prune` removes, and the privacy page tells of
KEEP_SUBMITTERS_MONTHS = read_months("KEEP_SUBMITTERS_MONTHS", "24")
KEEP_DRAFTS_MONTHS = read_months("KEEP_DRAFTS_MONTHS", "12")
KEEP_CONTACTS_MONTHS = read_months("KEEP_CONTACTS_MONTHS", "off")

# Everything that needs https follows SITE_URL, so that a trial on http://127.0.0.1 works as well.
IS_HTTPS = SITE.scheme == "https"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_HOST = SITE.netloc
# Load balancers ask for it over plain http, and take a redirect for an answer
SECURE_REDIRECT_EXEMPT = ["^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
# Below a name of its own, such as forslag.example.com, there is nothing else; below a whole domain there may be. And
# only whole domains are taken up by the lists that browsers bring (preload).
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS and SITE.hostname.count(".") > 1
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if not IS_HTTPS:  # reglab.E002 says it once, and only of a site that others use
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
# With __Host- a browser takes the cookie from this very host and over https alone
prefix = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{prefix}sessionid", f"{prefix}csrftoken"
CSRF_COOKIE_HTTPONLY = True
# For those who sign in to the admin, see reglab.sign_in.known_browser
KNOWN_BROWSER_COOKIE_NAME = f"{prefix}known_browser"
# Believed only when there is a proxy that sets them: anyone may send X-Forwarded-… to a bare server.
BEHIND_PROXY = read_flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# Bytes of one request but for files, see reglab.middleware.body_limit. In a form that is sent a letter takes up to 12:
# four texts of 20 000 and 50 contacts of 550, all in such letters, with the rest make 1 320 000.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_400_000
# The form with 50 contacts has 220 and one for each target group that is chosen
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# In the session, so that readers and submitters get no further cookie
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "reglab.errors.csrf.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# None of it is used, by us or by anything that somebody might manage to put into a page
PERMISSIONS_POLICY = {
    feature: []
    for feature in (
        *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen"),
        *("geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi"),
        *("otp-credentials", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock"),
        *("serial", "usb", "window-management", "xr-spatial-tracking"),
    )
}

# An old version is shown, not restored: restoring one would skip the check for somebody else's newer edit.
SIMPLE_HISTORY_REVERT_DISABLED = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "reglab.middleware.request_log.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
}
if DEBUG:
    # Beside Django's own, with paths and tracebacks
    ours = {"handlers": ["console"], "level": "INFO"}
    LOGGING["loggers"] = {"proposals": ours, "reglab": ours}
else:
    # Every record goes through our formatter, which lets no path, address or text of somebody's through. What Django
    # tells of a request stands in the request's own line.
    silent = {"level": "CRITICAL", "propagate": True}
    LOGGING["root"] = {"handlers": ["console"], "level": "WARNING"}
    LOGGING["loggers"] = {
        "proposals": {"level": "INFO"},
        "reglab": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},
        **dict.fromkeys(["django.request", "django.security", "django.server"], silent),
        # It complains of each HEAD, for which Django makes the whole page and the server sends only its head
        "gunicorn.http.wsgi": {"level": "ERROR"},
    }
