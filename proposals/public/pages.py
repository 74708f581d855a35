"""The pages about the site, and the context that every page needs."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe


def site(request):
    """Context processor for base.html."""
    return {
        "organisation": settings.ORGANISATION,
        "secretariat_email": settings.SECRETARIAT_EMAIL,
        "site_url": settings.SITE_URL,
    }


@require_safe
def about(request):
    return render(request, "public/about.html", {"section": "about"})


@require_safe
def accessibility(request):
    return render(request, "public/accessibility.html", {"section": "about"})


@require_safe
def privacy(request):
    months = {
        "submitters": settings.KEEP_SUBMITTERS_MONTHS,
        "drafts": settings.KEEP_DRAFTS_MONTHS,
        "contacts": settings.KEEP_CONTACTS_MONTHS,
    }
    return render(request, "public/privacy.html", {"section": "about", "months": months})


@require_safe
def robots(request):
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
