"""Django settings for Reglab. docs/operations.md has the table of the environment variables that they read."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from proposals.sections import SECTIONS
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
    # Outside everything that may answer or fail, so that every response passes through them
    "reglab.middleware.request_log.RequestLogMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "reglab.middleware.health_check.HealthCheckMiddleware",
    # Static files and cached pages
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "proposals.page_cache.middleware.PageCacheMiddleware",
    # What views need
    "reglab.middleware.back.BackMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "reglab.middleware.body_limit.BodyLimitMiddleware",
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
CRISPY_TEMPLATE_PACK = CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"

DATABASES = {"default": read_database(VAR_DIR / "reglab.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One for each process. What is shared by all is in tables of ours, never in Django's database cache, which unpickles
# its rows and so runs whatever somebody has written there.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Whole public pages, see proposals.page_cache
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

AUTHENTICATION_BACKENDS = ["reglab.sign_in.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# A working day, because the desk shows addresses and unpublished proposals. Each save restarts it, because its message
# is in the session; a form that is submitted later is stashed (reglab.sign_in.stashed_post).
SESSION_COOKIE_AGE = 12 * 3600

# A code from an app at each sign-in to the admin
REQUIRE_MFA = read_flag("REQUIRE_MFA")
OTP_TOTP_ISSUER = ORGANISATION
# django-otp neither counts attempts, as reglab.sign_in.attempts does, nor adjusts to a phone's clock: it would take a
# slowly typed code for a slow clock, and refuse the next one
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_TOTP_SYNC = False

# Swedish is the source language: pages, forms and mails are written in it, Django's own texts are translated.
LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
FORMAT_MODULE_PATH = "reglab.formats"
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
SEND_MAIL_IN_BACKGROUND = True  # by a thread after the commit (proposals.emails.outbox)
RENDER_BOOKLETS_IN_ADVANCE = True  # when a part of one has been published (proposals.booklet.advance)
EXAMPLE_EMAIL = "kansliet@example.com" if SITE.hostname in LOCAL_HOSTS else ""  # only on a site on this machine
SECRETARIAT_EMAIL = read_address("SECRETARIAT_EMAIL", EXAMPLE_EMAIL)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read_address("DEFAULT_FROM_EMAIL", EXAMPLE_EMAIL)

# For the privacy page: who is responsible, why it is allowed, and whom to ask
DATA_CONTROLLER, LEGAL_BASIS = read_text("DATA_CONTROLLER"), read_text("LEGAL_BASIS")
DATA_PROTECTION_OFFICER = read_text("DATA_PROTECTION_OFFICER")

# For `manage.py prune` and the privacy page
KEEP_SUBMITTERS_MONTHS = read_months("KEEP_SUBMITTERS_MONTHS", "24")
KEEP_DRAFTS_MONTHS = read_months("KEEP_DRAFTS_MONTHS", "12")
KEEP_CONTACTS_MONTHS = read_months("KEEP_CONTACTS_MONTHS", "off")

# Everything that needs https follows SITE_URL, so that a trial on http://127.0.0.1 works as well.
IS_HTTPS = SITE.scheme == "https"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_HOST = SITE.netloc
# Load balancers ask over plain http, and count a redirect as success
SECURE_REDIRECT_EXEMPT = ["^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
# A host such as forslag.example.com has no subdomains of others; a whole domain may have. Browsers' preload lists take
# whole domains only.
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS and SITE.hostname.count(".") > 1
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if not IS_HTTPS:  # reglab.E002 says it once, and only of a site that others use
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
# With __Host- a browser accepts the cookie only over https and from this very host
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True
KNOWN_BROWSER_COOKIE_NAME = f"{COOKIE_PREFIX}known_browser"  # see reglab.sign_in
# Without a proxy anybody could send X-Forwarded-Proto
BEHIND_PROXY = read_flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# Bytes of a request without files, see reglab.middleware.body_limit. A character takes up to 12 in an encoded form, so
# that a section of 20 000 makes 240 000; 50 contacts of 550 with the rest make 360 000.
DATA_UPLOAD_MAX_MEMORY_SIZE = 240_000 * len(SECTIONS) + 440_000
# The form has 220 with 50 contacts, and one for each chosen target group
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# No cookie for messages
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
# None of these is used, by us or by anything that somebody might manage to inject
PERMISSIONS_POLICY = {
    feature: []
    for feature in (
        *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen"),
        *("geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi"),
        *("otp-credentials", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock"),
        *("serial", "usb", "window-management", "xr-spatial-tracking"),
    )
}

# Old versions are only shown: restoring one would skip the check for somebody else's newer edit
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
    # Every record goes through our formatter, which removes paths, addresses and texts. What Django logs about a
    # request is in the request's own line.
    silent = {"level": "CRITICAL", "propagate": True}
    LOGGING["root"] = {"handlers": ["console"], "level": "WARNING"}
    LOGGING["loggers"] = {
        "proposals": {"level": "INFO"},
        "reglab": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},
        **dict.fromkeys(["django.request", "django.security", "django.server"], silent),
        # It warns at each HEAD, because Django's response has a body
        "gunicorn.http.wsgi": {"level": "ERROR"},
    }
