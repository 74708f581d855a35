from django.apps import AppConfig
from django.contrib.admin import apps


class ReglabConfig(AppConfig):
    """Makes Django find the project's commands and checks. It has no models."""

    default = True
    name = "reglab"
    verbose_name = "Webbplatsen"

    def ready(self):
        from reglab.operations.checks import database, files, mail, site  # noqa: F401 (they register themselves)


class AdminConfig(apps.AdminConfig):
    default = False
    default_site = "reglab.admin_site.GuardedSite"
