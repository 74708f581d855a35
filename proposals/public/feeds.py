"""For other programs: an Atom feed of proposals, a calendar of meetings, the sitemap."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from proposals import richtext
from proposals.models import Meeting, Proposal
from proposals.text_input.characters import printable

LATEST = 50
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)  # before anything was changed


class ProposalFeed(Feed):
    feed_type = Atom1Feed
    title = f"{settings.ORGANISATION}: förslag till lärprojekt"
    subtitle = f"Förslag till {settings.ORGANISATION}s medlemsmöten, när de publiceras"
    author_name = settings.ORGANISATION
    language = "sv"

    def link(self):
        return reverse("proposal_list")

    def items(self):
        published = Proposal.objects.published().with_sender_and_meeting()
        return published.order_by("-published_at", "-number")[:LATEST]

    def item_title(self, proposal):
        senders = proposal.sender_names
        return printable(f"{proposal} ({senders})" if senders else str(proposal))

    def item_description(self, proposal):
        return printable(richtext.html(proposal.lead))

    def feed_guid(self):
        return _tag("forslag")

    def item_guid(self, proposal):
        """Stays the same when the proposal gets another number or date; readers would show it again otherwise."""
        return _tag(f"forslag/{proposal.pk}")

    def item_pubdate(self, proposal):
        return proposal.published_at

    def item_updateddate(self, proposal):
        return proposal.updated_at or proposal.published_at


def _tag(name):
    return f"tag:{settings.SITE.hostname},2024:{name}"


@require_safe
def calendar(request):
    entries = Calendar()
    entries.add("prodid", f"-//{settings.ORGANISATION}//Förslag//SV")
    entries.add("version", "2.0")
    entries.add("x-wr-calname", f"{settings.ORGANISATION}s medlemsmöten")
    for meeting in Meeting.objects.to_show(Proposal.objects.published()):
        entries.add_component(_event(meeting, "mote", meeting.title, meeting.date))
        if closes := meeting.submissions_close_at:
            entries.add_component(_event(meeting, "sista-dag", f"Sista dag för förslag till {meeting}", closes))
    return HttpResponse(entries.to_ical(), content_type="text/calendar; charset=utf-8")


def _event(meeting, kind, summary, start):
    event = Event()
    event.add("uid", f"{kind}-{meeting.pk}@{settings.SITE.hostname}")
    # Not the time of the request, so that an unchanged calendar is the same bytes
    changed_at = meeting.updated_at or BEGINNING
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", int(changed_at.timestamp() - BEGINNING.timestamp()) // 60)  # rises with each change
    event.add("summary", summary)
    event.add("dtstart", start)
    event.add("url", settings.SITE_URL + meeting.get_absolute_url())
    event.add("transp", "TRANSPARENT")
    return event


class PageSitemap(Sitemap):
    def items(self):
        return ["proposal_list", "meeting_list", "proposal_new", "about", "accessibility", "privacy"]

    def location(self, name):
        return reverse(name)


class MeetingSitemap(Sitemap):
    def items(self):
        return Meeting.objects.to_show(Proposal.objects.published())


class ProposalSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Proposal.objects.published().with_sender_and_meeting().order_by("meeting__date", "number")

    def lastmod(self, proposal):
        return proposal.updated_at or proposal.published_at


SITEMAPS = {"pages": PageSitemap, "meetings": MeetingSitemap, "proposals": ProposalSitemap}
