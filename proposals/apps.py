from importlib import import_module

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "proposals"
    verbose_name = "Förslag"

    def ready(self):
        """Django itself looks for the registrations in the admin's package, which the site is imported from."""
        import_module("proposals.admin.registration")
