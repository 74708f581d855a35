"""The least that Django can answer, with no middleware and no database: what the pages are measured against."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("hello/", lambda request: HttpResponse("hello"))]

settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="only-to-say-hello", ROOT_URLCONF=__name__)
application = get_wsgi_application()
