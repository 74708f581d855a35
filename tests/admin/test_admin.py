import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html import unescape
from threading import Barrier

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proposals import workflow
from proposals.models import (
    Contact,
    Mail,
    Meeting,
    MissedQuery,
    Posting,
    Proposal,
    ProposalContact,
    Region,
    Status,
)
from proposals.workflow.recording import recorded_change

LIST = reverse("admin:proposals_proposal_changelist")
ADD = reverse("admin:proposals_proposal_add")


def change(obj):
    return reverse(f"admin:proposals_{obj._meta.model_name}_change", args=[obj.pk])


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def form_data(response, **edits):
    """What the browser would post from the proposal's page, with some fields edited."""
    form = response.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    formset = response.context["inline_admin_formsets"][0].formset
    for row in [formset.management_form, *formset.forms]:
        data |= {row.add_prefix(name): row[name].value() for name in row.fields}
    data |= edits
    return {name: value for name, value in data.items() if value is not None}


def take(client, action, *proposals):
    """Choose proposals in the list and a step, and say yes on the page that asks."""
    chosen = {"action": action, "_selected_action": [proposal.pk for proposal in proposals]}
    asked = client.post(f"{LIST}?mote=alla", chosen, follow=True)
    if "shown" not in (asked.context or {}):
        return asked
    address = f"{asked.request['PATH_INFO']}?{asked.request['QUERY_STRING']}"
    return client.post(address, {"shown": asked.context["shown"]}, follow=True)


class TestAccess:
    @pytest.mark.parametrize(
        "address", ["admin:index", "admin:proposals_proposal_changelist", "admin:proposals_proposal_add"]
    )
    def test_a_stranger_is_asked_to_sign_in(self, client, db, address):
        response = client.get(reverse(address))
        assert response.status_code == 302
        assert response.url.startswith(reverse("admin:login"))

    def test_a_stranger_cannot_publish(self, client, make_proposal):
        take(client, "publish", make_proposal())
        assert Proposal.objects.get().status == Status.SUBMITTED

    def test_the_desk_is_in_swedish_and_has_its_name(self, kansli):
        page = text(kansli.get(reverse("admin:index")))
        for words in ("Reglab – kansliet", "Förslag", "Kontaktpersoner", "Medlemsmöten", "Målgrupper", "Logga ut"):
            assert words in page


class TestList:
    def test_shows_number_title_sender_status_meeting_and_what_is_missing(self, kansli, make_proposal, dalarna):
        make_proposal(number=7, region=dalarna, purpose="Syfte.", target_group_text="Chefer", people=["Anna Exempel"])
        row = re.search(r'<tr role="row" id="row-.*?</tr>', kansli.get(LIST).content.decode(), re.DOTALL).group()
        cells = [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.S)
        ]
        assert cells[1:3] == ["7", "Grön el"]
        assert cells[3].startswith("Region Dalarna Ändra")
        assert cells[4:] == ["Publicerat e-post", "– Väntar inte", "ingen"]

    def test_what_waits_comes_before_what_has_a_number(self, kansli, make_proposal):
        make_proposal(number=1, title="Ett")
        make_proposal(title="Väntar")
        assert [proposal.title for proposal in kansli.get(LIST).context["cl"].result_list] == ["Väntar", "Ett"]

    @pytest.mark.usefixtures("fixture_28")
    @pytest.mark.parametrize(
        ("gap", "count"), [("avsandare", 5), ("malgrupp", 4), ("syfte", 2), ("e-post", 14), ("annat", 28)]
    )
    def test_filters_by_what_is_missing(self, kansli, gap, count):
        assert kansli.get(LIST, {"saknar": gap}).context["cl"].result_count == count

    @pytest.mark.usefixtures("fixture_28")
    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("lage=publicerade", 28),
            ("lage=att-publicera", 0),
            ("avsandare=ej-angiven", 5),
            ("q=ÖREBRO", 3),
            ("q=schönenstern", 1),
        ],
    )
    def test_filters_and_searches(self, kansli, query, count):
        assert kansli.get(f"{LIST}?{query}").context["cl"].result_count == count

    @pytest.mark.usefixtures("fixture_28")
    def test_filters_by_sender_and_target_group(self, kansli):
        assert kansli.get(LIST, {"avsandare": "region-gotland"}).context["cl"].result_count == 1
        assert kansli.get(LIST, {"malgrupp": "chefer"}).context["cl"].result_count == 6

    def test_a_search_of_a_thousand_words_is_no_crash(self, kansli, make_proposal):
        make_proposal()
        words = " ".join(f"ord{n}" for n in range(1500))
        for model in ("proposal", "contact"):
            address = reverse(f"admin:proposals_{model}_changelist")
            assert kansli.get(address, {"q": words}).status_code == 200

    @pytest.mark.parametrize("how_many", [1, 60])
    def test_the_number_of_queries_does_not_grow(self, kansli, make_proposal, how_many, django_assert_max_num_queries):
        for number in range(1, how_many + 1):
            make_proposal(number=number, people=["Anna Exempel"])
        kansli.get(LIST)  # which also remembers what is listed
        with django_assert_max_num_queries(12):
            kansli.get(LIST)


