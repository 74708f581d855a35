"""Django settings for Reglab, read from the environment; README.md has the table of variables.

A value that is missing or makes no sense stops the start with one line that names the variable.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

LONGEST_WAIT = 20  # seconds that somebody waits for what another one is writing

HOST = r"[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?"


def stop(name, may_be):
    """End the start with one line: which variable is wrong and what it may be."""
    raise SystemExit(f"reglab: the environment variable {name} {may_be}")


def read_flag(name):
    """True or False from `name`; False when it isn't set."""
    value = env.str(name, default="false").strip().lower()
    if value not in ("1", "true", "yes", "on", "0", "false", "no", "off", ""):
        stop(name, "must be true or false")
    return value in ("1", "true", "yes", "on")


def read_secret_key():
    """SECRET_KEY, or the text of the file that SECRET_KEY_FILE names (made by `make run`)."""
    path = SECRET_KEY_FILE
    key = env.str("SECRET_KEY", default="") or (path.read_text().strip() if path.is_file() else "")
    if len(key) < 32:
        stop("SECRET_KEY", f"must be at least 32 random characters, or be kept in {path} (`make run` makes one)")
    return key


def read_site_url():
    """The site's own address, without a slash at the end: links in mails begin with it."""
    url = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
    match = re.fullmatch(rf"https?://{HOST}(?::([0-9]{{1,5}}))?", url)
    if not match or int(match[1] or 80) > 65535:
        stop("SITE_URL", "must be an address such as https://forslag.example.com, without a path")
    return url


def read_database():
    """Django's settings for DATABASE_URL; a SQLite file in var/ when it isn't set."""
    may_be = "must be sqlite:///path/to/file or postgres://user:password@host:5432/name"
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'reglab.sqlite3'}"
    if not re.match(r"(sqlite|postgres|postgresql)://", url):
        stop("DATABASE_URL", may_be)
    try:
        database = env.db_url_config(url)
    except (ImproperlyConfigured, ValueError):
        stop("DATABASE_URL", may_be)
    database["CONN_HEALTH_CHECKS"] = True
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE: a transaction that will write takes the lock when it begins, so that it waits instead of failing.
        # FULL: what was acknowledged survives a power cut.
        database["CONN_MAX_AGE"] = 60
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": LONGEST_WAIT,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-500;",
        }
    else:
        options = database.setdefault("OPTIONS", {})
        # Compiling a query before it runs takes longer than any of ours. Who waits for a lock is told so in the end.
        options.setdefault("options", f"-c jit=off -c lock_timeout={LONGEST_WAIT}s")
        # A server that is gone from the network is given up after seconds (then milliseconds), not a quarter of an hour
        options.setdefault("connect_timeout", 5)
        options.setdefault("tcp_user_timeout", 10_000)
        # Connections are shared by the threads of a process, of which there are many more than are at work
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10, "reconnect_timeout": 5}
    return database


def read_email():
    """Django's settings for EMAIL_URL; mails are printed on the console when it isn't set."""
    may_be = "must be smtp+tls://user:password@host:587, smtp://host:25 or consolemail://"
    try:
        email = env.email_url("EMAIL_URL", default="consolemail://")
    except (ImproperlyConfigured, ValueError, KeyError):
        stop("EMAIL_URL", may_be)
    if "smtp" in email["EMAIL_BACKEND"] and not email["EMAIL_HOST"]:
        stop("EMAIL_URL", may_be)
    return email


def read_hosts():
    """The host names that the site answers to."""
    hosts = [host.strip() for host in env.str("ALLOWED_HOSTS", default="").split(",") if host.strip()]
    if not all(re.fullmatch(rf"\*|\.?{HOST}", host) for host in hosts):
        stop("ALLOWED_HOSTS", "must be host names with commas between, such as forslag.example.com,www.example.com")
    return hosts or [SITE.hostname, *LOCAL_HOSTS]


def read_address(name):
    """An e-mail address; only a site on this machine may do with an example."""
    default = "" if SITE.hostname not in LOCAL_HOSTS else "kansliet@example.com"
    address = env.str(name, default=default).strip()
    try:
        validate_email(address)
    except ValidationError:
        stop(name, "must be an e-mail address such as kansliet@example.com")
    return address


def read_months(name, default):
    """How many whole months after a meeting what belongs to it is kept; None, for "off", is for ever."""
    months = (env.str(name, default="").strip() or default).lower()
    if months != "off" and not re.fullmatch(r"[1-9][0-9]{0,2}", months):
        stop(name, "must be a whole number of months, such as 24, or off")
    return None if months == "off" else int(months)


DEBUG = read_flag("DEBUG")
SECRET_KEY_FILE = Path(env.str("SECRET_KEY_FILE", default=str(VAR_DIR / "secret_key")))
SECRET_KEY = read_secret_key()

SITE_URL = read_site_url()
SITE = urlsplit(SITE_URL)
LOCAL_HOSTS = ("127.0.0.1", "localhost")
ALLOWED_HOSTS = read_hosts()

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
    "reglab.middleware.security_headers.Policies",
    "django.middleware.security.SecurityMiddleware",
    # Those that hand out what is ready
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "proposals.page_cache.middleware.PageCacheMiddleware",
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

DATABASES = {"default": read_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Each process has its own. What is counted or kept for all of them is in tables of ours, never in Django's cache in the
# database, which runs whatever somebody has written there (it unpickles).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Whole public pages, see proposals.page_cache
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
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
OTP_TOTP_ISSUER = "Reglab"
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
SECRETARIAT_EMAIL = read_address("SECRETARIAT_EMAIL")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read_address("DEFAULT_FROM_EMAIL")

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
