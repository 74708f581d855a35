"""What members met while reading: where things lead, what a page says of itself, what other programs get."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone
from icalendar import Calendar

from proposals import workflow
from proposals.models import Meeting, Proposal


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def events(client):
    return Calendar.from_ical(client.get("/kalender.ics").content).walk("VEVENT")


class TestTheOpenCall:
    def test_the_front_page_tells_of_it_until_its_last_day(self, client, make_proposal, meeting, monkeypatch):
        make_proposal(number=1)
        meeting.submissions_close_at = timezone.now() + timedelta(hours=1)
        meeting.save()
        assert "Förslag till medlemsmötet 14 maj 2030 tas emot nu. Sista dag är" in text(client.get("/"))
        later = timezone.now() + timedelta(hours=2)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)
        monkeypatch.setattr("time.time", later.timestamp)
        assert "Sista dag är" not in text(client.get("/"))

    def test_it_appears_when_it_opens_though_nothing_is_edited(self, client, make_proposal, meeting, monkeypatch):
        make_proposal(number=1)
        meeting.submissions_open_at = timezone.now() + timedelta(hours=1)
        meeting.save()
        assert "Sista dag är" not in text(client.get("/"))
        later = timezone.now() + timedelta(hours=2)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)
        monkeypatch.setattr("time.time", later.timestamp)
        assert "Sista dag är 14 maj 2030." in text(client.get("/"))


class TestTheList:
    @pytest.mark.parametrize("query", ["mote=1999-01-01", "region=region-banan", "malgrupp=banan"])
    def test_what_does_not_exist_in_its_address_is_told_of(self, client, make_proposal, query):
        make_proposal(number=1)
        assert "Det här i adressen finns inte" in text(client.get(f"/?{query}"))

    def test_the_filters_come_before_the_map_and_the_meeting_before_the_filters(self, client, make_proposal):
        make_proposal(number=1)
        make_proposal(number=1, meeting=Meeting.objects.create(date=date(2029, 5, 14)))
        page = client.get("/").content.decode()
        assert page.index('id="mote"') < page.index('name="region"') < page.index('id="karta"')

    def test_a_link_leads_past_search_and_filters(self, client, make_proposal):
        make_proposal(number=1)
        page = client.get("/").content.decode()
        assert '<a class="skip" href="#resultat-rubrik">Hoppa till förslagen</a>' in page
        assert '<h2 id="resultat-rubrik" tabindex="-1">1 förslag</h2>' in page

    def test_a_print_of_it_names_its_address_and_what_was_searched_for(self, client, make_proposal):
        make_proposal(number=1)
        printed = re.search(r'<p class="printed">(.*?)</p>', client.get("/?q=el&sida=1").content.decode())[1]
        assert unescape(printed) == "http://testserver/?q=el. Urval: ”el”"

    def test_those_without_a_sender_are_counted_beside_the_others(self, client, make_proposal, dalarna):
        for number, region in enumerate([dalarna, dalarna, dalarna, None, None], start=1):
            make_proposal(number=number, region=region)
        assert "5 förslag till lärprojekt från en region, 2 utan angiven avsändare." in text(client.get("/"))


class TestAWithdrawnNumber:
    def test_it_says_that_it_was_withdrawn_and_nothing_more(self, client, make_proposal):
        proposal = make_proposal(number=1, title="Hemligt", people=["Bo Exempel"])
        workflow.withdraw(proposal)
        page = client.get("/forslag/2030-05-14/1/")
        assert page.status_code == 410
        assert "Förslag 1 är återtaget" in text(page)
        assert "Hemligt" not in page.content.decode()
        assert "Bo Exempel" not in page.content.decode()

    def test_a_number_that_never_was_public_is_unknown(self, client, make_proposal):
        workflow.withdraw(make_proposal(status="submitted"))
        assert client.get("/forslag/2030-05-14/1/").status_code == 404

    def test_its_earlier_address_says_it_too(self, client, make_proposal, meeting):
        one, two = make_proposal(number=1), make_proposal(number=2, title="Vind")
        workflow.renumber(meeting, [two.pk, one.pk], workflow.state_token([one, two]))
        Proposal.objects.filter(pk=two.pk).delete()
        workflow.withdraw(one)
        assert client.get("/forslag/2030-05-14/1/").status_code == 410


class TestTheCalendar:
    def test_no_entry_is_stamped_in_the_future(self, client, meeting, fixture_28):
        for event in events(client):
            assert event.decoded("dtstamp") <= timezone.now()
            assert event.decoded("last-modified") == event.decoded("dtstamp")

    def test_a_moved_meeting_has_a_higher_sequence_and_the_same_name(self, client, meeting, monkeypatch):
        [before] = events(client)
        later = timezone.now() + timedelta(minutes=5)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)
        workflow.reschedule(meeting, date(2030, 5, 21))
        [after] = events(client)
        assert after["uid"] == before["uid"]
        assert after["sequence"] > before["sequence"]
        assert after.decoded("last-modified") > before.decoded("last-modified")

    def test_an_unchanged_calendar_is_the_same_bytes(self, client, meeting):
        assert client.get("/kalender.ics").content == client.get("/kalender.ics").content

    def test_it_can_be_subscribed_to(self, client, meeting):
        assert 'href="webcal://testserver/kalender.ics"' in client.get("/moten/").content.decode()


def test_a_program_that_asks_for_the_favicon_gets_it(client, db):
    assert client.get("/favicon.ico").url.endswith("favicon.svg")


def test_no_feed_holds_what_xml_cannot(client, make_proposal):
    Proposal.objects.filter(pk=make_proposal(number=1).pk).update(title="Grön\ufffe el", background="a\uffffb")
    feed = client.get("/flode.xml").content.decode()
    assert "Grön el" in feed
    assert not re.search("[\ufffe\uffff]", feed)


def test_the_privacy_page_says_who_is_responsible_on_what_basis_and_whom_to_ask(client, db, settings):
    assert "Personuppgiftsansvarig" not in text(client.get("/integritet/"))
    settings.DATA_CONTROLLER, settings.LEGAL_BASIS = "Föreningen Exempel", "avtal med medlemmarna"
    settings.DATA_PROTECTION_OFFICER = "dataskydd@example.com"
    page = text(client.get("/integritet/"))
    assert "Personuppgiftsansvarig: Föreningen Exempel" in page
    assert "Rättslig grund: avtal med medlemmarna" in page
    assert "Dataskyddsombud: dataskydd@example.com" in page
