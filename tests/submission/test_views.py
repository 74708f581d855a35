import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from proposals.models import Meeting, Proposal, RateLimit, Status
from proposals.submission import views

FORM = reverse("proposal_new")
ALIKE = reverse("proposal_alike")
RECEIPT = reverse("proposal_receipt")


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def faults(response):
    """The summary on top: [(id of the field that it links to, message)]."""
    summary = re.search(r'<ul class="error-list">.*?</ul>', response.content.decode(), flags=re.DOTALL)
    return [(id_, unescape(message)) for id_, message in re.findall(r'<a href="#(.*?)">(.*?)</a>', summary.group())]


def value(response, name):
    """What the field holds on the page."""
    html = response.content.decode()
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', html, flags=re.DOTALL)
    found = found or re.search(rf'<input[^>]*name="{name}"[^>]*? value="([^"]*)"', html)
    found = found or re.search(rf'<input[^>]* value="([^"]*)"[^>]*? name="{name}"', html)
    return unescape(found.group(1)) if found else ""


class TestSendingIn:
    def test_the_least_that_is_needed_is_enough(self, client, typed, meeting):
        response = client.post(FORM, typed)
        assert (response.status_code, response.url) == (302, RECEIPT)
        proposal = Proposal.objects.get()
        assert (proposal.status, proposal.meeting, proposal.number) == (Status.SUBMITTED, meeting, None)
        assert proposal.contact_rows.get().contact.name == "Bo Exempel"

    def test_everything_that_is_typed_is_kept(self, client, typed, dalarna, chefer):
        rest = {
            "region": dalarna.pk,
            "purpose": "Syfte.\r\n\r\n- punkt",
            "expected_result": "Resultat.",
            "target_groups": [chefer.pk],
            "target_group_text": "Alla chefer",
            "submitter_name": "Anna Exempel",
            "contacts-0-title": "strateg",
            "contacts-0-email": "bo@example.com",
            "contacts-0-phone": "08-123 45",
            "contacts-1-name": "Cia Exempel",
        }
        client.post(FORM, typed | rest)
        proposal = Proposal.objects.get()
        assert proposal.region == dalarna
        assert proposal.purpose == "Syfte.\n\n- punkt"
        assert (proposal.expected_result, proposal.target_group_text) == ("Resultat.", "Alla chefer")
        assert list(proposal.target_groups.all()) == [chefer]
        assert (proposal.submitter_name, proposal.submitter_email) == ("Anna Exempel", "anna@example.com")
        bo, cia = [row.contact for row in proposal.contact_rows.all()]
        assert (bo.name, bo.title, bo.email, bo.phone) == ("Bo Exempel", "strateg", "bo@example.com", "08-123 45")
        assert cia.name == "Cia Exempel"

    def test_the_enter_key_never_sends_in_a_new_proposal(self, client, typed):
        """It presses the first button of a form."""
        [(name, pressed), *_] = re.findall(r'<button[^>]*name="(\w+)" value="(\w+)"', client.get(FORM).content.decode())
        del typed["action"]
        page = client.post(FORM, typed | {name: pressed})
        assert value(page, "background") == "Vi behöver el."
        assert not Proposal.objects.exists()

    def test_nobody_is_chosen_as_sender_for_the_member(self, client, typed, dalarna):
        options = re.search(r'<select name="region".*?</select>', client.get(FORM).content.decode(), re.DOTALL)[0]
        names = [name.strip() for name in re.findall(r"<option[^>]*>([^<]*)<", options)]
        assert (names[0], names[-1]) == ("Välj avsändare", "Annan eller ingen")
        page = client.post(FORM, typed | {"region": ""})
        assert faults(page) == [("id_region", "Välj avsändare. Finns den inte i listan, välj ”Annan eller ingen”.")]
        client.post(FORM, typed | {"region": "ingen"})
        assert Proposal.objects.get().region is None

    def test_purpose_alone_is_enough(self, client, typed):
        assert client.post(FORM, typed | {"background": "", "purpose": "Syfte."}).status_code == 302

    def test_the_receipt_says_what_came_in(self, client, typed):
        client.post(FORM, typed)
        receipt = text(client.get(RECEIPT))
        assert "”Grön el” kom in" in receipt
        assert "anna@example.com" in receipt

    def test_the_receipt_is_only_for_the_one_who_sent_it(self, client, typed):
        client.post(FORM, typed)
        response = Client().get(RECEIPT)
        assert (response.status_code, response.url) == (302, FORM)

    def test_the_receipt_is_not_kept_and_the_form_only_by_the_browser_itself(self, client, typed):
        client.post(FORM, typed)
        assert "no-store" in client.get(RECEIPT)["Cache-Control"]
        assert client.get(FORM)["Cache-Control"] == "private, no-cache"

    def test_what_is_sent_in_is_not_public(self, client, typed):
        client.post(FORM, typed)
        assert "Grön el" not in text(Client().get("/"))

    @pytest.mark.django_db(transaction=True)
    def test_submitter_and_secretariat_get_a_mail_with_the_whole_text(self, client, typed):
        client.post(FORM, typed)
        assert sorted(message.to for message in mail.outbox) == [["anna@example.com"], ["kansliet@example.com"]]
        assert all("Vi behöver el." in message.body for message in mail.outbox)

    @pytest.mark.django_db(transaction=True)
    def test_a_double_click_gives_one_proposal_and_one_receipt(self, client, typed):
        assert [client.post(FORM, typed).url for _ in range(3)] == [RECEIPT] * 3
        assert Proposal.objects.count() == 1
        assert len(mail.outbox) == 2

    def test_it_goes_to_the_next_meeting(self, client, typed, meeting):
        Meeting.objects.create(date=date(2029, 1, 1))
        assert f"till medlemsmötet {'1 januari 2029'.replace(' ', chr(160), 1)}" in client.get(FORM).content.decode()

    def test_without_any_meeting_the_page_says_whom_to_write_to(self, client, db):
        page = text(client.get(FORM))
        assert "kansliet@example.com" in page
        assert "Skicka in" not in page

    def test_a_text_sent_when_there_is_no_meeting_is_kept(self, client, typed, meeting):
        meeting.delete()
        response = client.post(FORM, typed)
        assert value(response, "background") == "Vi behöver el."
        assert "Tiden för att lämna förslag har gått ut. Allt du har skrivit finns kvar på sidan." in text(response)


