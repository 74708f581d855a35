"""What every page needs."""

from django.conf import settings


def site(request):
    """Context processor: what the frame round each page shows."""
    return {"secretariat_email": settings.SECRETARIAT_EMAIL}
