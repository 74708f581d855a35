"""What is done with every request."""

import logging

from django.db import InterfaceError, OperationalError
from django.shortcuts import render

logger = logging.getLogger(__name__)


class DatabaseUnavailable:
    """Answer with a page in Swedish that asks to try again when the database doesn't answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        logger.error("The database doesn't answer: %s", exception)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "60"
        return response
