"""The pages about the site, and the context that every page needs."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe


def site(request):
    """Context processor for base.html."""
    return {
        "organisation": settings.ORGANISATION,
        "secretariat_email": settings.SECRETARIAT_EMAIL,
        "site_url": settings.SITE_URL,
        "site_host": settings.SITE.netloc,
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
    responsible = {
        "controller": settings.DATA_CONTROLLER,
        "legal_basis": settings.LEGAL_BASIS,
        "officer": settings.DATA_PROTECTION_OFFICER,
    }
    return render(request, "public/privacy.html", {"section": "about", "months": months, **responsible})


@require_safe
def favicon(request):
    """For programs that ask for it at this address."""
    return redirect(static("favicon.svg"))


@require_safe
def robots(request):
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