class TestSteps:
    def test_publishing_numbers_and_shows_it_to_everybody(self, kansli, client, make_proposal):
        make_proposal(number=28)
        response = take(kansli, "publish", make_proposal(title="Ny"))
        assert "1 förslag är publicerade." in text(response)
        assert "Ny" in text(client.get("/forslag/2030-05-14/29/"))

    def test_several_are_numbered_in_the_order_they_came(self, kansli, make_proposal):
        second, first = (
            make_proposal(title=title, submitted_at=datetime(2030, 4, day, tzinfo=UTC))
            for title, day in (("Sedan", 2), ("Först", 1))
        )
        take(kansli, "publish", second, first)
        assert list(Proposal.objects.order_by("number").values_list("title", flat=True)) == ["Först", "Sedan"]

    def test_withdrawing_hides_it(self, kansli, client, make_proposal):
        take(kansli, "withdraw", make_proposal(number=1))
        assert client.get("/forslag/2030-05-14/1/").status_code == 410

    def test_a_step_that_is_not_allowed_is_told_of(self, kansli, make_proposal):
        published, new = make_proposal(number=1), make_proposal(title="Ny")
        asked = kansli.get(
            reverse("admin:proposals_proposal_many", args=["publish"]), {"valda": f"{published.pk},{new.pk}"}
        )
        assert "Kommer inte med 1. Grön el är publicerat." in text(asked)
        take(kansli, "publish", published, new)
        new.refresh_from_db()
        assert (new.status, new.number) == (Status.PUBLISHED, 2)

    def test_what_has_changed_since_the_page_was_opened_is_shown_once_more(self, kansli, make_proposal):
        proposal = make_proposal()
        address = reverse("admin:proposals_proposal_many", args=["publish"]) + f"?valda={proposal.pk}"
        shown = kansli.get(address).context["shown"]
        proposal.save()
        response = kansli.post(address, {"shown": shown})
        assert "Något har ändrats sedan du öppnade sidan, så inget är gjort." in text(response)
        proposal.refresh_from_db()
        assert proposal.status == Status.SUBMITTED

    def test_save_and_publish_asks_first_and_tells_the_number_and_what_is_missing(self, kansli, make_proposal):
        proposal = make_proposal()
        page = kansli.get(change(proposal))
        assert "Spara och publicera" in page.content.decode()
        asked = kansli.post(change(proposal), form_data(page, title="Rättad", _publish="1"), follow=True)
        assert "Får nummer 1" in text(asked)
        assert "Det här saknas: avsändare, målgrupp, syfte, e-post." in text(asked)
        kansli.post(asked.request["PATH_INFO"], {"shown": asked.context["shown"]})
        proposal.refresh_from_db()
        assert (proposal.title, proposal.number, proposal.status) == ("Rättad", 1, Status.PUBLISHED)

    def test_what_is_published_is_not_published_again(self, kansli, make_proposal):
        assert "Spara och publicera" not in kansli.get(change(make_proposal(number=1))).content.decode()

    def test_before_publishing_to_a_meeting_that_is_over_one_is_told(self, kansli, make_proposal):
        hint = "Mötet har redan varit."
        assert hint not in text(kansli.get(change(make_proposal())))
        past = Meeting.objects.create(date="2020-01-01")
        assert hint in text(kansli.get(change(make_proposal(meeting=past))))

    def test_status_and_number_cannot_be_typed(self, kansli, make_proposal):
        proposal = make_proposal()
        data = form_data(kansli.get(change(proposal)), status="published", number="99", published_at_0="2030-01-01")
        kansli.post(change(proposal), data)
        proposal.refresh_from_db()
        assert (proposal.status, proposal.number, proposal.published_at) == (Status.SUBMITTED, None, None)


