"""The addresses of the site: the admin and those of the one app. And the pages for what goes wrong."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("proposals.urls")),
]
handler400 = "proposals.views.errors.bad_request"
handler403 = "proposals.views.errors.forbidden"
handler404 = "proposals.views.errors.not_found"
handler500 = "proposals.views.errors.failure"
