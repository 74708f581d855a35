"""The WSGI application that gunicorn serves."""

import os
import sys

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reglab.settings")

# Seconds until a thread that is at work lets another one in: less than usual, because handing out a kept page takes a
# fraction of it and shouldn't wait for whole rounds of somebody else's work
sys.setswitchinterval(0.001)


class Request(WSGIRequest):
    """A request in UTF-8, as all that our pages send.

    Django believes a client that names another charset, and trips over one that it can't read text in.
    """

    def _set_content_type_params(self, meta):
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {}


application = get_wsgi_application()
application.request_class = Request
