from django.contrib import admin
from django.urls import include, path

from reglab.operations.views import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("proposals.urls")),
    path("healthz", health, name="health"),
]
handler400 = "reglab.errors.views.bad_request"
handler403 = "reglab.errors.views.forbidden"
handler404 = "reglab.errors.views.not_found"
handler500 = "reglab.errors.views.failure"