class TestFaults:
    def test_nothing_typed_names_the_five_things_that_are_needed(self, client, meeting):
        response = client.post(FORM, {"contacts-TOTAL_FORMS": "2", "contacts-INITIAL_FORMS": "0"})
        assert faults(response) == [
            ("id_title", "Skriv en rubrik."),
            ("id_region", "Välj avsändare. Finns den inte i listan, välj ”Annan eller ingen”."),
            ("id_background", "Skriv bakgrund eller syfte. Det räcker att fylla i en av dem."),
            ("id_contacts-0-name", "Kontaktperson 1: Skriv namnet på minst en kontaktperson."),
            ("id_submitter_email", "Skriv din mejladress, så att du får kvittot och länken till förslaget."),
        ]
        assert "5 uppgifter behöver rättas" in text(response)
        assert "<title>Fel: Lämna förslag" in response.content.decode()
        assert re.search(r'<div class="errors" role="alert" tabindex="-1" autofocus', response.content.decode())

    def test_each_link_of_the_summary_leads_to_a_field(self, client, typed):
        broken = {
            "title": "",
            "region": "999",
            "target_groups": ["999"],
            "contacts-1-email": "x",
            "submitter_email": "a@b",
        }
        response = client.post(FORM, typed | broken)
        ids = [id_ for id_, _ in faults(response)]
        assert len(ids) == 6
        for id_ in set(ids) - {"id_target_groups_0"}:
            assert f'id="{id_}"' in response.content.decode()

    def test_what_was_typed_is_kept(self, client, typed, chefer):
        kept = {
            "title": "",
            "purpose": "Rad ett\r\nrad två <b>",
            "contacts-1-phone": "08-1",
            "target_groups": [chefer.pk],
        }
        response = client.post(FORM, typed | kept)
        assert value(response, "background") == "Vi behöver el."
        assert value(response, "purpose").replace("\r", "") == "Rad ett\nrad två <b>"
        assert value(response, "contacts-0-name") == "Bo Exempel"
        assert value(response, "contacts-1-phone") == "08-1"
        assert value(response, "submitter_email") == "anna@example.com"
        assert "checked" in response.content.decode()
        assert not Proposal.objects.exists()

    @pytest.mark.parametrize("address", ["a@b", "anna", "anna@", "@example.com", "a b@example.com", "anna@example"])
    def test_an_address_that_cannot_be_is_a_fault_at_its_field(self, client, typed, address):
        response = client.post(FORM, typed | {"submitter_email": address, "contacts-0-email": address})
        assert faults(response) == [
            ("id_contacts-0-email", "Kontaktperson 1: Skriv hela mejladressen, till exempel namn@example.com."),
            ("id_submitter_email", "Skriv hela din mejladress, till exempel namn@example.com."),
        ]

    @pytest.mark.parametrize(("field", "limit"), [("background", 20_000), ("title", 200), ("contacts-0-title", 300)])
    def test_a_text_over_its_limit_is_refused_and_kept(self, client, typed, field, limit):
        response = client.post(FORM, typed | {field: "x" * (limit + 1)})
        [(id_, message)] = faults(response)
        assert id_ == f"id_{field}"
        assert f"är för lång: {limit + 1:,} tecken".replace(",", "\N{NO-BREAK SPACE}") in message
        assert value(response, field) == "x" * (limit + 1)
        assert client.post(FORM, typed | {field: "x" * limit}).status_code == 302

    def test_the_browser_is_not_asked_to_cut_what_is_pasted(self, client, meeting):
        assert "maxlength" not in client.get(FORM).content.decode()

    def test_a_row_left_empty_in_between_is_passed_over(self, client, typed):
        rows = {"contacts-TOTAL_FORMS": "3", "contacts-0-name": "", "contacts-2-name": "Cia Exempel"}
        client.post(FORM, typed | rows)
        assert [row.contact.name for row in Proposal.objects.get().contact_rows.all()] == ["Cia Exempel"]

    def test_a_contact_without_a_name_is_a_fault_at_that_row(self, client, typed):
        response = client.post(FORM, typed | {"contacts-1-email": "cia@example.com"})
        assert faults(response) == [("id_contacts-1-name", "Kontaktperson 2: Skriv ett namn.")]

    @pytest.mark.parametrize("key", ["9" * 30, "-1", "x", "\x00", ""])
    def test_a_target_group_that_is_none_is_a_fault_and_no_crash(self, client, typed, chefer, key):
        response = client.post(FORM, typed | {"target_groups": [chefer.pk, key]})
        assert faults(response) == [("id_target_groups_0", "Välj bland målgrupperna i listan.")]

    def test_missing_row_counters_are_no_crash(self, client, typed):
        del typed["contacts-TOTAL_FORMS"]
        response = client.post(FORM, typed)
        assert response.status_code == 200
        assert ("id_contacts-0-name", "Uppgifterna om kontaktpersoner kom inte fram. Skriv dem igen.") in faults(
            response
        )

    @pytest.mark.parametrize("count", ["51", "1000000000", "-1", "x", "9" * 400])
    def test_odd_row_counters_are_no_crash(self, client, typed, count):
        assert client.post(FORM, typed | {"contacts-TOTAL_FORMS": count}).status_code == 200
        assert not Proposal.objects.exists()

    def test_control_characters_are_taken_out(self, client, typed):
        client.post(FORM, typed | {"title": "Grön\x00 \x07el\n\n\u202ehär", "background": "a\x00b\x0b\r\nc\td\ufffd"})
        proposal = Proposal.objects.get()
        assert proposal.title == "Grön el här"
        assert proposal.background == "ab\n\nc\td\ufffd"

    def test_only_control_characters_are_nothing(self, client, typed):
        assert faults(client.post(FORM, typed | {"title": "\x00\x01"})) == [("id_title", "Skriv en rubrik.")]

    def test_html_is_kept_as_typed(self, client, typed):
        client.post(FORM, typed | {"background": "<b>Fet</b> & <script>"})
        assert Proposal.objects.get().background == "<b>Fet</b> & <script>"

    def test_a_post_of_more_than_the_server_takes_is_a_page_in_swedish(self, client, typed):
        response = client.post(FORM, typed | {"background": "x" * 3_000_000})
        assert response.status_code == 413
        assert "för mycket på en gång" in text(response)


