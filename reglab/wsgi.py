"""The WSGI application that gunicorn serves."""

import os
import sys

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reglab.settings")

# Seconds; less than the default of 5 ms, because a cached page takes a fraction of that and shouldn't wait for a thread
# that renders one
sys.setswitchinterval(0.001)


class Request(WSGIRequest):
    """Always decoded as UTF-8: Django uses the charset that a client names, and fails when there is no such codec."""

    def _set_content_type_params(self, meta):
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {}


application = get_wsgi_application()
application.request_class = Request
