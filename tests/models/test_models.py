from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from proposals.models import Contact, Meeting, MissingField, Proposal, ProposalContact, Region, Status, TargetGroup

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 4, 1, 12, tzinfo=UTC)


def refused(constraint, make):
    """Whether the database itself refuses what `make` saves, and by that constraint."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    message = str(error.value)
    # SQLite names a unique constraint by its columns only
    return constraint in message or (constraint.endswith(("_unique", "_in_meeting", "_once")) and "UNIQUE" in message)


class TestProposal:
    def test_number_is_unique_within_its_meeting(self, make_proposal):
        make_proposal(number=7)
        assert refused("proposal_number_unique_in_meeting", lambda: make_proposal(number=7))

    def test_another_meeting_has_the_same_numbers(self, make_proposal):
        make_proposal(number=7)
        other = Meeting.objects.create(date=date(2030, 9, 1))
        assert make_proposal(number=7, meeting=other).number == 7

    @pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED])
    def test_only_what_has_been_published_has_a_number(self, make_proposal, status):
        assert refused("proposal_number_only_when_published", lambda: make_proposal(number=1, status=status))

    def test_number_begins_at_one(self, make_proposal):
        published = {"status": Status.PUBLISHED, "published_at": NOW, "number": 0}
        assert refused(
            "proposal_number_only_when_published",
            lambda: Proposal.objects.create(meeting=Meeting.objects.get(), title="Noll", **published),
        )

    @pytest.mark.parametrize("lacking", ["number", "published_at"])
    def test_published_has_number_and_time(self, make_proposal, lacking):
        fields = {"status": Status.PUBLISHED, "number": 1, "published_at": NOW, lacking: None}
        assert refused("proposal_published_has_number_and_time", lambda: make_proposal(**fields))

    def test_withdrawn_keeps_its_number(self, make_proposal):
        assert make_proposal(number=3, status=Status.WITHDRAWN).number == 3

    def test_status_is_one_of_the_five(self, make_proposal):
        assert refused("proposal_status_known", lambda: make_proposal(status="godkänt"))

    def test_has_a_title(self, make_proposal):
        assert refused("proposal_has_title", lambda: make_proposal(title=""))

    def test_the_refusal_is_a_sentence_for_people(self, make_proposal):
        make_proposal(number=7)
        proposal = Proposal(
            meeting=Meeting.objects.get(), title="Två", number=7, status=Status.PUBLISHED, published_at=NOW
        )
        with pytest.raises(ValidationError, match="Ett annat förslag till mötet har redan det numret"):
            proposal.validate_constraints()

    def test_a_contact_is_named_once(self, make_proposal):
        proposal = make_proposal(people=["Anna Exempel"])
        contact = Contact.objects.get()
        assert refused(
            "proposal_contact_once", lambda: ProposalContact.objects.create(proposal=proposal, contact=contact)
        )

    def test_missing_fields_are_what_the_secretariat_has_to_ask_for(self, make_proposal, dalarna, chefer):
        bare = make_proposal(people=["Anna Exempel"])
        full = make_proposal(region=dalarna, purpose="Mer el.", target_group_text="Chefer")
        ProposalContact.objects.create(
            proposal=full, contact=Contact.objects.create(name="Bo Exempel", email="bo@example.com")
        )
        grouped = make_proposal(groups=[chefer])
        missing_fields = {proposal.pk: proposal.missing_fields for proposal in Proposal.objects.with_missing_fields()}
        assert missing_fields[bare.pk] == list(MissingField)
        assert missing_fields[full.pk] == []
        assert missing_fields[grouped.pk] == [MissingField.SENDER, MissingField.PURPOSE, MissingField.EMAIL]
        assert set(Proposal.objects.lacking(MissingField.TARGET_GROUP)) == {bare}


class TestSearch:
    @pytest.mark.parametrize("text", ["örebro", "ÖREBRO", "Örebro län", "län örebro"])
    def test_case_and_order_of_words_do_not_matter(self, make_proposal, text):
        orebro = Region.objects.create(name="Region Örebro län", slug="region-orebro-lan", county_code="18")
        proposal = make_proposal(region=orebro)
        make_proposal(title="Annat")
        assert list(Proposal.objects.search(text)) == [proposal]

    @pytest.mark.parametrize("field", ["title", "background", "purpose", "expected_result", "target_group_text"])
    def test_every_text_is_searched(self, make_proposal, field):
        proposal = make_proposal(**{field: "Om Kärnkraft."})
        assert list(Proposal.objects.search("kärnkraft")) == [proposal]

    def test_contacts_are_searched(self, make_proposal):
        proposal = make_proposal(people=["Åsa Exempel", "Östen Exempel"])
        assert list(Proposal.objects.search("åsa")) == [proposal]
        assert list(Proposal.objects.search("exempel")) == [proposal]

    def test_every_word_must_be_there(self, make_proposal):
        make_proposal(title="Grön el")
        assert not Proposal.objects.search("grön kärnkraft")

    def test_the_submitter_is_not_searched(self, make_proposal):
        make_proposal(submitter_name="Hemlig Person", submitter_email="hemlig@example.com")
        assert not Proposal.objects.search("hemlig")

    @pytest.mark.parametrize("text", ["%", "_", "\\", ".*", "(", "[", "a{9999", "*", "?", "^$"])
    def test_signs_are_not_wildcards(self, make_proposal, text):
        make_proposal(title="Grön el", background="Bara ord")
        assert not Proposal.objects.search(text)
        odd = make_proposal(title=f"Om {text} som tecken")
        assert list(Proposal.objects.search(f"{text} tecken {text}")) == [odd]


class TestMeeting:
    def test_date_is_unique(self, meeting):
        assert refused("meeting_date_unique", lambda: Meeting.objects.create(date=meeting.date))

    def test_window_opens_before_it_closes(self):
        window = {"submissions_open_at": NOW, "submissions_close_at": NOW}
        assert refused("meeting_opens_before_it_closes", lambda: Meeting.objects.create(date=NOW.date(), **window))

    def test_window_may_have_one_end(self):
        assert Meeting.objects.create(date=NOW.date(), submissions_close_at=NOW).pk

    def test_proposals_go_to_the_next_meeting(self):
        soon = Meeting.objects.create(date=date(2030, 5, 1))
        Meeting.objects.create(date=date(2030, 9, 1))
        Meeting.objects.create(date=date(2030, 1, 1))
        assert Meeting.objects.receiving(NOW) == soon

    def test_a_meeting_takes_proposals_on_its_own_day(self):
        today = Meeting.objects.create(date=NOW.date())
        Meeting.objects.create(date=date(2030, 9, 1))
        assert Meeting.objects.receiving(NOW) == today

    def test_proposals_after_the_last_day_go_to_the_meeting_after(self):
        Meeting.objects.create(date=date(2030, 5, 1), submissions_close_at=NOW)
        later = Meeting.objects.create(date=date(2030, 9, 1))
        assert Meeting.objects.receiving(NOW) == later

    def test_outside_every_window_they_go_nowhere(self):
        Meeting.objects.create(date=date(2029, 9, 1))
        Meeting.objects.create(date=date(2030, 9, 1), submissions_open_at=NOW + timedelta(minutes=1))
        Meeting.objects.create(date=date(2030, 10, 1), submissions_close_at=NOW)
        assert Meeting.objects.receiving(NOW) is None

    def test_a_window_is_open_from_its_first_moment(self):
        meeting = Meeting.objects.create(date=date(2030, 9, 1), submissions_open_at=NOW)
        assert Meeting.objects.receiving(NOW) == meeting

    def test_without_a_last_day_the_window_is_open_until_the_meeting_is_over(self):
        meeting = Meeting.objects.create(date=date(2030, 5, 14))
        assert timezone.localtime(meeting.closes_at).isoformat() == "2030-05-14T23:59:59+02:00"

    @pytest.mark.parametrize("days", [(-2, -1), (-1, 1), (1, 2), (None, -1), (None, 1), (-1, None), (1, None)])
    def test_one_meeting_and_the_queryset_agree_on_what_is_open(self, days):
        opens, closes = (None if day is None else timezone.now() + timedelta(days=day) for day in days)
        meeting = Meeting.objects.create(
            date=timezone.localdate() + timedelta(days=5), submissions_open_at=opens, submissions_close_at=closes
        )
        assert meeting.is_open == (Meeting.objects.receiving() == meeting)

    def test_without_meetings_there_is_nowhere_to_go(self):
        assert Meeting.objects.receiving(NOW) is None


class TestRegisters:
    @pytest.mark.parametrize("field", ["name", "slug", "county_code"])
    def test_regions_differ_in_name_slug_and_code(self, dalarna, field):
        fields = {"name": "Region Gotland", "slug": "region-gotland", "county_code": "09"}
        fields[field] = getattr(dalarna, field)
        assert refused(f"region_{field}_unique", lambda: Region.objects.create(**fields))

    def test_agencies_have_no_county_code(self):
        assert Region.objects.create(name="Myndigheten A", slug="a", kind="agency")
        assert Region.objects.create(name="Myndigheten B", slug="b", kind="agency")
        assert refused(
            "region_county_code_fits_kind",
            lambda: Region.objects.create(name="C", slug="c", kind="agency", county_code="99"),
        )

    @pytest.mark.parametrize("code", ["", "1", "1a", "123"])
    def test_a_region_has_a_code_of_two_digits(self, code):
        with pytest.raises(Exception, match=r"region_county_code_fits_kind|value too long"), transaction.atomic():
            Region.objects.create(name="C", slug="c", county_code=code)

    @pytest.mark.parametrize("field", ["name", "slug"])
    def test_target_groups_differ_in_name_and_slug(self, chefer, field):
        fields = {"name": "Strateger", "slug": "strateger"}
        fields[field] = getattr(chefer, field)
        assert refused(f"target_group_{field}_unique", lambda: TargetGroup.objects.create(**fields))

    def test_a_contact_has_at_least_a_name(self):
        assert refused("contact_has_name", lambda: Contact.objects.create(name="", email="a@example.com"))

    def test_one_row_for_one_person(self):
        Contact.objects.create(name="Anna Exempel")
        assert refused("contact_unique", lambda: Contact.objects.create(name="Anna Exempel"))

    def test_people_are_found_by_name_title_and_address(self):
        anna = Contact.objects.create(name="Anna Exempel", title="Översiktsplanerare", email="anna@example.com")
        Contact.objects.create(name="Bo Exempel")
        for text in ("anna", "ÖVERSIKT", "anna@", "exempel planerare"):
            assert list(Contact.objects.search(text)) == [anna]

    def test_the_slug_that_stands_for_no_sender_is_taken(self):
        assert refused(
            "region_slug_not_reserved",
            lambda: Region.objects.create(name="Ej", slug="ej-angiven", kind="agency"),
        )

    def test_names_stand_in_swedish_order(self):
        names = ["Region Ärla", "Region Åre", "Region Zorn", "Östra regionen", "Region abborre", "Region Béla"]
        names.append("Region öppen")
        for code, name in enumerate(names, start=10):
            Region.objects.create(name=name, slug=f"r{code}", county_code=str(code))
        assert [region.name for region in Region.objects.all()] == [
            "Region abborre",
            "Region Béla",
            "Region Zorn",
            "Region Åre",
            "Region Ärla",
            "Region öppen",
            "Östra regionen",
        ]

    def test_a_phone_number_is_a_link_that_dials_it_from_anywhere(self):
        assert Contact(phone="072-888 1 888").phone_pieces == [("072-888 1 888", "tel:+46-72-888-18-88")]
        assert Contact(phone="Tel. +46 (0)8-12 34 56").phone_pieces == [
            ("Tel. ", ""),
            ("+46 (0)8-12 34 56", "tel:+46-8-12-34-56"),
        ]


class TestDeletion:
    def test_what_a_proposal_uses_is_not_deleted(self, make_proposal, dalarna, chefer, meeting):
        make_proposal(region=dalarna, groups=[chefer], people=["Anna Exempel"])
        for thing in (dalarna, chefer, meeting, Contact.objects.get()):
            with pytest.raises(ProtectedError):
                thing.delete()
            with pytest.raises(ProtectedError):
                type(thing).objects.all().delete()

    def test_what_no_proposal_uses_is_deleted(self, dalarna, chefer):
        dalarna.delete()
        chefer.delete()
        TargetGroup.objects.create(name="Strateger", slug="strateger")
        TargetGroup.objects.all().delete()
        assert not Region.objects.exists()
        assert not TargetGroup.objects.exists()