class TestOneMoreContact:
    def test_a_row_is_added_and_nothing_judged_or_lost(self, client, typed, chefer):
        del typed["action"]
        add = {"add": "contact", "title": "", "target_groups": [chefer.pk], "contacts-1-email": "inte klar"}
        response = client.post(FORM, typed | add)
        html = response.content.decode()
        assert html.count('<fieldset class="person">') == 3
        assert 'class="errors"' not in html
        assert "is-invalid" not in html
        assert value(response, "contacts-0-name") == "Bo Exempel"
        assert value(response, "contacts-1-email") == "inte klar"
        assert value(response, "background") == "Vi behöver el."
        assert re.search(r'name="contacts-2-name"[^>]*autofocus', html)
        assert not Proposal.objects.exists()

    def test_the_page_that_comes_back_can_be_sent_in(self, client, typed):
        response = client.post(FORM, typed | {"add": "contact", "contacts-1-name": "Cia Exempel"})
        names = re.findall(r'name="(contacts-[^"]+)"', response.content.decode())
        again = {name: value(response, name) for name in names}
        again |= {name: typed[name] for name in ("title", "background", "submitter_email", "region")}
        assert client.post(FORM, again | {"contacts-2-name": "Dan Exempel"}).status_code == 302
        names = [row.contact.name for row in Proposal.objects.get().contact_rows.all()]
        assert names == ["Bo Exempel", "Cia Exempel", "Dan Exempel"]


