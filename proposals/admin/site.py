"""The AdminSite of the secretariat."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.urls import path
from django.utils.functional import SimpleLazyObject

from proposals.admin.menu import menu_of
from proposals.admin.start.desk import Desk
from proposals.booklet.formats import FORMATS
from proposals.models import Mail

WORKING_COPIES = ["pdf", "docx", "xlsx"]


class DeskSite(AdminSite):
    site_header = site_title = f"{settings.ORGANISATION} – kansliet"
    enable_nav_sidebar = False  # the desk has a menu of its own
    index_title = "Skrivbordet"
    index_template = "admin/start.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")  # objects are deleted one by one

    def each_context(self, request):
        """As Django's, with the menu instead of the list of all models."""
        return {
            **super().each_context(request),
            "menu": SimpleLazyObject(lambda: menu_of(request)),
        }

    def get_app_list(self, request, app_label=None):
        """Of one app only: the menu takes the place of the list of all."""
        return super().get_app_list(request, app_label) if app_label else []

    def get_urls(self):
        # Imported here: it asks for this site
        from proposals.admin import guide

        return [
            path("guide/", self.admin_view(guide.guide), name="guide"),
            path("guide/<str:name>", self.admin_view(guide.guide_picture), name="guide_picture"),
            *super().get_urls(),
        ]

    def index(self, request, extra_context=None):
        meeting = menu_of(request).meeting
        context = {"meeting": meeting, "title": "Skrivbordet"}
        if meeting and request.user.has_perm("proposals.view_proposal"):
            context["desk"] = Desk(meeting)
            context["booklets"] = [(ending, FORMATS[ending].name) for ending in WORKING_COPIES]
        if request.user.has_perm("proposals.view_mail"):
            context["unsent"] = list(Mail.objects.unsent().defer("body")) if menu_of(request).failed_mails else []
        return super().index(request, {**context, **(extra_context or {})})
