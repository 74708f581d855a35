"""The addresses of the site: the admin and those of the one app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("proposals.urls")),
]
