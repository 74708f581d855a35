"""Checks of settings and installed packages."""

import re
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.http.request import validate_host

from reglab.operations.checks import is_real_site

PINNED = re.compile(r"^([\w.-]+)(?:\[[^]]*])?==(\S+)", re.MULTILINE)


@register("packages", deploy=True)
def check_packages(**kwargs):
    for name, wanted in PINNED.findall((settings.BASE_DIR / "requirements.txt").read_text()):
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = "missing"
        if installed != wanted:
            yield Error(
                f"The package {name} is {installed}; this version of Reglab was tested with {wanted}.",
                hint="Run .venv/bin/pip install --requirement requirements.txt",
                id="reglab.E001",
            )


@register(Tags.security, deploy=True)
def check_https(**kwargs):
    """Stands for Django's own checks of https, which settings.py silences on a site with plain http."""
    if is_real_site() and not settings.IS_HTTPS:
        yield Error(
            "SITE_URL begins with http://: passwords and secret links can be read by anybody on the way.",
            hint="Put nginx or Caddy with a certificate in front, and let SITE_URL begin with https://.",
            id="reglab.E002",
        )
    # gunicorn as deployed speaks no https itself
    if settings.IS_HTTPS and not settings.BEHIND_PROXY:
        yield Error(
            "SITE_URL begins with https:// but BEHIND_PROXY is off: behind a proxy every page is a redirect to itself, "
            "and all people count as one when forms are limited.",
            hint="Set BEHIND_PROXY=true when nginx, Caddy or a balancer that sets X-Forwarded-For and "
            "X-Forwarded-Proto is the only way to the site.",
            id="reglab.E005",
        )


@register("privacy", deploy=True)
def check_privacy(**kwargs):
    """What the privacy page must say by law, and only the organisation knows."""
    names = ("DATA_CONTROLLER", "LEGAL_BASIS", "DATA_PROTECTION_OFFICER")
    missing = [name for name in names if not getattr(settings, name)]
    if is_real_site() and missing:
        yield Warning(
            f"The privacy page doesn't say all that it must. Not set: {', '.join(missing)}.",
            hint="Ask the organisation for its controller, legal basis and data protection officer.",
            id="reglab.W007",
        )


@register(Tags.security, deploy=True)
def check_hosts(**kwargs):
    if is_real_site() and "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS has *: the site answers to any name, so others can pass it off as theirs.",
            hint="List the site's names in ALLOWED_HOSTS, or remove it: the host of SITE_URL is then the one.",
            id="reglab.E003",
        )
    if not validate_host(settings.SITE.hostname, settings.ALLOWED_HOSTS):
        yield Error(
            f"ALLOWED_HOSTS lacks {settings.SITE.hostname}, the host of SITE_URL: links in mails lead to an error.",
            hint=f"Add {settings.SITE.hostname} to ALLOWED_HOSTS, or remove ALLOWED_HOSTS.",
            id="reglab.E004",
        )


@register(Tags.security, deploy=True)
def check_second_factor(**kwargs):
    if is_real_site() and not settings.REQUIRE_MFA:
        yield Warning(
            "A password alone opens the desk.",
            hint="Set REQUIRE_MFA=true, and everybody who signs in is asked for a code from a phone as well.",
            id="reglab.W006",
        )
