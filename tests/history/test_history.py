"""The history in the admin: what changed, who did it, and the way back."""

import re

import pytest
from django.urls import reverse

from proposals import workflow
from proposals.models import Change, Contact, Meeting, Proposal, Status
from proposals.workflow.recording import recorded_change
from tests.admin.test_admin import change, form_data, take, text

ALL = ["title", "region", *Proposal.TEXTS, "target_groups", "contacts"]


class TestHistory:
    def test_an_edit_is_one_row_with_who_and_what(self, kansli, make_proposal, chefer):
        proposal = make_proposal(people=["Anna Exempel"])
        before = proposal.history.count()
        edits = {"title": "Rättad", "target_groups": [chefer.pk], "contact_rows-0-DELETE": "on"}
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **edits))
        assert proposal.history.count() == before + 1
        page = text(kansli.get(reverse("admin:proposals_proposal_history", args=[proposal.pk])))
        assert "admin" in page
        assert "Rubrik borttaget: Grön el tillagt: Rättad" in page

    @pytest.mark.usefixtures("fixture_28")
    def test_the_original_of_what_the_fixture_brought_is_kept(self, kansli):
        for step in ("edit", "withdraw"):
            proposal = Proposal.objects.get(number=7 if step == "edit" else 8)
            title = proposal.title
            if step == "edit":
                kansli.post(change(proposal), form_data(kansli.get(change(proposal)), title="Rättad"))
            else:
                take(kansli, "withdraw", proposal)
            latest, original = proposal.history.all()
            assert (original.history_type, original.title, original.history_user) == ("+", title, None)
            assert original.history_date == proposal.published_at
            assert original.contacts.count() == proposal.contact_rows.count()
            assert latest.history_user.username == "admin"

    def test_a_long_text_shows_the_words_that_changed_and_what_stands_beside_them(self, kansli, make_proposal):
        proposal = make_proposal(background="ett två tre " * 100 + "hit " + "fyra fem " * 100)
        edited = proposal.background.replace("hit", "dit").strip()
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), background=edited))
        html = kansli.get(reverse("admin:proposals_proposal_history", args=[proposal.pk])).content.decode()
        shown = re.search(r'<p class="diff">(.*?)</p>', html, re.DOTALL).group(1)
        assert re.search(r"<del>.*hit</del>", shown)
        assert re.search(r"<ins>.*dit</ins>", shown)
        assert len(shown) < 400

    def test_text_that_looks_like_html_is_shown_as_text(self, kansli, make_proposal):
        proposal = make_proposal(background="<b>fet</b>")
        edits = {"background": "<script>alert(1)</script>"}
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **edits))
        html = kansli.get(reverse("admin:proposals_proposal_history", args=[proposal.pk])).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html or "&lt;" in html

    @pytest.mark.parametrize("keys", [("abc", "1"), ("1", "abc"), ("1", "9" * 30)])
    def test_a_version_that_does_not_exist_is_no_crash(self, kansli, keys):
        for model in ("proposal", "contact"):
            address = reverse(f"admin:proposals_{model}_simple_history", args=keys)
            assert kansli.get(address).status_code == 404

    def test_an_old_version_can_be_read(self, kansli, make_proposal):
        proposal = make_proposal()
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), title="Rättad"))
        oldest = proposal.history.last()
        response = kansli.get(reverse("admin:proposals_proposal_simple_history", args=[proposal.pk, oldest.pk]))
        assert ">Grön el</h2>" in response.content.decode()

    def test_an_old_version_has_the_groups_and_contacts_of_its_day(self, kansli, make_proposal, chefer):
        proposal = make_proposal(groups=[chefer], people=["Anna Exempel", "Bo Exempel"])
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), title="Som det var"))
        removed = {"target_groups": [], "contact_rows-0-DELETE": "on"}
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **removed))
        history = reverse("admin:proposals_proposal_history", args=[proposal.pk])
        page = text(kansli.get(history))
        assert "Målgrupper borttaget: Chefer" in page
        assert "Kontaktpersoner borttaget: Anna Exempel Bo Exempel" in page
        old = next(version for version in proposal.history.all() if version.contacts.count() == 2)
        page = text(kansli.get(reverse("admin:proposals_proposal_simple_history", args=[proposal.pk, old.pk])))
        assert "Målgrupper Chefer" in page
        assert "Kontaktpersoner Anna Exempel Bo Exempel" in page

    def test_a_change_of_order_shows_both_orders(self, kansli, make_proposal):
        proposal = make_proposal(people=["Anna Exempel", "Bo Exempel"])
        for places in (("1", "2"), ("2", "1")):
            order = {"contact_rows-0-position": places[0], "contact_rows-1-position": places[1]}
            kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **order))
        page = text(kansli.get(reverse("admin:proposals_proposal_history", args=[proposal.pk])))
        assert "Kontaktpersoner tillagt: Bo Exempel Anna Exempel borttaget: Bo Exempel" in page

    @pytest.mark.parametrize("count", [1, 20, 21, 45])
    def test_every_change_is_on_a_page(self, kansli, make_proposal, count):
        proposal = make_proposal()
        for n in range(count):
            proposal.title = f"Rubrik {n}"
            with recorded_change(proposal):
                proposal.save()
        address = reverse("admin:proposals_proposal_history", args=[proposal.pk])
        pages = (proposal.history.count() + 19) // 20
        html = "".join(kansli.get(address, {"p": page + 1}).content.decode() for page in range(pages))
        added = re.findall(r"<ins>.*?(\d+)</ins>", html)
        assert [int(number) for number in added] == list(range(count))[::-1]

    def test_publication_shows_status_in_words(self, kansli, make_proposal):
        proposal = make_proposal()
        kansli.post(change(proposal), form_data(kansli.get(change(proposal))))
        take(kansli, "publish", proposal)
        page = text(kansli.get(reverse("admin:proposals_proposal_history", args=[proposal.pk])))
        assert "Status: inskickat → publicerat" in page

    def test_an_edited_contact_has_its_own_history(self, kansli):
        anna = Contact.objects.create(name="Anna Exempel")
        kansli.post(change(anna), {"name": "Anna Exempelsson"})
        page = kansli.get(reverse("admin:proposals_contact_history", args=[anna.pk]))
        assert "Namn: Anna Exempel → Anna Exempelsson" in text(page)
        old = reverse("admin:proposals_contact_simple_history", args=[anna.pk, anna.history.last().pk])
        assert "Det som står här går inte att spara." in text(kansli.get(old))

    def test_who_published_is_kept(self, kansli, make_proposal):
        proposal = make_proposal()
        take(kansli, "publish", proposal)
        assert proposal.history.first().history_user.username == "admin"

    def test_what_the_submitter_did_is_said_to_be_the_submitters(self, kansli, meeting):
        proposal = Proposal(meeting=meeting, title="Grön el", submitter_email="anna@example.com")
        workflow.submit(proposal, [], [])
        page = text(kansli.get(reverse("admin:proposals_proposal_history", args=[proposal.pk])))
        assert "Förslagsställaren inskickat av förslagsställaren" in page


