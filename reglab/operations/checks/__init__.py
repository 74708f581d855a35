"""System checks of how this site is set up. `manage.py check --deploy --database default` runs them all.

Without `--database` only settings and packages are checked: nothing is read from the disk or asked over the network.
"""

from django.conf import settings
from django.core.checks import register


def is_real_site():
    """Whether others than the developer at this machine use the site."""
    return settings.SITE.hostname not in settings.LOCAL_HOSTS


def register_live(*tags):
    """Register a deployment check that looks at the running environment, so only when a database is named."""

    def decorate(check):
        @register(*tags, deploy=True)
        def check_when_asked(databases=None, **kwargs):
            return check() if databases else ()

        return check

    return decorate
