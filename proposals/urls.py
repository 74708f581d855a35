"""The public addresses. They are printed and mailed: one that changes needs a redirect."""

from datetime import date

from django.contrib.sitemaps.views import sitemap
from django.urls import path, register_converter

from proposals import feeds
from proposals.views import browse, meetings, pages, submission


class DateConverter:
    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value):
        return date.fromisoformat(value)

    def to_url(self, value):
        return value.isoformat()


class NumberConverter:
    regex = r"[1-9][0-9]{0,3}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


register_converter(DateConverter, "date")
register_converter(NumberConverter, "number")

urlpatterns = [
    # /
    path("", browse.proposal_list, name="proposal_list"),
    # /forslag/…
    path("forslag/nytt/", submission.proposal_new, name="proposal_new"),
    path("forslag/nytt/liknande/", submission.proposal_alike, name="proposal_alike"),
    path("forslag/nytt/tack/", submission.proposal_receipt, name="proposal_receipt"),
    path("forslag/<date:date>/<number:number>/", browse.proposal_detail, name="proposal_detail"),
    # /moten/…
    path("moten/", meetings.meeting_list, name="meeting_list"),
    path("moten/<date:date>/", meetings.meeting_detail, name="meeting_detail"),
    path("moten/<date:date>/statistik/", meetings.meeting_statistics, name="meeting_statistics"),
    # About the site
    path("om/", pages.about, name="about"),
    path("tillganglighet/", pages.accessibility, name="accessibility"),
    path("integritet/", pages.privacy, name="privacy"),
    # For other programs
    path("flode.xml", feeds.ProposalFeed(), name="feed"),
    path("kalender.ics", feeds.calendar, name="calendar"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": feeds.SITEMAPS}, name="sitemap"),
]
