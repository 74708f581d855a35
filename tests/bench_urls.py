"""The site's addresses, and beside them the least that Django can answer: what the pages are measured against."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path

from proposals.models import Proposal


def hello(request):
    return HttpResponse("hello")


def minimal(request):
    """A list of 28 in one query and a plain template."""
    proposals = Proposal.objects.published().select_related("region")[:28]
    return render(request, "bench_minimal.html", {"proposals": proposals})


urlpatterns = [path("hello/", hello), path("minimal/", minimal), path("", include("reglab.urls"))]
