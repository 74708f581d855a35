from django.apps import AppConfig
from django.contrib.admin import apps


class ProposalsConfig(AppConfig):
    default = True
    name = "proposals"
    verbose_name = "Förslag"


class DeskConfig(apps.AdminConfig):
    """Django's admin, with the secretariat's desk in the place of its index."""

    default = False
    default_site = "proposals.admin_site.DeskSite"