class TestNames:
    """What is deleted or renamed changes nothing that the history says."""

    @pytest.fixture
    def edited(self, client, secretary, make_proposal, dalarna, chefer):
        """A proposal of which an earlier version names all that is not in it now, edited by the secretary."""
        client.force_login(secretary)
        proposal = make_proposal(region=dalarna, groups=[chefer], people=["Anna Exempel", "Bo Exempel"])
        client.post(change(proposal), form_data(client.get(change(proposal)), title="Först"))
        edits = {"region": "", "target_groups": [], "contact_rows-0-DELETE": "on", "title": "Sedan"}
        client.post(change(proposal), form_data(client.get(change(proposal)), **edits))
        return proposal

    def told(self, client, proposal):
        """What the history says, and each version."""
        pages = ["history", proposal.pk], *(["simple_history", proposal.pk, row.pk] for row in proposal.history.all())
        answers = [client.get(reverse(f"admin:proposals_proposal_{name}", args=keys)) for name, *keys in pages]
        return [text(page).split(" Historik ", 1)[1] for page in answers]

    def delete(self, client, thing):
        address = reverse(f"admin:proposals_{thing._meta.model_name}_delete", args=[thing.pk])
        client.post(address, {"post": "yes"}, follow=True)
        assert not type(thing).objects.filter(pk=thing.pk).exists()

    def test_of_a_deleted_region_group_and_contact_stay(self, kansli, edited, dalarna, chefer):
        before = self.told(kansli, edited)
        for word in ("kim redigerat", "Region Dalarna", "borttaget: Chefer", "borttaget: Anna Exempel"):
            assert word in before[0]
        for thing in (dalarna, chefer, Contact.objects.get(name="Anna Exempel")):
            self.delete(kansli, thing)
        after = self.told(kansli, edited)
        gone = r" Det här finns inte längre och kommer inte med: ([^.]+)\."
        assert [re.sub(gone, "", page) for page in after] == before
        told = [["Region Dalarna; Chefer; Anna Exempel"], ["Region Dalarna"]]
        assert [re.findall(gone, page) for page in after] == [[], [], *told]
        assert "Avsändare Region Dalarna" in before[-2]
        assert "Målgrupper Chefer Kontaktpersoner Anna Exempel Bo Exempel" in before[-2]

    def test_of_a_deleted_meeting_stays(self, kansli, edited, meeting):
        other = Meeting.objects.create(date="2031-01-01")
        workflow.move(edited, other)
        before = self.told(kansli, edited)
        self.delete(kansli, meeting)
        assert self.told(kansli, edited) == before
        assert "Möte Reglabs medlemsmöte 14 maj 2030" in before[-2]

    def test_of_a_deleted_account_stays(self, kansli, edited, secretary):
        """Whatever deletes it: the admin itself would not."""
        before = self.told(kansli, edited)
        secretary.delete()
        assert self.told(kansli, edited) == before

    def test_of_whoever_changed_a_contact_stays(self, client, kansli, secretary):
        client.force_login(secretary)
        anna = Contact.objects.create(name="Anna Exempel")
        client.post(change(anna), {"name": "Anna Exempelsson"})
        address = reverse("admin:proposals_contact_history", args=[anna.pk])
        before = text(kansli.get(address))
        assert "kim Ändrat" in before
        secretary.delete()
        assert text(kansli.get(address)) == before

    def test_of_a_renamed_contact_and_region_are_as_they_were_and_no_change_of_the_proposal(
        self, kansli, make_proposal, dalarna
    ):
        proposal = make_proposal(region=dalarna, people=["Anna Exempel", "Bo Exempel"])
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), title="Först"))
        Contact.objects.filter(name="Anna Exempel").update(name="Anna Exempelsson")
        dalarna.name = "Dalarnas region"
        dalarna.save()
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), title="Sedan"))
        removed = {"contact_rows-1-DELETE": "on"}
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **removed))
        history, latest, _, first, _ = self.told(kansli, proposal)
        assert "Avsändare Region Dalarna" in first
        assert "Kontaktpersoner Anna Exempel Bo Exempel" in first
        assert "Avsändare Dalarnas region" in latest
        assert "Avsändare" not in history
        assert "Kontaktpersoner Anna Exempelsson borttaget: Bo Exempel" in history

    def test_of_an_account_that_saved_meanwhile_are_told(self, kansli, edited, secretary):
        opened = kansli.get(change(edited))
        edited.title = "Emellan"
        edited._history_user = secretary
        with recorded_change(edited):
            edited.save()
        secretary.delete()
        posted = form_data(opened, title="Annat")
        assert "kim sparade medan du skrev" in text(kansli.post(change(edited), posted))


