"""The site's addresses, and beside them views that fail in ways that no view of ours is known to."""

import errno

from django.http import HttpResponse
from django.urls import include, path

from reglab.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def fault(request):
    raise ValueError(f"hemligt: {request.POST or request.path}")


def no_room(request):
    raise OSError(errno.ENOSPC, "No space left on device")


def fine(request):
    return HttpResponse("fine")


urlpatterns = [
    path("fault/", fault),
    path("fault/<str:key>/", lambda request, key: fault(request)),
    path("no-room/", no_room),
    path("fine/", fine),
    path("", include("reglab.urls")),
]
