from django.apps import AppConfig
from django.contrib.admin import apps


class ReglabConfig(AppConfig):
    """The project as an app, so that Django finds its commands and checks. It has no models."""

    default = True
    name = "reglab"
    verbose_name = "Webbplatsen"

    def ready(self):
        from reglab.operations.checks import database, files, mail, site  # noqa: F401 (they register themselves)


class AdminConfig(apps.AdminConfig):
    """Django's admin with our site in the place of its own."""

    default = False
    default_site = "reglab.admin_site.GuardedSite"
