"""Drafts, edit links and late links, as the one who writes a proposal meets them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proposals import throttle, workflow
from proposals.models import LateLink, LinkKey, Mail, Meeting, Proposal, Status
from proposals.submission import edit_views
from tests.links import body_of, edit_paths
from tests.submission.test_views import FORM, RECEIPT, faults, text, value

LOST = reverse("edit_link_request")
pytestmark = pytest.mark.django_db


def fields(response, **edits):
    """What the browser would post from the page, with some fields edited."""
    forms = response.context["forms"]
    posted = {name: forms.form[name].value() for name in forms.form.fields}
    for form in [forms.contacts.management_form, *forms.contacts.forms]:
        posted |= {form.add_prefix(name): form[name].value() for name in form.fields}
    return {name: value for name, value in (posted | edits).items() if value is not None}


def close(meeting):
    """Let the meeting's window have closed a minute ago."""
    Meeting.objects.filter(pk=meeting.pk).update(submissions_close_at=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def draft(client, meeting):
    """A draft with nothing but an address, saved through the form."""
    client.post(FORM, {"submitter_email": "anna@example.com", "action": "draft"})
    return Proposal.objects.get()


def key_of(proposal):
    return proposal.issue_edit_url().split("/")[-2]


@pytest.fixture
def submitted(client, typed):
    client.post(FORM, typed)
    return Proposal.objects.get()


class TestSavingADraft:
    def test_an_address_is_enough_and_leads_to_the_edit_page(self, client, meeting):
        response = client.post(FORM, {"submitter_email": "anna@example.com", "action": "draft"})
        draft = Proposal.objects.get()
        assert (draft.status, draft.title, draft.meeting) == (Status.DRAFT, "", meeting)
        assert response.status_code == 302
        page = text(client.get(response.url))
        assert "Utkastet är sparat, men inte inskickat än. Vi mejlar länken hit till anna@example.com." in page

    @pytest.mark.parametrize("address", ["", "anna", "a@b"])
    def test_without_an_address_it_is_kept_on_the_page(self, client, typed, address):
        response = client.post(FORM, typed | {"action": "draft", "title": "", "submitter_email": address})
        assert [id_ for id_, _ in faults(response)] == ["id_submitter_email"]
        assert value(response, "background") == "Vi behöver el."
        assert not Proposal.objects.exists()

    def test_whatever_is_typed_stands_there_again(self, client, typed, chefer, dalarna):
        written = {
            "title": "För lång " * 30,
            "purpose": "x" * 20_001,
            "region": dalarna.pk,
            "target_groups": [chefer.pk],
            "contacts-0-name": "",
            "contacts-0-phone": "08-1",
            "contacts-1-email": "inte klar",
            "action": "draft",
        }
        response = client.get(client.post(FORM, typed | written).url)
        for name in ("title", "purpose", "contacts-0-phone", "contacts-1-email"):
            assert value(response, name) == str(written[name]).strip() or value(response, name) == written[name]
        assert value(response, "background") == "Vi behöver el."
        assert f'<option value="{dalarna.pk}" selected>' in response.content.decode()
        assert response.content.decode().count("checked") == 1

    def test_a_field_that_is_emptied_stays_empty(self, client, draft):
        page = client.get(draft.issue_edit_url())
        client.post(draft.issue_edit_url(), fields(page, title="Grön el", action="draft"))
        page = client.get(draft.issue_edit_url())
        assert value(page, "title") == "Grön el"
        client.post(draft.issue_edit_url(), fields(page, title="", action="draft"))
        assert value(client.get(draft.issue_edit_url()), "title") == ""

    @pytest.mark.django_db(transaction=True)
    def test_the_link_is_mailed_once_and_again_only_to_a_new_address(self, client, meeting):
        client.post(FORM, {"submitter_email": "anna@example.com", "action": "draft"})
        [url] = edit_paths(mail.outbox[0].body)
        client.post(url, fields(client.get(url), title="Mer", action="draft"))
        assert [message.to for message in mail.outbox] == [["anna@example.com"]]
        client.post(url, fields(client.get(url), submitter_email="bo@example.com", action="draft"))
        assert [message.to for message in mail.outbox[1:]] == [["bo@example.com"]]

    @pytest.mark.django_db(transaction=True)
    def test_a_double_click_gives_one_draft_and_one_mail(self, client, typed):
        urls = [client.post(FORM, typed | {"action": "draft", "title": ""}).url for _ in range(3)]
        assert {client.get(url).context["proposal"] for url in urls} == {Proposal.objects.get()}
        assert len(mail.outbox) == 1

    def test_it_is_sent_in_with_the_same_form_and_the_same_checks(self, client, draft):
        page = client.get(draft.issue_edit_url())
        response = client.post(draft.issue_edit_url(), fields(page, action="submit"))
        assert [id_ for id_, _ in faults(response)] == ["id_title", "id_region", "id_background", "id_contacts-0-name"]
        edits = {"title": "Grön el", "region": "ingen", "background": "Text.", "contacts-0-name": "Bo Exempel"}
        edits["action"] = "submit"
        response = client.post(draft.issue_edit_url(), fields(page, **edits))
        assert response.url == RECEIPT
        draft.refresh_from_db()
        assert (draft.status, draft.title, draft.draft_data) == (Status.SUBMITTED, "Grön el", {})
        assert draft.contact_rows.get().contact.name == "Bo Exempel"

    @pytest.mark.django_db(transaction=True)
    def test_a_double_click_on_sending_it_in_ends_at_the_receipt(self, client, meeting, chefer):
        client.post(FORM, {"submitter_email": "anna@example.com", "action": "draft"})
        url = Proposal.objects.get().issue_edit_url()
        typed = {"title": "Grön el", "region": "ingen", "background": "Två\r\nrader.", "contacts-0-name": "Bo Exempel"}
        posted = fields(client.get(url), **typed, target_groups=[chefer.pk], action="submit")
        mail.outbox.clear()
        assert [client.post(url, posted).url for _ in range(2)] == [RECEIPT] * 2
        assert sorted(message.to[0] for message in mail.outbox) == ["anna@example.com", "kansliet@example.com"]

    def test_nobody_else_sees_it(self, client, draft, make_proposal):
        Proposal.objects.filter(pk=draft.pk).update(title="Xyzzyplanering")
        for address in ("/", "/moten/", "/moten/2030-05-14/", "/flode.xml", "/sitemap.xml", "/?q=planering"):
            assert "yzzyplanering" not in Client().get(address).content.decode()


class TestChanging:
    def test_the_form_shows_what_is_saved(self, client, submitted):
        page = client.get(submitted.issue_edit_url())
        assert value(page, "title") == "Grön el"
        assert value(page, "contacts-0-name") == "Bo Exempel"
        assert "Spara utkast" not in page.content.decode()

    @pytest.mark.django_db(transaction=True)
    def test_a_change_is_saved_receipted_and_seen_by_the_secretariat(self, client, submitted):
        Proposal.objects.all().mark_seen()
        mail.outbox.clear()
        page = client.get(submitted.issue_edit_url())
        client.post(submitted.issue_edit_url(), fields(page, title="Grönare el", action="submit"))
        submitted.refresh_from_db()
        assert (submitted.title, submitted.status) == ("Grönare el", Status.SUBMITTED)
        assert list(Proposal.objects.revised()) == [submitted]
        [message] = mail.outbox
        subject = f"Ditt ändrade förslag är sparat: F-{submitted.pk}"
        assert (message.to, message.subject) == (["anna@example.com"], subject)

    @pytest.mark.django_db(transaction=True)
    def test_saving_without_a_change_mails_nothing(self, client, submitted):
        mail.outbox.clear()
        rows = submitted.history.count()
        page = client.get(submitted.issue_edit_url())
        response = client.post(submitted.issue_edit_url(), fields(page, action="submit"), follow=True)
        assert "Ingenting var ändrat" in text(response)
        assert (mail.outbox, submitted.history.count()) == ([], rows)

    def test_a_fault_keeps_the_text_and_saves_nothing(self, client, submitted):
        page = client.get(submitted.issue_edit_url())
        response = client.post(submitted.issue_edit_url(), fields(page, title="", purpose="Nytt.", action="submit"))
        assert value(response, "purpose") == "Nytt."
        submitted.refresh_from_db()
        assert (submitted.title, submitted.purpose) == ("Grön el", "")

    def test_a_newer_edit_by_somebody_else_is_not_lost(self, client, submitted):
        page = client.get(submitted.issue_edit_url())
        other = Client().get(submitted.issue_edit_url())
        Client().post(submitted.issue_edit_url(), fields(other, purpose="Kollegans syfte.", action="submit"))
        response = client.post(submitted.issue_edit_url(), fields(page, title="Min rubrik", action="submit"))
        assert "Din text är inte sparad men finns kvar här." in text(response)
        assert value(response, "title") == "Min rubrik"
        submitted.refresh_from_db()
        assert (submitted.title, submitted.purpose) == ("Grön el", "Kollegans syfte.")
        client.post(submitted.issue_edit_url(), fields(response, action="submit"))
        submitted.refresh_from_db()
        assert (submitted.title, submitted.purpose) == ("Min rubrik", "")

    def test_a_returned_one_shows_the_message_and_goes_back(self, client, submitted):
        workflow.return_to_submitter(submitted, "Vem ska delta?")
        page = client.get(submitted.issue_edit_url())
        assert "Vem ska delta?" in text(page)
        client.post(submitted.issue_edit_url(), fields(page, title="", action="draft"))
        submitted.refresh_from_db()
        assert (submitted.status, submitted.title) == (Status.RETURNED, "Grön el")
        page = client.get(submitted.issue_edit_url())
        assert value(page, "title") == ""
        client.post(submitted.issue_edit_url(), fields(page, title="Klar", action="submit"))
        submitted.refresh_from_db()
        assert (submitted.status, submitted.title) == (Status.SUBMITTED, "Klar")
        assert Mail.objects.filter(kind=Mail.Kind.COMPLETED, to="kansliet@example.com").count() == 1

    def test_one_more_contact_row_loses_nothing(self, client, submitted):
        page = client.get(submitted.issue_edit_url())
        response = client.post(submitted.issue_edit_url(), fields(page, title="Inte sparad än", add="contact"))
        assert value(response, "title") == "Inte sparad än"
        assert response.content.decode().count('<fieldset class="person">') == 3

    def test_without_the_cookie_the_text_is_kept(self, submitted):
        posted = {"title": "Ny rubrik", "action": "submit"}
        response = Client(enforce_csrf_checks=True).post(submitted.issue_edit_url(), posted)
        assert (response.status_code, value(response, "title")) == (403, "Ny rubrik")

    def test_the_page_is_kept_from_search_engines_and_shared_caches(self, client, submitted):
        response = client.get(submitted.issue_edit_url())
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        assert response["Cache-Control"] == "private, no-cache"


class TestWhenTheWindowCloses:
    def test_a_text_that_is_posted_too_late_is_kept_and_the_page_says_what_to_do(self, client, typed, meeting):
        for action in ("submit", "draft"):
            close(meeting)
            response = client.post(FORM, typed | {"action": action})
            assert value(response, "background") == "Vi behöver el."
            assert "Kopiera texten och mejla den till kansliet" in text(response)
            assert not Proposal.objects.exists()

    def test_a_change_that_is_posted_too_late_is_kept_on_the_page(self, client, submitted, meeting):
        page = client.get(submitted.issue_edit_url())
        close(meeting)
        response = client.post(submitted.issue_edit_url(), fields(page, title="För sent", action="submit"))
        assert value(response, "title") == "För sent"
        assert "Ändringarna är inte sparade Tiden för att ändra har gått ut." in text(response)
        assert "Förslaget är kvar som du skickade in det." in text(response)
        assert "Du kan ändra till och med" not in text(response)
        submitted.refresh_from_db()
        assert submitted.title == "Grön el"

    def test_afterwards_the_link_shows_the_proposal_and_why_it_is_closed(self, client, submitted, meeting):
        close(meeting)
        page = text(client.get(submitted.issue_edit_url()))
        assert "Förslaget är inskickat. Tiden för att ändra gick ut" in page
        assert "Vi behöver el." in page
        assert "Bo Exempel" in page

    def test_a_published_one_is_read_only_and_leads_to_its_page(self, client, submitted):
        published = workflow.publish(submitted)
        page = client.get(submitted.issue_edit_url())
        assert "Förslaget är publicerat med nummer 1." in text(page)
        assert f'href="{published.get_absolute_url()}"' in page.content.decode()
        response = client.post(submitted.issue_edit_url(), {"title": "Nej", "action": "submit"})
        assert value(response, "title") == "Nej"
        published.refresh_from_db()
        assert published.title == "Grön el"

    def test_a_returned_one_with_more_time_is_still_open(self, client, submitted, meeting):
        close(meeting)
        workflow.return_to_submitter(submitted, "Mer!", open_until=timezone.now() + timedelta(days=3))
        page = client.get(submitted.issue_edit_url())
        client.post(submitted.issue_edit_url(), fields(page, title="I tid", action="submit"))
        submitted.refresh_from_db()
        assert (submitted.title, submitted.status) == ("I tid", Status.SUBMITTED)

    def test_the_closed_form_says_when_the_next_window_opens_and_whom_to_write_to(self, client, meeting):
        opens = timezone.now() + timedelta(days=400)
        Meeting.objects.filter(pk=meeting.pk).update(submissions_open_at=opens)
        page = text(client.get(FORM)).replace("\N{NO-BREAK SPACE}", " ")
        assert f"kl. {timezone.localtime(opens):%H.%M} för medlemsmötet 14 maj 2030" in page
        assert "kansliet@example.com" in page
        assert "Skicka in" not in page


class TestWithdrawing:
    def test_asks_once_and_then_withdraws(self, client, submitted):
        address = reverse("proposal_withdraw", args=[key_of(submitted)])
        assert "Vill du återta förslaget?" in text(client.get(address))
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED
        response = client.post(address, follow=True)
        assert "Förslaget är återtaget." in text(response)
        kinds = Mail.objects.filter(kind__startswith="withdrawn").values_list("kind", "to")
        assert set(kinds) == {("withdrawn", "anna@example.com"), ("withdrawn_by_submitter", "kansliet@example.com")}

    @pytest.mark.usefixtures("free_slots")
    def test_not_one_after_another_without_end(self, client, submitted, monkeypatch):
        monkeypatch.setattr(edit_views, "EDITS_PER_HOUR", 1)
        address = reverse("proposal_withdraw", args=[key_of(submitted)])
        assert throttle.take_slot_of("127.0.0.1", "edit", limit=1, seconds=60)
        response = client.post(address)
        assert response.status_code == 429
        assert "ingenting är återtaget" in text(response)
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED

    def test_what_is_published_is_the_secretariats_to_withdraw(self, client, submitted):
        workflow.publish(submitted)
        client.post(reverse("proposal_withdraw", args=[key_of(submitted)]))
        submitted.refresh_from_db()
        assert submitted.status == Status.PUBLISHED


class TestLinksThatLeadNowhere:
    def test_altered_renewed_used_and_expired_links_give_the_same_page(self, client, submitted, meeting):
        later = timezone.now() + timedelta(days=1)
        about = {"meeting": meeting, "name": "Anna", "email": "anna@example.com", "reason": "sjuk"}
        expired = LateLink.objects.create(**about, expires_at=timezone.now())
        used = LateLink.objects.create(**about, expires_at=later, used_at=timezone.now())
        old = submitted.issue_edit_url()
        workflow.renew_edit_link(submitted)
        altered = reverse("proposal_edit", args=["x" + old.split("/")[-2][1:]])
        late = [reverse("proposal_late", args=[LinkKey.objects.issue(late_link=link)]) for link in (expired, used)]
        addresses = [old, altered, *late, old[:-5] + "/"]
        pages = {client.get(address).content for address in addresses}
        assert len(pages) == 1
        assert {client.get(address).status_code for address in addresses} == {404}
        assert client.post(reverse("proposal_withdraw", args=[old.split("/")[-2]])).status_code == 404

    def test_the_new_link_is_mailed_and_works(self, client, submitted):
        workflow.renew_edit_link(submitted)
        [path] = edit_paths(body_of(Mail.objects.get(kind=Mail.Kind.EDIT_LINKS)))
        assert client.get(path).status_code == 200


@pytest.mark.usefixtures("free_slots")
class TestALostLink:
    def answer(self, client, address):
        return text(client.post(LOST, {"email": address})).replace(address, "…")

    def test_the_answer_is_the_same_whether_or_not_the_address_is_known(self, client, submitted):
        assert self.answer(client, "anna@example.com") == self.answer(client, "okand@example.com")
        assert [row.to for row in Mail.objects.filter(kind=Mail.Kind.EDIT_LINKS)] == ["anna@example.com"]

    def test_all_links_of_the_address_come_in_one_mail(self, client, submitted, typed):
        client.post(FORM, typed | {"title": "Ett till"})
        self.answer(client, "Anna@Example.com")
        paths = edit_paths(body_of(Mail.objects.get(kind=Mail.Kind.EDIT_LINKS)))
        assert [client.get(path).context["proposal"] for path in paths] == list(Proposal.objects.order_by("pk"))

    def test_no_link_is_mailed_to_what_belongs_to_a_meeting_that_is_over(self, client, submitted):
        Meeting.objects.update(date=timezone.localdate() - timedelta(days=1))
        self.answer(client, "anna@example.com")
        assert not Mail.objects.filter(kind=Mail.Kind.EDIT_LINKS).exists()

    def test_a_mailbox_is_not_filled(self, client, submitted):
        for _ in range(6):
            self.answer(client, "anna@example.com")
        assert Mail.objects.filter(kind=Mail.Kind.EDIT_LINKS).count() == 3

    def test_somebody_who_asks_all_the_time_waits(self, client, submitted):
        codes = [client.post(LOST, {"email": f"{n}@example.com"}).status_code for n in range(11)]
        assert codes == [200] * 10 + [429]

    @pytest.mark.parametrize("address", ["", "x", "a@b", "\x00", "x" * 5000])
    def test_what_is_no_address_is_a_fault(self, client, db, address):
        assert "mejladress" in text(client.post(LOST, {"email": address}))
        assert not Mail.objects.exists()


class TestALateLink:
    @pytest.fixture
    def link(self, meeting):
        close(meeting)
        about = {"meeting": meeting, "name": "Anna", "email": "anna@example.com", "reason": "sjuk"}
        link = LateLink.objects.create(**about, expires_at=timezone.now() + timedelta(days=2))
        link.key = LinkKey.objects.issue(late_link=link)
        return link

    def test_takes_one_proposal_and_lets_it_be_changed_until_it_expires(self, client, link, typed):
        assert client.get(FORM).context["meeting"] is None
        client.post(link.get_form_url(), typed)
        proposal = Proposal.objects.get()
        link.refresh_from_db()
        assert (proposal.status, proposal.meeting, link.proposal) == (Status.SUBMITTED, link.meeting, proposal)
        assert proposal.open_until == link.expires_at
        assert client.get(link.get_form_url()).status_code == 404
        assert value(client.get(proposal.issue_edit_url()), "title") == "Grön el"

    def test_a_draft_uses_it_as_well(self, client, link):
        client.post(link.get_form_url(), {"submitter_email": "anna@example.com", "action": "draft"})
        assert Proposal.objects.get().is_open
        assert client.get(link.get_form_url()).status_code == 404

    def test_a_double_click_gives_one_proposal(self, client, link, typed):
        assert [client.post(link.get_form_url(), typed).url for _ in range(2)] == [RECEIPT] * 2
        assert Proposal.objects.count() == 1

    def test_a_second_proposal_is_not_taken_but_its_text_is_kept(self, client, link, typed):
        client.post(link.get_form_url(), typed)
        response = client.post(link.get_form_url(), typed | {"title": "Ett till"})
        assert value(response, "title") == "Ett till"
        assert "Länken har redan använts" in text(response)
        assert Proposal.objects.count() == 1


class TestCompleting:
    def test_what_is_returned_stays_open_for_a_week_whatever_the_last_day_becomes(self, client, submitted, meeting):
        workflow.return_to_submitter(submitted, "Skriv mer.")
        close(meeting)
        submitted.refresh_from_db()
        assert submitted.is_open
        assert timedelta(days=7) <= submitted.closes_at - timezone.now() < timedelta(days=8)
        assert "Komplettera ditt förslag" in text(client.get(submitted.issue_edit_url()))

    def test_a_shorter_time_is_made_a_week(self, submitted):
        workflow.return_to_submitter(submitted, "Skriv mer.", timezone.now() + timedelta(hours=1))
        submitted.refresh_from_db()
        assert submitted.open_until - timezone.now() >= timedelta(days=7)