@pytest.mark.usefixtures("free_slots")
class TestRobots:
    def test_the_trap_stops_a_robot_and_tells_a_person(self, client, typed):
        response = client.post(FORM, typed | {"homepage": "https://example.com"})
        assert not Proposal.objects.exists()
        assert "Förslaget är inte inskickat Ett dolt fält" in text(response)
        assert value(response, "homepage") == ""
        assert value(response, "background") == "Vi behöver el."

    def test_more_than_twenty_an_hour_from_one_address_wait(self, client, typed):
        for n in range(20):
            assert client.post(FORM, typed | {"title": f"Förslag {n}"}).status_code == 302
        response = client.post(FORM, typed | {"title": "Ett till"})
        assert response.status_code == 429
        assert Proposal.objects.count() == 20
        assert "Förslaget är inte inskickat" in text(response)
        assert "Allt du har skrivit finns kvar" in text(response)
        assert value(response, "title") == "Ett till"
        assert client.post(FORM, typed | {"title": "Ett till"}, REMOTE_ADDR="192.0.2.7").status_code == 302

    def test_comparing_without_end_stops_and_sending_in_does_not(self, client, typed, fixture_28, monkeypatch):
        monkeypatch.setattr(views, "COMPARISONS_PER_HOUR", 2)
        written = typed | {"title": "Påverkan genom upphandling", "background": "Upphandling."}
        answers = [client.post(ALIKE, written) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert ["Liknar" in text(answer) for answer in answers] == [True, True, False]
        assert client.post(FORM, written).status_code == 302

    def test_faults_do_not_count(self, client, typed):
        for _ in range(25):
            client.post(FORM, typed | {"title": ""})
        assert client.post(FORM, typed).status_code == 302

    def test_without_the_cookie_the_text_is_kept_and_nothing_saved(self, typed):
        response = Client(enforce_csrf_checks=True).post(FORM, typed)
        assert response.status_code == 403
        assert "Tillåt kakor" in text(response)
        assert value(response, "background") == "Vi behöver el."
        assert value(response, "contacts-0-name") == "Bo Exempel"
        assert not Proposal.objects.exists()

    def test_another_form_without_its_cookie_is_not_taken_for_this_one(self, db):
        response = Client(enforce_csrf_checks=True).post(reverse("admin:login"), {"username": "kansli"})
        assert response.status_code == 403
        assert "Sidan har varit öppen för länge" in text(response)

    def test_a_slot_is_free_again_after_an_hour(self, client, typed):
        for n in range(20):
            client.post(FORM, typed | {"title": f"Förslag {n}"})
        RateLimit.objects.update(resets_at=F("resets_at") - timedelta(hours=1))
        assert client.post(FORM, typed | {"title": "Ett till"}).status_code == 302


class TestRemovingAContact:
    def test_the_row_goes_and_the_others_stay(self, client, typed):
        rows = {"contacts-1-name": "Cia Exempel", "contacts-1-title": "strateg", "remove": "0"}
        page = client.post(FORM, typed | rows)
        assert value(page, "contacts-0-name") == "Cia Exempel"
        assert value(page, "contacts-0-title") == "strateg"
        assert value(page, "background") == "Vi behöver el."
        assert not Proposal.objects.exists()

    @pytest.mark.parametrize("number", ["7", "-1", "x", ""])
    def test_a_row_that_is_none_removes_nothing(self, client, typed, number):
        assert value(client.post(FORM, typed | {"remove": number}), "contacts-0-name") == "Bo Exempel"


class TestClosed:
    def test_a_meeting_to_come_whose_time_is_over_is_named(self, client, meeting):
        meeting.submissions_close_at = timezone.now() - timedelta(hours=1)
        meeting.save()
        page = text(client.get(FORM))
        assert f"Tiden för att lämna förslag till medlemsmötet {date_format(meeting.date)} gick ut" in page
        assert "Inget nytt medlemsmöte" not in page
        assert 'href="mailto:kansliet@example.com"' in client.get(FORM).content.decode()

    def test_whom_to_write_to_is_a_link_when_a_text_comes_too_late(self, client, typed, meeting):
        meeting.delete()
        answer = client.post(FORM, typed).content.decode()
        assert 'mejla den till <a href="mailto:kansliet@example.com">kansliet@example.com</a>, så hjälper' in answer