class TestForm:
    def test_the_public_page_is_one_click_away(self, kansli, make_proposal):
        published, waiting = make_proposal(number=1), make_proposal()
        withdrawn = make_proposal(number=2, status=Status.WITHDRAWN)
        link = '<a href="/forslag/2030-05-14/1/">Visa på webbplatsen</a>'
        assert link in kansli.get(change(published)).content.decode()
        assert "Visa på webbplatsen" not in kansli.get(change(waiting)).content.decode()
        assert "Visa på webbplatsen" not in kansli.get(change(withdrawn)).content.decode()

    def test_fields_stand_in_the_order_in_which_the_proposal_reads(self, kansli, make_proposal, chefer):
        html = kansli.get(change(make_proposal(groups=[chefer]))).content.decode()
        names = ["title", "region", "target_groups", "background", "purpose", "expected_result", "target_group_text"]
        places = [html.index(f'name="{name}"') for name in names]
        assert places == sorted(places)

    def test_a_contact_without_a_place_goes_last(self, kansli, make_proposal):
        proposal = make_proposal(people=["Anna Exempel", "Bo Exempel"])
        cia = Contact.objects.create(name="Cia Exempel")
        data = form_data(kansli.get(change(proposal)), **{"contact_rows-2-contact": cia.pk})
        kansli.post(change(proposal), data)
        rows = proposal.contact_rows.values_list("contact__name", "position")
        assert list(rows) == [("Anna Exempel", 1), ("Bo Exempel", 2), ("Cia Exempel", 3)]

    def test_contacts_can_change_places(self, kansli, make_proposal):
        proposal = make_proposal(people=["Anna Exempel", "Bo Exempel"])
        anna, bo = [row.contact_id for row in proposal.contact_rows.all()]
        swap = {"contact_rows-0-position": 2, "contact_rows-1-position": 1}
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **swap))
        assert [row.contact_id for row in proposal.contact_rows.all()] == [bo, anna]

    def test_a_person_changed_in_one_proposal_is_changed_in_all(self, kansli, make_proposal):
        one, other = make_proposal(people=["Anna Exempel"]), make_proposal(people=["Anna Exempel"])
        page = kansli.get(change(one))
        assert "Står även i 1 annat förslag. Ändringen gäller där också." in text(page)
        kansli.post(change(one), form_data(page, **{"contact_rows-0-email": "anna@example.com"}))
        assert other.contacts.get().email == "anna@example.com"
        assert one.contacts.get() == other.contacts.get()

    def test_a_new_person_of_a_known_name_is_asked_about(self, kansli, make_proposal):
        anna = Contact.objects.create(name="Anna Exempel", title="strateg")
        proposal = make_proposal()
        typed = form_data(kansli.get(change(proposal)), **{"contact_rows-0-name": "anna exempel"})
        asked = kansli.post(change(proposal), typed)
        assert "Någon med det namnet finns redan. Välj om det är samma person." in text(asked)
        assert not proposal.contacts.exists()
        kansli.post(change(proposal), typed | {"contact_rows-0-use": anna.pk})
        assert proposal.contacts.get() == anna
        assert Contact.objects.count() == 1

    def test_a_new_person_of_a_known_name_may_be_somebody_else(self, kansli, make_proposal):
        Contact.objects.create(name="Anna Exempel", title="strateg")
        proposal = make_proposal()
        typed = {"contact_rows-0-name": "Anna Exempel", "contact_rows-0-use": "ny"}
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **typed))
        assert Contact.objects.count() == 2

    def test_a_contact_named_twice_counts_once(self, kansli, make_proposal):
        proposal = make_proposal(people=["Anna Exempel"])
        twice = {"contact_rows-1-name": "Anna Exempel"}
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **twice))
        assert proposal.contact_rows.count() == 1

    @pytest.mark.parametrize("place", ["0", "32768", "9" * 30, "x"])
    def test_an_odd_place_is_a_message_and_no_crash(self, kansli, make_proposal, place):
        proposal = make_proposal(people=["Anna Exempel"])
        data = form_data(kansli.get(change(proposal)), **{"contact_rows-0-position": place})
        assert kansli.post(change(proposal), data).status_code == 200

    def test_a_proposal_typed_in_by_the_secretariat_is_submitted_and_mails_nobody(self, kansli, meeting, mailoutbox):
        data = form_data(kansli.get(ADD), title="Via telefon", background="Text", meeting=meeting.pk)
        kansli.post(ADD, data)
        proposal = Proposal.objects.get()
        assert (proposal.title, proposal.status) == ("Via telefon", Status.SUBMITTED)
        assert proposal.history.get().history_type == "+"
        assert proposal.submitted_at is not None
        assert not mailoutbox

    def test_a_numbered_proposal_that_moves_gets_the_next_number_and_leaves_a_redirect(
        self, kansli, client, make_proposal
    ):
        proposal = make_proposal(number=7)
        other = Meeting.objects.create(date="2031-01-01")
        make_proposal(number=7, meeting=other)
        step = reverse("admin:proposals_proposal_move", args=[proposal.pk])
        told = "Förslaget har nummer 7 och får nästa nummer på det nya mötet. Den gamla adressen leder dit"
        assert told in text(kansli.get(step))
        assert "”8. Grön el” hör nu till" in text(kansli.post(step, {"meeting": other.pk}, follow=True))
        response = client.get("/forslag/2030-05-14/7/")
        assert (response.status_code, response.url) == (302, "/forslag/2031-01-01/8/")

    def test_a_long_paste_is_refused_and_kept_and_not_cut(self, kansli, make_proposal):
        proposal = make_proposal()
        page = kansli.get(change(proposal))
        assert "maxlength" not in page.content.decode()
        response = kansli.post(change(proposal), form_data(page, title="x" * 201))
        assert "Rubriken är för lång: 201 tecken." in text(response)
        assert "x" * 201 in response.content.decode()

    def test_control_characters_are_taken_out(self, kansli, make_proposal):
        proposal = make_proposal()
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), title="A\x07B", purpose="C\x00D\r\nE"))
        proposal.refresh_from_db()
        assert (proposal.title, proposal.purpose) == ("AB", "CD\nE")