class TestRestoring:
    @pytest.fixture
    def edited(self, kansli, make_proposal, dalarna, chefer):
        """A proposal that first said one thing and now another: (proposal, address of the old version)."""
        proposal = make_proposal(region=dalarna, groups=[chefer], people=["Anna Exempel", "Bo Exempel"])
        kansli.post(change(proposal), form_data(kansli.get(change(proposal))))
        edits = {
            "title": "Ny",
            "background": "Annat.",
            "region": "",
            "target_groups": [],
            "contact_rows-0-DELETE": "on",
        }
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **edits))
        proposal.refresh_from_db()
        assert (proposal.title, proposal.region, proposal.contacts.count()) == ("Ny", None, 1)
        old = next(row for row in proposal.history.all() if row.title == "Grön el")
        return proposal, reverse("admin:proposals_proposal_simple_history", args=[proposal.pk, old.pk])

    def opened(self, response):
        return re.search(r'name="opened" value="([^"]*)"', response.content.decode()).group(1)

    def test_brings_back_texts_sender_groups_and_contacts_in_order(self, kansli, edited, dalarna, chefer):
        proposal, address = edited
        kansli.post(address, {"opened": self.opened(kansli.get(address)), "field": ALL})
        proposal.refresh_from_db()
        assert (proposal.title, proposal.background, proposal.region) == ("Grön el", "Vi behöver el.", dalarna)
        assert list(proposal.target_groups.all()) == [chefer]
        assert [row.contact.name for row in proposal.contact_rows.all()] == ["Anna Exempel", "Bo Exempel"]
        assert proposal.history.first().history_change_reason == Change.REVERTED

    def test_a_title_stays_when_the_old_version_had_none(self, make_proposal):
        proposal = make_proposal(title="", status=Status.DRAFT)
        with recorded_change(proposal):
            proposal.save()
        untitled = proposal.history.latest()
        proposal.title = "Grön el"
        workflow.submit(proposal, [], [{"name": "Bo Exempel"}])
        assert workflow.revert(proposal, untitled).title == "Grön el"

    def test_what_is_published_stays_published(self, kansli, edited):
        proposal, address = edited
        workflow.publish(proposal)
        kansli.post(address, {"opened": self.opened(kansli.get(address)), "field": ALL})
        proposal.refresh_from_db()
        assert (proposal.title, proposal.number, proposal.status) == ("Grön el", 1, Status.PUBLISHED)

    def test_somebody_elses_newer_edit_is_not_lost(self, kansli, edited):
        proposal, address = edited
        opened = self.opened(kansli.get(address))
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), title="Nyast"))
        response = kansli.post(address, {"opened": opened})
        assert "så inget är återställt" in text(response)
        proposal.refresh_from_db()
        assert proposal.title == "Nyast"

    def test_a_reader_is_refused(self, client, edited, reader):
        proposal, address = edited
        client.force_login(reader)
        response = client.get(address)
        assert "Återställ den här versionen" not in response.content.decode()
        assert client.post(address, {"opened": str(proposal.updated_at)}).status_code == 403
        proposal.refresh_from_db()
        assert proposal.title == "Ny"
