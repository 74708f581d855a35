"""Merging two proposals at the desk, and what becomes of the addresses and links of the one that goes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proposals import workflow
from proposals.models import Change, Contact, Mail, Proposal, Region, Status
from proposals.workflow.recording import recorded_change
from tests.admin.test_admin import LIST, change, form_data, text

MOST_QUERIES = 12
ANNA, BO = "anna@example.com", "bo@example.com"


@pytest.fixture
def varmland(db):
    return Region.objects.create(name="Region Värmland", slug="region-varmland", county_code="17")


def save(proposal):
    """With a row of history."""
    with recorded_change(proposal):
        proposal.save()
    return proposal


@pytest.fixture
def one(make_proposal, dalarna, chefer):
    proposal = make_proposal(
        title="Krympande resurser",
        region=dalarna,
        background="Budgeten krymper.",
        purpose="Att lära.",
        submitter_name="Anna Exempel",
        submitter_email=ANNA,
        people=["Jonas Exempel"],
        groups=[chefer],
        key="a" * 43,
    )
    return save(proposal)


@pytest.fixture
def other(make_proposal, varmland):
    return make_proposal(
        title="Sluta göra",
        region=varmland,
        background="Allt på kort tid.",
        expected_result="Ett underlag.",
        submitter_name="Bo Exempel",
        submitter_email=BO,
        people=["Lena Exempel", "Jonas Exempel"],
        key="b" * 43,
    )


def merge_page(one, other):
    return reverse("admin:proposals_proposal_merge", args=[one.pk, other.pk])


def merge(kansli, one, other, **choices):
    page = kansli.get(merge_page(one, other))
    posted = {"shown": page.context["shown"], "title": "own", "background": "both"} | choices
    return kansli.post(merge_page(one, other), posted, follow=True)


def undo(kansli, proposal):
    return kansli.post(reverse("admin:proposals_proposal_undo", args=[proposal.pk]), follow=True)


def edit_page(key):
    return reverse("proposal_edit", args=[key])


class TestMerging:
    def test_the_page_tells_what_will_happen(self, kansli, one, other):
        page = text(kansli.get(merge_page(one, other)))
        assert "Region Dalarna och Region Värmland" in page
        assert "2 mejl skickas" in page
        assert f"{ANNA}, {BO}" in page
        assert Proposal.objects.get(pk=other.pk).status == Status.SUBMITTED

    def test_the_chosen_texts_and_all_else_of_both_stay(self, kansli, one, other):
        merge(kansli, one, other, title="others")
        merged = Proposal.objects.get(pk=one.pk)
        assert merged.title == "Sluta göra"
        assert merged.background == "Budgeten krymper.\n\nAllt på kort tid."
        assert (merged.purpose, merged.expected_result) == ("Att lära.", "Ett underlag.")
        assert merged.sender_names == "Region Dalarna och Region Värmland"
        assert [row.contact.name for row in merged.contact_rows.all()] == ["Jonas Exempel", "Lena Exempel"]
        assert [group.name for group in merged.target_groups.all()] == ["Chefer"]

    def test_the_other_is_withdrawn_and_says_where_it_went(self, kansli, one, other):
        merge(kansli, one, other)
        part = Proposal.objects.get(pk=other.pk)
        assert (part.status, part.merged_into) == (Status.WITHDRAWN, one)
        assert "Ingår i Krympande resurser" in text(kansli.get(change(part)))
        assert "Hopslaget med Sluta göra" in text(kansli.get(change(one)))

    def test_each_submitter_gets_one_mail_with_the_new_text(
        self, kansli, one, other, mailoutbox, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            merge(kansli, one, other)
        assert sorted(mail.to[0] for mail in mailoutbox) == [ANNA, BO]
        for mail in mailoutbox:
            assert "Allt på kort tid." in mail.body
            assert "Avsändare: Region Dalarna och Region Värmland" in mail.body
        to_bo = next(mail for mail in mailoutbox if mail.to == [BO])
        assert to_bo.body.startswith("Hej Bo Exempel!")
        assert ANNA not in to_bo.body

    def test_one_who_sent_in_both_gets_one_mail(self, kansli, one, other):
        Proposal.objects.filter(pk=other.pk).update(submitter_email="Anna@Example.com")
        assert "1 mejl skickas" in text(kansli.get(merge_page(one, other)))
        merge(kansli, one, other)
        assert Mail.objects.count() == 1

    def test_a_text_that_would_be_too_long_is_told_of(self, kansli, one, other):
        Proposal.objects.filter(pk__in=[one.pk, other.pk]).update(background="ord " * 3_000)
        Proposal.objects.filter(pk=other.pk).update(background="text " * 3_000)
        assert "Båda texterna tillsammans är för långa." in text(merge(kansli, one, other))
        assert Proposal.objects.get(pk=other.pk).status == Status.SUBMITTED

    def test_the_preview_shows_what_it_will_be_and_saves_nothing(self, kansli, one, other):
        shown = kansli.post(merge_page(one, other), {"title": "others", "background": "both", "preview": "1"})
        page = text(shown)
        assert "Sluta göra" in page
        assert "Region Dalarna och Region Värmland" in page
        assert "Lena Exempel" in page
        assert Proposal.objects.get(pk=one.pk).title == "Krympande resurser"

    def test_a_change_since_the_page_was_opened_stops_it(self, kansli, one, other):
        shown = kansli.get(merge_page(one, other)).context["shown"]
        other.save()
        asked = kansli.post(merge_page(one, other), {"shown": shown, "title": "own", "background": "own"})
        assert "Någon har ändrat ett av förslagen" in text(asked)
        assert Proposal.objects.get(pk=other.pk).status == Status.SUBMITTED

    def test_the_published_one_stays(self, kansli, one, make_proposal):
        published = make_proposal(1)
        assert kansli.get(merge_page(one, published)).url == merge_page(published, one)

    @pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
    def test_what_is_not_sent_in_is_not_merged(self, kansli, one, other, status):
        Proposal.objects.filter(pk=other.pk).update(status=status)
        assert "kan inte slås ihop" in text(kansli.get(merge_page(one, other), follow=True))
        other.refresh_from_db()
        with pytest.raises(workflow.StepNotAllowed):
            workflow.merge(one, other, {})


def test_the_page_of_a_merged_proposal_takes_few_queries(kansli, one, other, django_assert_max_num_queries):
    merge(kansli, one, other)
    with django_assert_max_num_queries(MOST_QUERIES):
        kansli.get(change(one))


class TestWhereTheOtherLeads:
    def test_its_public_address_leads_to_the_merged_one(self, client, kansli, make_proposal):
        one, other = make_proposal(1), make_proposal(2, title="Sluta göra")
        merge(kansli, one, other)
        assert client.get(other.get_absolute_url()).url == one.get_absolute_url()

    def test_its_reference_finds_the_merged_one(self, kansli, one, other):
        merge(kansli, one, other)
        found = kansli.get(LIST, {"q": other.reference}).context["cl"].result_list
        assert one in found

    def test_its_edit_link_opens_the_merged_one_without_the_first_submitter(self, client, kansli, one, other):
        merge(kansli, one, other)
        page = client.get(edit_page("b" * 43)).content.decode()
        assert "Krympande resurser" in page
        assert ANNA not in page
        assert "Anna Exempel" not in page

    def test_the_second_submitter_may_change_it_and_both_get_the_text(self, client, kansli, one, other, typed):
        merge(kansli, one, other)
        opened = client.get(edit_page("b" * 43)).context["forms"].form["opened"].value()
        typed |= {"title": "Gemensamt", "opened": opened, "region": one.region.pk, "submitter_email": "cia@example.com"}
        page = client.post(edit_page("b" * 43), typed, follow=True).content.decode()
        assert "Vi mejlar hela texten till alla som har skickat in det." in page
        changed = Proposal.objects.get(pk=one.pk)
        assert (changed.title, changed.submitter_email) == ("Gemensamt", ANNA)
        assert set(Mail.objects.filter(kind="changed").values_list("to", flat=True)) == {ANNA, BO}

    def test_the_second_submitter_cannot_withdraw_it(self, client, kansli, one, other):
        merge(kansli, one, other)
        client.post(reverse("proposal_withdraw", args=["b" * 43]))
        assert Proposal.objects.get(pk=one.pk).status == Status.SUBMITTED

    def test_completing_it_gives_the_second_submitter_a_receipt_of_their_own(self, client, kansli, one, other, typed):
        merge(kansli, one, other)
        workflow.return_to_submitter(one, "Vem ska delta?")
        opened = client.get(edit_page("b" * 43)).context["forms"].form["opened"].value()
        receipt = client.post(edit_page("b" * 43), typed | {"opened": opened}, follow=True).content.decode()
        assert BO in receipt
        assert ANNA not in receipt
        again = client.post(reverse("proposal_receipt"), follow=True).content.decode()
        assert ANNA not in again

    @pytest.mark.parametrize("step", [workflow.publish, workflow.withdraw])
    def test_both_submitters_hear_what_becomes_of_it(self, kansli, one, other, step):
        merge(kansli, one, other)
        Mail.objects.all().delete()
        step(one)
        assert set(Mail.objects.values_list("to", flat=True)) == {ANNA, BO}

    def test_the_publish_page_counts_both(self, kansli, one, other):
        merge(kansli, one, other)
        page = kansli.get(reverse("admin:proposals_meeting_publish", args=[one.meeting_id]))
        assert page.context["people"] == [ANNA, BO]


class TestUndoing:
    def test_both_are_as_they_were(self, kansli, one, other):
        merge(kansli, one, other, title="others")
        undo(kansli, other)
        restored, part = Proposal.objects.get(pk=one.pk), Proposal.objects.get(pk=other.pk)
        assert (restored.title, restored.background) == ("Krympande resurser", "Budgeten krymper.")
        assert restored.sender_names == "Region Dalarna"
        assert [row.contact.name for row in restored.contact_rows.all()] == ["Jonas Exempel"]
        assert (part.status, part.merged_into, part.title) == (Status.SUBMITTED, None, "Sluta göra")

    def test_both_submitters_get_a_mail(self, kansli, one, other):
        merge(kansli, one, other)
        undo(kansli, other)
        assert set(Mail.objects.filter(kind="unmerged").values_list("to", flat=True)) == {ANNA, BO}

    def test_what_was_written_since_is_kept(self, kansli, one, other):
        merge(kansli, one, other)
        kansli.post(change(one), form_data(kansli.get(change(one)), title="Ny rubrik"))
        assert "har ändrats efter sammanslagningen" in text(undo(kansli, other))
        assert Proposal.objects.get(pk=one.pk).title == "Ny rubrik"
        assert Proposal.objects.get(pk=other.pk).merged_into == one

    def test_it_can_be_undone_within_a_day(self, kansli, one, other):
        merge(kansli, one, other)
        Proposal.history.filter(history_change_reason=Change.MERGED).update(
            history_date=timezone.now() - timedelta(hours=25)
        )
        assert "Ångra sammanslagningen" not in text(kansli.get(change(one)))
        undo(kansli, other)
        assert Proposal.objects.get(pk=other.pk).merged_into == one

    def test_later_the_other_becomes_its_own_again_and_the_merged_one_stays(self, kansli, one, other):
        merge(kansli, one, other)
        kansli.post(change(one), form_data(kansli.get(change(one)), title="Ny rubrik"))
        part = workflow.restore(Proposal.objects.get(pk=other.pk))
        assert (part.status, part.merged_into) == (Status.SUBMITTED, None)
        assert Proposal.objects.get(pk=one.pk).title == "Ny rubrik"

    def test_a_submitter_that_came_with_the_other_goes_with_it(self, kansli, one, other):
        one.submitter_name = one.submitter_email = ""
        save(one)
        merge(kansli, one, other)
        assert Proposal.objects.get(pk=one.pk).submitter_email == BO
        undo(kansli, other)
        assert Proposal.objects.get(pk=one.pk).submitter_email == ""


class TestCoSenders:
    def test_the_secretariat_chooses_them_on_the_form(self, kansli, one, varmland):
        kansli.post(change(one), form_data(kansli.get(change(one)), co_senders=[varmland.pk]))
        assert Proposal.objects.get(pk=one.pk).sender_names == "Region Dalarna och Region Värmland"
        assert "Region Värmland" in text(kansli.get(LIST))

    def test_the_first_of_several_becomes_the_main_one(self, kansli, one, varmland):
        kansli.post(change(one), form_data(kansli.get(change(one)), region="", co_senders=[varmland.pk]))
        saved = Proposal.objects.get(pk=one.pk)
        assert (saved.region, list(saved.co_senders.all())) == (varmland, [])

    def test_the_history_tells_of_them(self, kansli, one, varmland):
        kansli.post(change(one), form_data(kansli.get(change(one)), co_senders=[varmland.pk]))
        history = text(kansli.get(reverse("admin:proposals_proposal_history", args=[one.pk])))
        assert "medavsändare" in history.lower()
        assert "Region Värmland" in history

    def test_a_region_that_is_one_cannot_be_deleted(self, kansli, one, varmland):
        one.co_senders.add(varmland)
        page = kansli.post(reverse("admin:proposals_region_delete", args=[varmland.pk]), {"post": "yes"}, follow=True)
        assert "kan inte tas bort" in text(page)
        assert Region.objects.filter(pk=varmland.pk).exists()

    def test_it_has_sent_in_and_is_not_reminded(self, one, varmland):
        one.co_senders.add(varmland)
        counts = {member.region.name: member.count for member in workflow.members(one.meeting)}
        assert counts == {"Region Dalarna": 1, "Region Värmland": 1}

    def test_a_contact_stays_in_use(self, kansli, one, other):
        merge(kansli, one, other)
        assert Contact.objects.get(name="Lena Exempel").proposals.count() == 2