class TestTwoAtOnce:
    def test_what_both_have_changed_is_shown_side_by_side_and_nothing_is_saved(self, kansli, make_proposal):
        proposal = make_proposal()
        first, second = kansli.get(change(proposal)), kansli.get(change(proposal))
        kansli.post(change(proposal), form_data(first, title="Den förstas"))
        response = kansli.post(change(proposal), form_data(second, title="Den andras"))
        assert "admin sparade medan du skrev" in text(response)
        [clash] = response.context["conflict"].clashes
        assert (clash.base, clash.mine, clash.theirs) == ("Grön el", "Den andras", "Den förstas")
        proposal.refresh_from_db()
        assert proposal.title == "Den förstas"

    @pytest.mark.parametrize(
        ("choice", "title"),
        [("mine", "Den andras"), ("theirs", "Den förstas"), ("both", "Den andras Den förstas")],
    )
    def test_one_chooses_whose_text_counts(self, kansli, make_proposal, choice, title):
        proposal = make_proposal()
        first, second = kansli.get(change(proposal)), kansli.get(change(proposal))
        kansli.post(change(proposal), form_data(first, title="Den förstas"))
        asked = kansli.post(change(proposal), form_data(second, title="Den andras"))
        kansli.post(change(proposal), {**dict(asked.context["hidden"]), "choose-title": choice})
        proposal.refresh_from_db()
        assert proposal.title == title

    def test_a_choice_is_asked_for_again_when_somebody_saves_once_more(self, kansli, make_proposal):
        proposal = make_proposal()
        first, second = kansli.get(change(proposal)), kansli.get(change(proposal))
        kansli.post(change(proposal), form_data(first, title="Den förstas"))
        asked = kansli.post(change(proposal), form_data(second, title="Den andras"))
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), title="Den tredjes"))
        again = kansli.post(change(proposal), {**dict(asked.context["hidden"]), "choose-title": "mine"})
        assert again.context["conflict"].clashes[0].theirs == "Den tredjes"
        proposal.refresh_from_db()
        assert proposal.title == "Den tredjes"

    def test_what_only_one_has_changed_is_merged(self, kansli, make_proposal, chefer):
        proposal = make_proposal(people=["Anna Exempel", "Bo Exempel"])
        with recorded_change(proposal):
            proposal.save()
        first, second = kansli.get(change(proposal)), kansli.get(change(proposal))
        edits = {"contact_rows-1-DELETE": "on", "target_groups": [chefer.pk], "purpose": "Den förstas"}
        kansli.post(change(proposal), form_data(first, **edits))
        response = kansli.post(change(proposal), form_data(second, title="Den andras"), follow=True)
        assert "Admin sparade medan du skrev. Bådas ändringar är kvar" in text(response)
        proposal.refresh_from_db()
        assert (proposal.title, proposal.purpose) == ("Den andras", "Den förstas")
        assert list(proposal.target_groups.all()) == [chefer]
        assert [person.name for person in proposal.contacts.all()] == ["Anna Exempel"]

    def test_contacts_that_both_have_changed_are_chosen_as_well(self, kansli, make_proposal):
        proposal = make_proposal(people=["Anna Exempel", "Bo Exempel"])
        with recorded_change(proposal):
            proposal.save()
        first, second = kansli.get(change(proposal)), kansli.get(change(proposal))
        kansli.post(change(proposal), form_data(first, **{"contact_rows-1-DELETE": "on"}))
        asked = kansli.post(change(proposal), form_data(second, **{"contact_rows-0-DELETE": "on"}))
        [clash] = asked.context["conflict"].clashes
        assert (clash.base, clash.mine, clash.theirs) == ("Anna Exempel\nBo Exempel", "Bo Exempel", "Anna Exempel")
        kansli.post(change(proposal), {**dict(asked.context["hidden"]), "choose-contacts": "mine"})
        assert [person.name for person in proposal.contacts.all()] == ["Bo Exempel"]

    def test_a_publication_in_the_meantime_is_kept(self, kansli, make_proposal):
        proposal = make_proposal()
        opened = kansli.get(change(proposal))
        take(kansli, "publish", proposal)
        kansli.post(change(proposal), form_data(opened, title="Sen"))
        proposal.refresh_from_db()
        assert (proposal.status, proposal.number, proposal.title) == (Status.PUBLISHED, 1, "Sen")

    def test_one_person_alone_is_never_stopped(self, kansli, make_proposal):
        proposal = make_proposal()
        for title in ("Ett", "Två"):
            kansli.post(change(proposal), form_data(kansli.get(change(proposal)), title=title))
        proposal.refresh_from_db()
        assert proposal.title == "Två"

    @pytest.mark.usefixtures("fixture_28")
    def test_what_nobody_has_edited_yet_can_be_edited(self, kansli):
        proposal = Proposal.objects.get(number=7)
        kansli.post(change(proposal), form_data(kansli.get(change(proposal)), title="Rättad"))
        proposal.refresh_from_db()
        assert proposal.title == "Rättad"


