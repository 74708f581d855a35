"""Answers load balancers, which ask by the machine's address, before the Host header is checked."""

from django.urls import reverse

from reglab.operations.views import health


class HealthCheckMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return health(request) if request.path_info == reverse("health") else self.get_response(request)
