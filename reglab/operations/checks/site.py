"""Checks of the environment and of what is installed."""

import re
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.core.checks import run_checks
from django.http.request import validate_host
from django.test import Client

from reglab.operations.checks.finding import advice, fault, is_real_site

TOLD_HERE = {"security.W018"}  # debug() says it in plainer words
PINNED = re.compile(r"^([\w.-]+)(?:\[[^]]*])?==(\S+)", re.MULTILINE)


def packages():
    for name, wanted in PINNED.findall((settings.BASE_DIR / "requirements.txt").read_text()):
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = "missing"
        if installed != wanted:
            yield fault(
                f"The package {name} is {installed}; this version of Reglab was tested with {wanted}.",
                "Run .venv/bin/pip install --requirement requirements.txt",
            )


def django_checks():
    """Those for a real site ask for https in many words; plain_http() does in one."""
    for message in run_checks(include_deployment_checks=settings.IS_HTTPS):
        if message.id not in TOLD_HERE and not message.is_silenced():
            hint = message.hint or f"Look for {message.id} in Django's documentation."
            yield fault(f"Django says ({message.id}): {_line(message.msg)}", _line(hint))


def debug():
    if settings.DEBUG:
        tell = fault if is_real_site() else advice
        yield tell("DEBUG is on: an error shows everybody the code and the settings.", "Remove DEBUG.")


def plain_http():
    if is_real_site() and not settings.IS_HTTPS:
        yield fault(
            "SITE_URL begins with http://: passwords and secret links can be read by anybody on the way.",
            "Put nginx or Caddy with a certificate in front, and let SITE_URL begin with https://.",
        )


def hosts():
    if is_real_site() and "*" in settings.ALLOWED_HOSTS:
        yield fault(
            "ALLOWED_HOSTS has *: the site answers to any name, so others can pass it off as theirs.",
            "List the site's names in ALLOWED_HOSTS, or remove it: the host of SITE_URL is then the one.",
        )
    if not validate_host(settings.SITE.hostname, settings.ALLOWED_HOSTS):
        yield fault(
            f"ALLOWED_HOSTS lacks {settings.SITE.hostname}, the host of SITE_URL: links in mails lead to an error.",
            f"Add {settings.SITE.hostname} to ALLOWED_HOSTS, or remove ALLOWED_HOSTS.",
        )


def proxy():
    """Nobody here can see whether there is a proxy, but gunicorn as it is started by us speaks no https."""
    if settings.IS_HTTPS and not settings.BEHIND_PROXY:
        yield fault(
            "SITE_URL begins with https:// but BEHIND_PROXY is off: behind a proxy every page is a redirect to itself, "
            "and all people count as one when forms are limited.",
            "Set BEHIND_PROXY=true when nginx, Caddy or a balancer that sets X-Forwarded-For and X-Forwarded-Proto is "
            "the only way to the site.",
        )


def front_page():
    """Made here and not asked for over the network: so it tells the same before the site is started."""
    try:
        status = Client(headers={"Host": settings.SITE.netloc}).get("/", secure=settings.IS_HTTPS).status_code
        reason = "" if status == 200 else f"it answers {status}"
    except Exception as error:  # whatever it is, this is where to tell of it
        reason = f"{type(error).__name__}: {error}"
    if reason:
        yield fault(f"The front page can't be made: {_line(reason)}", "What the log says of it tells where.")


def _line(text):
    return " ".join(str(text).split())