@pytest.mark.parametrize("view", ["change", "delete", "history"])
@pytest.mark.parametrize("key", ["abc", "9" * 30, "0"])
def test_a_proposal_that_does_not_exist_is_no_crash(kansli, key, view):
    for ask in (kansli.get, kansli.post):
        assert ask(reverse(f"admin:proposals_proposal_{view}", args=[key])).status_code in (302, 403, 404)


def test_moved_to_another_meeting_it_may_stand_beside_the_same_text(kansli, make_proposal):
    other = Meeting.objects.create(date="2031-01-01")
    make_proposal(fingerprint="f", meeting=other)
    proposal = make_proposal(fingerprint="f")
    kansli.post(reverse("admin:proposals_proposal_move", args=[proposal.pk]), {"meeting": other.pk})
    proposal.refresh_from_db()
    assert proposal.meeting == other


def test_who_may_only_read_gets_no_button_to_publish(client, make_proposal):
    reader = User.objects.create_user("reader", password="x", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_proposal"))
    client.force_login(reader)
    proposal = make_proposal()
    assert "Spara och publicera" not in client.get(change(proposal)).content.decode()
    assert client.post(change(proposal), {"_publish": "1"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told(make_proposal):
    proposal = make_proposal()
    User.objects.create_superuser("kansli", password="x")

    def save(title):
        client = Client()
        client.login(username="kansli", password="x")
        data = form_data(client.get(change(proposal)), title=title)
        together.wait()
        try:
            return client.post(change(proposal), data).status_code
        finally:
            connection.close()

    together = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, ["Ett", "Två"])) == [200, 302]


class TestDeletion:
    def test_what_a_proposal_uses_is_kept_with_a_sentence_that_says_which(self, kansli, make_proposal, dalarna, chefer):
        make_proposal(number=7, region=dalarna, groups=[chefer], people=["Anna Exempel"])
        make_proposal(title="Utan nummer", region=dalarna)
        for obj in (dalarna, chefer, Contact.objects.get(), Meeting.objects.get()):
            address = reverse(f"admin:proposals_{obj._meta.model_name}_delete", args=[obj.pk])
            response = kansli.post(address, {"post": "yes"}, follow=True)
            assert f"{obj} kan inte tas bort, för det används av" in text(response)
            assert "”7. Grön el”" in text(response)
            assert type(obj).objects.filter(pk=obj.pk).exists()

    def test_what_no_proposal_uses_is_deleted(self, kansli, dalarna):
        kansli.post(reverse("admin:proposals_region_delete", args=[dalarna.pk]), {"post": "yes"})
        assert not Region.objects.exists()

    def test_a_numbered_proposal_cannot_be_deleted(self, kansli, make_proposal):
        proposal = make_proposal(number=1, status=Status.WITHDRAWN)
        address = reverse("admin:proposals_proposal_delete", args=[proposal.pk])
        assert kansli.post(address, {"post": "yes"}).status_code == 403
        assert Proposal.objects.exists()

    def test_before_deleting_only_what_people_made_is_listed(self, kansli, make_proposal):
        proposal = make_proposal(key="k" * 43, people=["Anna Exempel"])
        make_proposal(title="Grön el igen")
        Proposal.objects.compare()
        address = reverse("admin:proposals_proposal_delete", args=[proposal.pk])
        page = kansli.get(address).content.decode()
        assert "Anna Exempel" in page
        assert "sökregistret" not in page
        assert "Likhet" not in page
        assert "Nyckel" not in page
        assert kansli.post(address, {"title": "Grön el"}).status_code == 302
        assert not Posting.objects.filter(proposal=proposal.pk)

    @pytest.mark.parametrize("typed", ["", "yes", "Grön", "Grön el igen", "F-1", "\0", "å" * 10_000])
    @pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.WITHDRAWN])
    def test_a_proposal_is_deleted_only_with_its_title_typed(self, kansli, make_proposal, status, typed):
        proposal = make_proposal(status=status, submitter_email="anna@example.com")
        address = reverse("admin:proposals_proposal_delete", args=[proposal.pk])
        assert "återta det i stället" in text(kansli.get(address))
        response = kansli.post(address, {"title": typed, "post": "yes"}, follow=True)
        assert "Det du skrev är inte förslagets rubrik, så inget är borttaget." in text(response)
        assert response.redirect_chain == [(address, 302)]
        assert Proposal.objects.exists()
        kansli.post(address, {"title": " grön  EL "})
        assert not Proposal.objects.exists()

    def test_a_draft_without_a_title_is_called_so(self, kansli, make_proposal):
        address = reverse("admin:proposals_proposal_delete", args=[make_proposal(status=Status.DRAFT, title="").pk])
        kansli.post(address, {"title": ""})
        assert Proposal.objects.exists()
        kansli.post(address, {"title": "Utan rubrik"})
        assert not Proposal.objects.exists()

    def test_what_has_been_published_is_kept_also_when_its_number_is_given_up(self, kansli, make_proposal, meeting):
        withdrawn, kept = workflow.withdraw(make_proposal(number=1)), make_proposal(number=2)
        workflow.renumber(meeting, [kept.pk], workflow.state_token([kept]))
        withdrawn.refresh_from_db()
        address = reverse("admin:proposals_proposal_delete", args=[withdrawn.pk])
        assert withdrawn.number is None
        assert kansli.post(address, {"title": "Grön el"}).status_code == 403

    def test_no_other_page_deletes_a_proposal(self, kansli, things):
        keys = set(Proposal.objects.values_list("pk", flat=True))
        for model in admin.site._registry:
            if model is not Proposal and model._meta.model_name in things:
                address = f"admin:{model._meta.app_label}_{model._meta.model_name}_delete"
                kansli.post(reverse(address, args=[things[model._meta.model_name].pk]), {"post": "yes"})
            chosen = {"action": "delete_selected", "_selected_action": list(keys), "post": "yes", "index": "0"}
            kansli.post(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), chosen)
        assert set(Proposal.objects.values_list("pk", flat=True)) == keys

    def test_only_searches_are_deleted_in_bulk(self, kansli, things):
        for model in admin.site._registry:
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            in_bulk = "delete_selected" in kansli.get(address).content.decode()
            assert in_bulk == (model is MissedQuery)

    def test_before_a_mail_that_waits_is_deleted_one_is_told_that_it_will_not_go(self, kansli, things):
        address = reverse("admin:proposals_mail_delete", args=[things["mail"].pk])
        told = "Mejlet är inte skickat. Tar du bort det får anna@example.com det aldrig."
        assert told in text(kansli.get(address))
        Mail.objects.update(begun_at=timezone.now())
        assert "Det är osäkert om mejlet gick iväg." in text(kansli.get(address))
        Mail.objects.update(sent_at=timezone.now())
        assert "Mejlet" not in text(kansli.get(address))


