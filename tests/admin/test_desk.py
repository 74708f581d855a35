"""The secretariat's desk: what waits, what is incomplete, who has sent in, and the steps for a whole meeting."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from proposals import emails, workflow
from proposals.models import LateLink, Mail, Meeting, Proposal, Region, Status
from proposals.workflow.recording import recorded_change
from tests.admin.test_admin import change, form_data, text
from tests.links import LATE_LINK, body_of, edit_paths

DESK = reverse("admin:index")


def meeting_url(name, meeting):
    return reverse(f"admin:proposals_meeting_{name}", args=[meeting.pk])


@pytest.fixture
def desk(client, secretary):
    """A browser in which somebody of the group Kansliet has signed in."""
    client.force_login(secretary)
    return client


@pytest.fixture
def members(dalarna):
    """Dalarna and Gotland, each with addresses to remind."""
    dalarna.member_emails = "d@example.com"
    dalarna.save()
    emails_of_gotland = "g1@example.com\ng2@example.com\nG1@example.com"
    gotland = Region.objects.create(
        name="Region Gotland", slug="region-gotland", county_code="09", member_emails=emails_of_gotland
    )
    return dalarna, gotland


class TestFrontPage:
    def test_names_what_waits(self, desk, make_proposal):
        make_proposal(title="Alldeles ny")
        seen = make_proposal(title="Ändrad", seen_at=timezone.now() - timedelta(hours=1), revised_at=timezone.now())
        make_proposal(title="Hos Anna", status=Status.RETURNED)
        make_proposal(title="", status=Status.DRAFT)
        make_proposal(title="Sedd", seen_at=timezone.now())
        page = text(desk.get(DESK))
        assert "1 Nya Alldeles ny Avsändare ej angiven 1 Ändrade sedan ni tittade Ändrad" in page
        assert re.search(
            r"1 Hos förslagsställaren Hos Anna .* 1 Utkast Ni ser rubrik och avsändare\. .* Utan rubrik", page
        )
        desk.get(change(seen))
        assert "Ändrade sedan ni tittade" not in text(desk.get(DESK))

    def test_the_links_lead_to_lists_of_just_those(self, desk, make_proposal):
        new = make_proposal(title="Ny")
        make_proposal(title="Sedd", seen_at=timezone.now())
        html = desk.get(DESK).content.decode()
        link = re.search(r'href="([^"]*lage=nya)"', html).group(1).replace("&amp;", "&")
        assert list(desk.get(link).context["cl"].result_list) == [new]

    @pytest.mark.usefixtures("fixture_28")
    def test_tells_what_the_28_lack_and_which_are_nearly_the_same(self, desk):
        Proposal.objects.compare()
        page = text(desk.get(DESK))
        for gap in (
            "saknar avsändare 5",
            "saknar målgrupp 4",
            "saknar syfte 2",
            "saknar e-post 14",
            "par är nästan lika 1",
        ):
            assert gap in page

    def test_tells_who_has_sent_in_and_who_has_not(self, desk, members, make_proposal):
        dalarna, _ = members
        make_proposal(region=dalarna)
        make_proposal(region=dalarna)
        make_proposal(region=members[1], status=Status.DRAFT)
        page = text(desk.get(DESK))
        assert "Har lämnat 1 av 2" in page
        assert "Dalarna 2 förslag Gotland utkast" in page

    def test_is_about_the_next_meeting_or_the_one_that_is_asked_for(self, desk, meeting):
        earlier = Meeting.objects.create(date=timezone.localdate() - timedelta(days=10))
        assert desk.get(DESK).context["desk"].meeting == meeting
        assert desk.get(DESK, {"mote": earlier.date.isoformat()}).context["desk"].meeting == earlier
        assert desk.get(DESK, {"mote": "banan"}).context["desk"].meeting == earlier, "the one chosen before"

    def test_without_a_meeting_it_says_how_to_begin(self, desk):
        assert "Kom igång Tre steg" in text(desk.get(DESK))
        assert reverse("admin:proposals_meeting_add") in desk.get(DESK).content.decode()

    def test_a_reader_does_not_mark_anything_as_seen(self, client, reader, make_proposal):
        client.force_login(reader)
        client.get(change(make_proposal()))
        assert Proposal.objects.new().count() == 1


class TestSteps:
    def test_returning_asks_what_is_missing_and_mails_it(self, desk, client, make_proposal):
        proposal = make_proposal(submitter_email="anna@example.com")
        address = reverse("admin:proposals_proposal_return", args=[proposal.pk])
        assert "anna@example.com får ett mejl med din text" in text(desk.get(address))
        assert "Skriv vad som ska kompletteras." in text(desk.post(address, {"message": " "}))
        desk.post(address, {"message": "Vem ska delta?"})
        proposal.refresh_from_db()
        assert (proposal.status, proposal.return_message) == (Status.RETURNED, "Vem ska delta?")
        body = body_of(Mail.objects.get(to="anna@example.com"))
        assert "Vem ska delta?" in body
        assert [client.get(path).status_code for path in edit_paths(body)] == [200]

    @pytest.mark.parametrize(
        ("days", "fault"), [(None, "Mötets sista dag har varit."), (-1, "Tiden har redan varit."), (3, None)]
    )
    def test_after_the_last_day_returning_needs_a_new_one(self, desk, make_proposal, meeting, days, fault):
        Meeting.objects.update(submissions_close_at=timezone.now() - timedelta(days=2))
        proposal = make_proposal(submitter_email="anna@example.com")
        until = timezone.localtime() + timedelta(days=days or 0)
        posted = {"message": "Mer!"}
        if days:
            posted |= {"open_until_0": until.date().isoformat(), "open_until_1": "12:00"}
        response = desk.post(reverse("admin:proposals_proposal_return", args=[proposal.pk]), posted)
        proposal.refresh_from_db()
        if fault:
            assert fault in text(response)
            assert "Mer!" in response.content.decode()
        assert proposal.is_returned == (fault is None)

    def test_the_buttons_are_those_of_the_status_and_say_who_gets_a_mail(self, desk, make_proposal):
        submitted = make_proposal(submitter_email="anna@example.com")
        names = [button.name for button in desk.get(change(submitted)).context["transition_buttons"]]
        assert names == ["publish", "return", "withdraw"]
        told = "Du ser numret, och det som saknas, innan något syns. anna@example.com får ett mejl."
        assert told in text(desk.get(change(submitted)))
        workflow.withdraw(submitted)
        assert [button.name for button in desk.get(change(submitted)).context["transition_buttons"]] == ["restore"]

    def test_a_button_saves_the_edits_first(self, desk, make_proposal):
        proposal = make_proposal(submitter_email="anna@example.com")
        data = form_data(desk.get(change(proposal)), title="Rättad", _withdraw="1")
        response = desk.post(change(proposal), data)
        assert response.url == reverse("admin:proposals_proposal_withdraw", args=[proposal.pk])
        desk.post(response.url)
        proposal.refresh_from_db()
        assert (proposal.title, proposal.status) == ("Rättad", Status.WITHDRAWN)
        desk.post(change(proposal), form_data(desk.get(change(proposal)), _restore="1"))
        proposal.refresh_from_db()
        assert proposal.status == Status.SUBMITTED

    def test_the_preview_is_the_public_page(self, desk, client, make_proposal, dalarna):
        proposal = make_proposal(region=dalarna, people=["Bo Exempel"], purpose="- punkt")
        page = desk.get(reverse("admin:proposals_proposal_preview", args=[proposal.pk]))
        assert "<h1>Grön el</h1>" in page.content.decode()
        assert "Vi behöver el." in text(page)
        assert "<li>punkt</li>" in page.content.decode().replace("\n", "")

    @pytest.mark.parametrize("button", ["again", "renew"])
    def test_the_edit_link_is_mailed_again_or_exchanged(self, desk, client, make_proposal, button):
        proposal = make_proposal(submitter_email="anna@example.com", key="k" * 43)
        old = proposal.get_edit_url()
        desk.post(reverse("admin:proposals_proposal_edit_link", args=[proposal.pk]), {button: "1"})
        [new] = edit_paths(body_of(Mail.objects.get(to="anna@example.com")))
        assert [client.get(old).status_code, client.get(new).status_code] == [200 if button == "again" else 404, 200]


class TestAWholeMeeting:
    def test_the_buttons_move_a_row_one_place_and_stop_at_the_ends(self, desk, meeting, make_proposal):
        keys = [make_proposal(title=title).pk for title in ("ett", "två", "tre")]

        def move(what):
            page = desk.post(meeting_url("order", meeting), {"order": keys, "move": what}, follow=True)
            return [proposal.title for _, proposal in page.context["numbered"]]

        assert move(f"up {keys[2]}") == ["ett", "tre", "två"]
        assert move(f"up {keys[0]}") == ["ett", "två", "tre"]
        assert move(f"down {keys[2]}") == ["ett", "två", "tre"]
        assert move("up banan") == ["ett", "två", "tre"]
        assert move("up 99999999999999999999999") == ["ett", "två", "tre"]

    def test_publishing_shows_first_what_will_happen(self, desk, meeting, make_proposal):
        make_proposal(title="Ett", submitter_email="anna@example.com")
        make_proposal(title="Två")
        make_proposal(title="Hos Anna", status=Status.RETURNED)
        page = desk.get(meeting_url("publish", meeting))
        assert "2 förslag får nummer 1–2 och syns på webbplatsen genast." in text(page)
        assert "1 förslagsställare får mejl med nummer" in text(page)
        assert "1 kommer inte med." in text(page)
        assert "Kommer inte med (1) Hos Anna komplettering" in text(page)
        assert not Proposal.objects.published()
        desk.post(meeting_url("publish", meeting), {"shown": page.context["shown"]})
        assert list(Proposal.objects.published().order_by("number").values_list("title", flat=True)) == ["Ett", "Två"]

    @pytest.mark.parametrize("shown", ["", "x", None])
    def test_nothing_is_published_that_was_not_shown(self, desk, meeting, make_proposal, shown):
        make_proposal()
        posted = {} if shown is None else {"shown": shown}
        assert "Något har ändrats" in text(desk.post(meeting_url("publish", meeting), posted, follow=True))
        assert not Proposal.objects.published()

    def test_renumbering_previews_and_then_does_it(self, desk, meeting, make_proposal):
        one, two = make_proposal(number=1, title="Ett"), make_proposal(number=2, title="Två")
        page = desk.get(meeting_url("renumber", meeting))
        posted = {"order": [one.pk, two.pk], "move": f"up {two.pk}", "shown": page.context["shown"]}
        page = desk.post(meeting_url("renumber", meeting), posted)
        assert "1 Två avsändare ej angiven har nummer 2" in text(page)
        assert Proposal.objects.get(number=1) == one
        order = [proposal.pk for _, proposal in page.context["numbered"]]
        desk.post(meeting_url("renumber", meeting), {"order": order, "renumber": "1", "shown": page.context["shown"]})
        assert Proposal.objects.get(number=1) == two

    def test_a_copy_is_next_years_meeting_without_anybodys_data(self, desk, meeting, make_proposal):
        opens = timezone.make_aware(timezone.datetime(2030, 3, 4, 8))
        Meeting.objects.update(introduction="Välkomna!", submissions_open_at=opens)
        make_proposal()
        page = desk.get(reverse("admin:proposals_meeting_add"), {"kopia": meeting.pk})
        form = page.context["adminform"].form
        assert str(form["date"].value()) == "2031-05-13"  # a Tuesday, as 14 May 2030
        assert timezone.localtime(form["submissions_open_at"].value()).isoformat() == "2031-03-03T08:00:00+01:00"
        assert (form["introduction"].value(), Meeting.objects.count()) == ("Välkomna!", 1)

    @pytest.mark.parametrize("key", ["x", "-1", "9" * 30, ""])
    def test_a_copy_of_nothing_is_an_empty_form(self, desk, key):
        assert desk.get(reverse("admin:proposals_meeting_add"), {"kopia": key}).status_code == 200


class TestMeetingForm:
    def post(self, desk, **dates):
        data = {"title": "Möte", "date": "2030-05-14", "introduction": ""}
        for name, (day, time) in dates.items():
            data |= {f"submissions_{name}_at_0": day, f"submissions_{name}_at_1": time}
        return desk.post(reverse("admin:proposals_meeting_add"), data)

    @pytest.mark.parametrize(
        ("dates", "field"),
        [
            ({"open": ("2030-05-02", ""), "close": ("2030-05-01", "")}, "submissions_close_at"),
            ({"close": ("2030-05-15", "10:00")}, "submissions_close_at"),
            ({"open": ("2030-06-01", "10:00")}, "submissions_open_at"),
            ({"close": ("banan", "10:00")}, "submissions_close_at"),
            ({"close": ("2030-05-01", "25:99")}, "submissions_close_at"),
        ],
    )
    def test_dates_that_cannot_be_are_told_of_at_the_field(self, desk, dates, field):
        assert list(self.post(desk, **dates).context["adminform"].form.errors) == [field]

    def test_a_day_without_a_time_is_the_whole_day(self, desk):
        self.post(desk, open=("2030-04-01", ""), close=("2030-05-01", ""))
        meeting = Meeting.objects.get()
        assert timezone.localtime(meeting.submissions_open_at).isoformat() == "2030-04-01T00:00:00+02:00"
        assert timezone.localtime(meeting.submissions_close_at).isoformat() == "2030-05-01T23:59:00+02:00"


class TestReminders:
    def shown(self, desk, meeting):
        return desk.get(meeting_url("reminder", meeting)).context["shown"]

    def test_the_page_lists_who_can_get_one(self, desk, meeting, members, make_proposal):
        make_proposal(region=members[0])
        Region.objects.create(name="Region Skåne", slug="region-skane", county_code="12")
        page = desk.get(meeting_url("reminder", meeting))
        assert [address for address, _ in page.context["form"].fields["address"].choices] == [
            "g1@example.com",
            "g2@example.com",
        ]
        assert "Utan adress: Region Skåne" in text(page)
        assert not Mail.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_a_page_that_is_sent_twice_reminds_once(self, desk, meeting, members):
        addresses = ["d@example.com", "g1@example.com", "g2@example.com"]
        posted = {"address": addresses, "own_text": "Hör av er!", "shown": self.shown(desk, meeting)}
        for _ in range(2):
            desk.post(meeting_url("reminder", meeting), posted)
        assert sorted(message.to[0] for message in mail.outbox) == addresses
        body = next(message.body for message in mail.outbox if message.to == ["d@example.com"])
        assert body.startswith("Hej!\n\nHör av er!\n\nVi har inte fått något förslag från Region Dalarna")

    def test_whoever_has_had_one_is_not_chosen_but_may_get_another(self, desk, meeting, members):
        for _ in range(2):
            posted = {"address": ["d@example.com"], "shown": self.shown(desk, meeting)}
            desk.post(meeting_url("reminder", meeting), posted)
        reminders = Mail.objects.order_by("pk").values_list("to", "reminder_number")
        assert list(reminders) == [("d@example.com", 1), ("d@example.com", 2)]
        form = desk.get(meeting_url("reminder", meeting)).context["form"]
        assert form.initial["address"] == ["g1@example.com", "g2@example.com"]
        assert "påmind" in dict(form.fields["address"].choices)["d@example.com"]

    def test_submitters_of_drafts_and_completions_are_reminded_too(self, desk, meeting, members, make_proposal):
        draft = make_proposal(status=Status.DRAFT, submitter_email="anna@example.com", key="k" * 43)
        back = make_proposal(status=Status.RETURNED, submitter_email="bo@example.com", return_message="Vem?")
        make_proposal(status=Status.DRAFT)
        posted = {"proposal": [draft.pk, back.pk], "shown": self.shown(desk, meeting)}
        desk.post(meeting_url("reminder", meeting), posted)
        one, other = Mail.objects.filter(kind=Mail.Kind.UNFINISHED).order_by("pk")
        assert (one.to, other.to) == ("anna@example.com", "bo@example.com")
        assert "Du har sparat ett utkast" in body_of(one)
        assert "Det här behöver vi:\nVem?" in body_of(other)
        assert len(edit_paths(body_of(one))) == 1

    def test_after_the_last_day_no_member_is_reminded(self, desk, meeting, members):
        shown = self.shown(desk, meeting)
        Meeting.objects.update(submissions_close_at=timezone.now() - timedelta(days=1))
        page = desk.get(meeting_url("reminder", meeting))
        assert "så medlemmarna kan inte lämna fler förslag" in text(page)
        desk.post(meeting_url("reminder", meeting), {"address": ["d@example.com"], "shown": shown})
        assert not Mail.objects.exists()

    def test_nobody_gets_one_when_the_page_is_old(self, desk, meeting, members, make_proposal):
        shown = self.shown(desk, meeting)
        make_proposal(region=members[0])
        posted = {"address": ["g1@example.com"], "shown": shown}
        assert "Något har ändrats" in text(desk.post(meeting_url("reminder", meeting), posted, follow=True))
        assert not Mail.objects.exists()

    @pytest.mark.parametrize("address", ["banan", "eva@example.com", "\0"])
    def test_nobody_else_can_be_reminded(self, desk, meeting, members, address):
        posted = {"address": [address], "shown": self.shown(desk, meeting)}
        assert desk.post(meeting_url("reminder", meeting), posted).status_code == 200
        assert not Mail.objects.exists()

    def test_a_line_that_is_no_address_is_a_fault_at_the_field(self, desk, dalarna):
        data = {"name": "Region Dalarna", "slug": "region-dalarna", "kind": "region", "county_code": "20"}
        response = desk.post(change(dalarna), data | {"member_emails": "a@example.com\nbanan"})
        assert "”banan” är ingen mejladress." in text(response)


class TestLateLinks:
    def post(self, desk, meeting, day, **fields):
        posted = {"meeting": meeting.pk, "name": "Anna", "email": "anna@example.com", "reason": "sjuk", **fields}
        posted |= {"expires_at_0": day.isoformat(), "expires_at_1": "12:00"}
        return desk.post(reverse("admin:proposals_latelink_add"), posted)

    def test_is_mailed_and_says_who_gave_it_and_why(self, desk, client, meeting, secretary):
        self.post(desk, meeting, timezone.localdate() + timedelta(days=2))
        link = LateLink.objects.get()
        assert (link.created_by, link.reason) == (secretary, "sjuk")
        [mail_to_anna] = Mail.objects.filter(kind=Mail.Kind.LATE_LINK)
        body = body_of(mail_to_anna)
        assert mail_to_anna.to == "anna@example.com"
        assert [client.get(path).status_code for path in LATE_LINK.findall(body)] == [200]
        assert "sjuk" not in body
        assert "gäller" in text(desk.get(reverse("admin:proposals_latelink_changelist")))

    @pytest.mark.parametrize("days", [-1, 10_000])
    def test_a_time_that_cannot_be_is_a_fault_at_the_field(self, desk, meeting, days):
        response = self.post(desk, meeting, timezone.localdate() + timedelta(days=days))
        assert list(response.context["adminform"].form.errors) == ["expires_at"]


class TestMails:
    def test_what_failed_is_on_the_desk_and_can_be_sent_again(self, desk, refusing_server, make_proposal, request):
        failed = emails.receipt(make_proposal(submitter_email="anna@example.com"))
        failed.save()
        emails.deliver([failed])
        assert "1 mejl gick inte iväg" in text(desk.get(DESK))
        response = desk.post(reverse("admin:proposals_mail_send_waiting"), follow=True)
        assert "1 mejl gick inte att skicka. Felet är: ConnectionRefusedError" in text(response)
        sink = request.getfixturevalue("sink")
        assert "1 mejl är skickade." in text(desk.post(reverse("admin:proposals_mail_send_waiting"), follow=True))
        assert "gick inte iväg" not in text(desk.get(DESK))
        assert len(sink.messages) == 1

    def test_one_that_may_have_gone_goes_only_when_somebody_says_so(self, desk, sink, make_proposal):
        unsure = emails.receipt(make_proposal(submitter_email="anna@example.com"))
        unsure.begun_at = timezone.now() - timedelta(hours=1)
        unsure.save()
        desk.post(reverse("admin:proposals_mail_send_waiting"))
        assert not sink.messages
        assert "Fråga gärna mottagaren" in text(desk.get(change(unsure)))
        desk.post(reverse("admin:proposals_mail_send", args=[unsure.pk]))
        desk.post(reverse("admin:proposals_mail_send", args=[unsure.pk]))
        assert len(sink.messages) == 1

    def test_the_examples_show_every_kind_and_leave_nothing_behind(self, desk, meeting):
        page = desk.get(reverse("admin:proposals_mail_examples"))
        assert {mail.kind for mail in page.context["mails"]} == set(Mail.Kind)
        assert [model.objects.count() for model in (Mail, Proposal, Meeting)] == [0, 0, 1]


PAGES = ["index", "changelist", "change", "history", "preview", "order", "publish", "renumber", "reminder", "mails"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("count", [30, 300])
def test_no_page_of_the_desk_takes_more_than_twelve_queries(
    desk, meeting, make_proposal, members, name, count, django_assert_max_num_queries
):
    people = [f"Person {n}" for n in range(4)]
    for n in range(count // 2):
        make_proposal(title=f"Väntar {n}", region=members[0], submitter_email="anna@example.com")
        make_proposal(number=n + 1, title=f"Publicerat {n}", people=people if n == 0 else ())
    proposal = Proposal.objects.get(number=1)
    for n in range(25):
        proposal.title = f"Rubrik {n}"
        with recorded_change(proposal):
            proposal.save()
    addresses = {
        "index": DESK,
        "changelist": reverse("admin:proposals_proposal_changelist"),
        "change": change(proposal),
        "mails": reverse("admin:proposals_mail_changelist"),
        **{each: reverse(f"admin:proposals_proposal_{each}", args=[proposal.pk]) for each in ("history", "preview")},
        **{each: meeting_url(each, meeting) for each in ("order", "publish", "renumber", "reminder")},
    }
    desk.get(addresses[name])  # the first time it also remembers what is listed and seen
    with django_assert_max_num_queries(12):
        assert desk.get(addresses[name]).status_code == 200
