"""The addresses of the public pages, feeds and the sitemap."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.http import require_safe

from proposals.public import feeds, meetings, pages
from proposals.public.proposal_detail import proposal_detail
from proposals.public.proposal_list import proposal_list

urlpatterns = [
    path("", proposal_list, name="proposal_list"),
    path("forslag/<date:date>/<number:number>/", proposal_detail, name="proposal_detail"),
    path("moten/", meetings.meeting_list, name="meeting_list"),
    path("moten/<date:date>/", meetings.meeting_detail, name="meeting_detail"),
    path("moten/<date:date>/statistik/", meetings.meeting_statistics, name="meeting_statistics"),
    path("om/", pages.about, name="about"),
    path("tillganglighet/", pages.accessibility, name="accessibility"),
    path("integritet/", pages.privacy, name="privacy"),
    path("flode.xml", require_safe(feeds.ProposalFeed()), name="feed"),
    path("kalender.ics", feeds.calendar, name="calendar"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": feeds.SITEMAPS}, name="sitemap"),
]
