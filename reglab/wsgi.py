"""The WSGI application that gunicorn serves."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reglab.settings")

# Seconds until a thread that is at work lets another one in: less than usual, because handing out a kept page takes a
# fraction of it and shouldn't wait for whole rounds of somebody else's work
sys.setswitchinterval(0.001)

application = get_wsgi_application()
