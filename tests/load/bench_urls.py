"""The site's addresses, and beside them a list of 28 without anything round it, to measure against."""

from django.shortcuts import render
from django.urls import include, path

from proposals.models import Proposal


def minimal(request):
    """A list of 28 in one query and a plain template."""
    proposals = Proposal.objects.published().select_related("region")[:28]
    return render(request, "bench_minimal.html", {"proposals": proposals})


urlpatterns = [path("minimal/", minimal), path("", include("reglab.urls"))]