def test_a_meeting_that_gets_a_new_date_leaves_redirects(kansli, client, make_proposal, meeting):
    make_proposal(number=7)
    kansli.post(change(meeting), {"title": meeting.title, "date": "2030-05-21"})
    response = client.get("/forslag/2030-05-14/7/")
    assert (response.status_code, response.url) == (302, "/forslag/2030-05-21/7/")


def test_a_window_that_closes_before_it_opens_is_a_message_at_its_field(kansli, meeting):
    window = {
        "submissions_open_at_0": "2030-05-02",
        "submissions_open_at_1": "12:00",
        "submissions_close_at_0": "2030-05-01",
        "submissions_close_at_1": "12:00",
    }
    response = kansli.post(change(meeting), {"title": "Möte", "date": "2030-05-14", **window})
    assert response.context["adminform"].form.errors == {
        "submissions_close_at": ["Sista dagen är före den dag då förslag börjar tas emot."]
    }


def test_a_second_region_of_the_same_name_is_a_message_at_the_form(kansli, dalarna):
    data = {"name": dalarna.name, "slug": "annan", "kind": "region", "county_code": "09"}
    response = kansli.post(reverse("admin:proposals_region_add"), data)
    assert "Det finns redan en region eller myndighet med det namnet." in text(response)


@pytest.mark.parametrize("model", ["region", "targetgroup", "contact", "meeting", "proposal"])
def test_every_list_and_form_opens(kansli, make_proposal, model):
    make_proposal(people=["Anna Exempel"])
    ProposalContact.objects.get()
    for page in ("changelist", "add"):
        assert kansli.get(reverse(f"admin:proposals_{model}_{page}")).status_code == 200
