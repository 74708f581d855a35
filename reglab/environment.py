"""Read and validate environment variables. A wrong value ends the start with one line that names the variable."""

import re
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

env = environ.Env()

HOST = r"[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?"
SMTPS_PORT = 465
LOCK_TIMEOUT = 20  # seconds to wait for somebody else's write


def stop(name, requirement):
    raise SystemExit(f"reglab: the environment variable {name} {requirement}")


def read_text(name, default=""):
    return env.str(name, default="").strip() or default


def read_flag(name):
    value = read_text(name, "false").lower()
    if value not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        stop(name, "must be true or false")
    return value in ("1", "true", "yes", "on")


def read_secret_key(path):
    key = env.str("SECRET_KEY", default="") or (path.read_text().strip() if path.is_file() else "")
    if len(key) < 32:
        stop("SECRET_KEY", f"must be at least 32 random characters, or be kept in {path} (`make run` makes one)")
    return key


def read_site_url():
    """Without a slash at the end: paths are appended to it."""
    url = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
    match = re.fullmatch(rf"https?://{HOST}(?::([0-9]{{1,5}}))?", url)
    if not match or int(match[1] or 80) > 65535:
        stop("SITE_URL", "must be an address such as https://forslag.example.com, without a path")
    return url


def read_hosts(default):
    hosts = [host.strip() for host in read_text("ALLOWED_HOSTS").split(",") if host.strip()]
    if not all(re.fullmatch(rf"\*|\.?{HOST}", host) for host in hosts):
        stop("ALLOWED_HOSTS", "must be host names with commas between, such as forslag.example.com,www.example.com")
    return hosts or default


def read_database(default_path):
    requirement = "must be sqlite:///path/to/file or postgres://user:password@host:5432/name"
    url = read_text("DATABASE_URL", f"sqlite:///{default_path}")
    if not re.match(r"(sqlite|postgres|postgresql)://", url):
        stop("DATABASE_URL", requirement)
    try:
        database = env.db_url_config(url)
    except (ImproperlyConfigured, ValueError):
        stop("DATABASE_URL", requirement)
    database["CONN_HEALTH_CHECKS"] = True
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["CONN_MAX_AGE"] = 60
        database["OPTIONS"] = _sqlite_options()
    else:
        database["OPTIONS"] = _postgresql_options() | database.get("OPTIONS", {})
        # Connections are shared by the threads of a process, of which there are many more than are at work
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10, "reconnect_timeout": 5}
    return database


def _sqlite_options():
    return {
        # A transaction that will write takes the lock when it begins, so that it waits instead of failing
        "transaction_mode": "IMMEDIATE",
        "timeout": LOCK_TIMEOUT,
        # FULL: what was acknowledged survives a power cut
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-500;",
    }


def _postgresql_options():
    """Defaults, which DATABASE_URL may override."""
    return {
        # Compiling a query before it runs takes longer than any of ours; dates come as psycopg reads them
        "options": f"-c jit=off -c lock_timeout={LOCK_TIMEOUT}s -c datestyle=ISO",
        # A server that is gone from the network is given up after seconds (then milliseconds), not a quarter of an hour
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,
    }


def read_email():
    requirement = (
        "must be smtp+tls://user:password@host:587, smtps://user:password@host:465, smtp://host:25 or consolemail://"
    )
    # django-environ begins smtps:// in plain text, as smtp+tls://
    url = re.sub(r"^smtps://", "smtp+ssl://", read_text("EMAIL_URL", "consolemail://"))
    try:
        email = env.email_url_config(url)
    except (ImproperlyConfigured, ValueError, KeyError):
        stop("EMAIL_URL", requirement)
    if "smtp" in email["EMAIL_BACKEND"] and not email["EMAIL_HOST"]:
        stop("EMAIL_URL", requirement)
    if email.get("EMAIL_USE_SSL") and not urlsplit(url).port:
        email["EMAIL_PORT"] = SMTPS_PORT
    return email


def read_address(name, default):
    address = read_text(name, default)
    try:
        validate_email(address)
    except ValidationError:
        stop(name, "must be an e-mail address such as kansliet@example.com")
    return address


def read_months(name, default):
    """A whole number of months; None for "off"."""
    months = read_text(name, default).lower()
    if months != "off" and not re.fullmatch(r"[1-9][0-9]{0,2}", months):
        stop(name, "must be a whole number of months, such as 24, or off")
    return None if months == "off" else int(months)
