from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from proposals import workflow
from proposals.models import Contact, FormerAddress, Mail, Meeting, Proposal, Region, Similarity, Status, TargetGroup
from proposals.workflow.recording import recorded_change
from proposals.workflow.submission import set_contacts
from tests.threads import in_threads

ANNA = {"name": "Anna Exempel", "title": "strateg", "email": "anna@example.com", "phone": ""}
BO = {"name": "Bo Exempel", "title": "", "email": "", "phone": "08-123 45"}


def ask(proposal):
    return workflow.return_to_submitter(proposal, "Vem ska delta?")


def send_in(proposal):
    return workflow.submit(proposal, [], [ANNA])


STEPS = [workflow.publish, workflow.withdraw, ask, workflow.cancel_return, workflow.restore, send_in]
ALLOWED = {
    (workflow.publish, Status.SUBMITTED): Status.PUBLISHED,
    (workflow.withdraw, Status.DRAFT): Status.WITHDRAWN,
    (workflow.withdraw, Status.SUBMITTED): Status.WITHDRAWN,
    (workflow.withdraw, Status.RETURNED): Status.WITHDRAWN,
    (workflow.withdraw, Status.PUBLISHED): Status.WITHDRAWN,
    (ask, Status.SUBMITTED): Status.RETURNED,
    (workflow.cancel_return, Status.RETURNED): Status.SUBMITTED,
    (workflow.restore, Status.WITHDRAWN): Status.SUBMITTED,
    (send_in, Status.DRAFT): Status.SUBMITTED,
    (send_in, Status.RETURNED): Status.SUBMITTED,
}


def new_proposal(meeting, **fields):
    return Proposal(meeting=meeting, **{"title": "Grön el", "submitter_email": "anna@example.com", **fields})


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_taken_from_the_statuses_that_have_it_and_no_other(make_proposal, step, status):
    given = {"number": 1} if status == Status.PUBLISHED else {"status": status}
    proposal = make_proposal(**given, submitter_email="anna@example.com")
    expected = ALLOWED.get((step, status))
    if expected is None:
        with pytest.raises(workflow.StepNotAllowed):
            step(proposal)
        expected = status
    else:
        step(proposal)
    assert Proposal.objects.get().status == expected


@pytest.mark.parametrize("old", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.PUBLISHED])
@pytest.mark.parametrize("new", Status)
def test_the_table_of_steps_is_the_agreed_one(old, new):
    agreed = {
        "draft": {"submitted", "withdrawn"},
        "submitted": {"returned", "published", "withdrawn"},
        "returned": {"submitted", "withdrawn"},
        "published": {"withdrawn"},
    }
    assert Proposal(status=old).may_become(new) == (new in agreed[old])


@pytest.mark.parametrize("before", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.PUBLISHED])
@pytest.mark.parametrize("new", Status)
def test_what_is_withdrawn_becomes_what_it_was_and_nothing_else(before, new):
    assert Proposal(status=Status.WITHDRAWN, withdrawn_from=before).may_become(new) == (new == before)


class TestSubmit:
    @pytest.fixture(autouse=True)
    def _commit(self, django_capture_on_commit_callbacks):
        self.committing = lambda: django_capture_on_commit_callbacks(execute=True)

    def test_saves_all_that_was_typed_and_marks_it_submitted(self, meeting, dalarna, chefer):
        with self.committing():
            workflow.submit(new_proposal(meeting, region=dalarna, background="Text"), [chefer], [BO, ANNA])
        proposal = Proposal.objects.get()
        assert proposal.status == Status.SUBMITTED
        assert proposal.submitted_at is not None
        assert proposal.number is None
        assert list(proposal.target_groups.all()) == [chefer]
        assert [row.contact.name for row in proposal.contact_rows.all()] == ["Bo Exempel", "Anna Exempel"]

    def test_mails_the_submitter_and_the_secretariat_once_each(self, meeting):
        with self.committing():
            workflow.submit(new_proposal(meeting), [], [ANNA])
        assert sorted(message.to[0] for message in mail.outbox) == ["anna@example.com", "kansliet@example.com"]

    def test_the_same_once_more_saves_and_mails_nothing(self, meeting, chefer):
        with self.committing():
            first = workflow.submit(new_proposal(meeting), [chefer], [ANNA])
            again = workflow.submit(new_proposal(meeting), [chefer], [ANNA])
        assert again == first
        assert Proposal.objects.count() == 1
        assert len(mail.outbox) == 2

    @pytest.mark.parametrize("field", ["title", "purpose", "submitter_email", "target_group_text"])
    def test_a_changed_text_is_another_proposal(self, meeting, field):
        with self.committing():
            workflow.submit(new_proposal(meeting), [], [ANNA])
            workflow.submit(new_proposal(meeting, **{field: "bo@example.com"}), [], [ANNA])
        assert Proposal.objects.count() == 2

    def test_changed_contacts_or_groups_make_another_proposal(self, meeting, chefer):
        for groups, people in (([], [ANNA]), ([chefer], [ANNA]), ([], [ANNA, BO]), ([], [BO, ANNA])):
            workflow.submit(new_proposal(meeting), groups, people)
        assert Proposal.objects.count() == 4

    def test_what_was_withdrawn_may_be_sent_in_again(self, meeting):
        workflow.withdraw(workflow.submit(new_proposal(meeting), [], [ANNA]))
        workflow.submit(new_proposal(meeting), [], [ANNA])
        assert sorted(Proposal.objects.values_list("status", flat=True)) == ["submitted", "withdrawn"]

    def test_what_was_withdrawn_and_sent_in_again_can_be_published_both(self, meeting):
        first = workflow.withdraw(workflow.submit(new_proposal(meeting), [], [ANNA]))
        second = workflow.submit(new_proposal(meeting), [], [ANNA])
        assert [workflow.publish(proposal).number for proposal in (workflow.restore(first), second)] == [1, 2]

    def test_nothing_is_mailed_of_what_is_not_saved_in_the_end(self, meeting):
        with self.committing(), suppress(ValueError), transaction.atomic():
            workflow.submit(new_proposal(meeting), [], [ANNA])
            raise ValueError
        assert not Proposal.objects.exists()
        assert not mail.outbox

    def test_a_known_person_is_used_again(self, meeting):
        workflow.submit(new_proposal(meeting), [], [ANNA])
        workflow.submit(new_proposal(meeting, title="Annat"), [], [ANNA])
        assert Contact.objects.count() == 1

    def test_a_stranger_cannot_change_a_person_that_others_show(self, meeting):
        workflow.submit(new_proposal(meeting), [], [ANNA])
        workflow.submit(new_proposal(meeting, title="Annat"), [], [{**ANNA, "title": "bedragare"}])
        assert Proposal.objects.get(title="Grön el").contacts.get().title == "strateg"

    def test_the_same_person_twice_is_named_once(self, meeting):
        proposal = workflow.submit(new_proposal(meeting), [], [ANNA, BO, ANNA])
        assert [row.contact.name for row in proposal.contact_rows.all()] == ["Anna Exempel", "Bo Exempel"]

    def test_history_has_one_row_with_groups_and_contacts(self, meeting, chefer):
        proposal = workflow.submit(new_proposal(meeting), [chefer], [ANNA, BO])
        row = proposal.history.get()
        assert row.history_type == "+"
        assert [group.targetgroup for group in row.target_groups.all()] == [chefer]
        assert row.contacts.count() == 2

    def test_a_mail_server_that_fails_does_not_lose_the_proposal(self, meeting, settings, caplog):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
        with self.committing():
            workflow.submit(new_proposal(meeting), [], [ANNA])
        assert Proposal.objects.count() == 1
        assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 2


class TestPublish:
    def test_gives_the_next_number_and_the_time(self, make_proposal):
        make_proposal(number=28)
        published = workflow.publish(make_proposal())
        assert (published.number, published.status) == (29, Status.PUBLISHED)
        assert published.published_at is not None
        assert published in Proposal.objects.published()

    def test_a_withdrawn_number_is_not_given_to_another(self, make_proposal):
        first = workflow.publish(make_proposal())
        workflow.withdraw(first)
        assert workflow.publish(make_proposal(title="Två")).number == 2

    def test_published_again_it_keeps_its_number_and_time(self, make_proposal):
        first = workflow.publish(make_proposal())
        workflow.publish(make_proposal(title="Två"))
        again = workflow.restore(workflow.withdraw(first))
        assert (again.number, again.published_at) == (1, first.published_at)

    def test_starts_from_what_is_saved_and_not_from_an_old_copy(self, make_proposal):
        proposal = make_proposal()
        old_copy = Proposal.objects.get()
        proposal.title = "Ny rubrik"
        proposal.save()
        workflow.publish(old_copy)
        assert Proposal.objects.get().title == "Ny rubrik"

    def test_the_refusal_is_a_sentence_for_people(self, make_proposal):
        with pytest.raises(workflow.StepNotAllowed, match=r"”1\. Grön el” är redan publicerat\."):
            workflow.publish(make_proposal(number=1))


class TestMoving:
    def test_the_old_address_leads_to_the_new(self, make_proposal):
        later = Meeting.objects.create(date=date(2031, 1, 1))
        moved = workflow.move(make_proposal(number=3), later)
        assert (moved.meeting, moved.number) == (later, 1)
        assert list(Proposal.objects.formerly_at(date(2030, 5, 14), 3)) == [moved]

    def test_without_a_number_there_is_no_address_to_leave(self, make_proposal):
        later = Meeting.objects.create(date=date(2031, 1, 1))
        moved = workflow.move(make_proposal(), later)
        assert (moved.meeting, moved.number) == (later, None)
        assert not FormerAddress.objects.exists()

    def test_a_number_that_was_left_is_not_given_to_another(self, make_proposal):
        workflow.move(make_proposal(number=3), Meeting.objects.create(date=date(2031, 1, 1)))
        assert workflow.publish(make_proposal(title="Ny")).number == 4

    def test_moved_twice_both_addresses_lead_on(self, make_proposal):
        proposal = make_proposal(number=3)
        for year in (2031, 2032):
            proposal = workflow.move(proposal, Meeting.objects.create(date=date(year, 1, 1)))
        for day, number in ((date(2030, 5, 14), 3), (date(2031, 1, 1), 1)):
            assert Proposal.objects.formerly_at(day, number).get().meeting.date == date(2032, 1, 1)

    def test_a_number_is_not_given_twice_whatever_moves_in_between(self, make_proposal, meeting):
        workflow.move(make_proposal(number=5), Meeting.objects.create(date=date(2031, 1, 1)))
        for day in (date(2030, 5, 21), date(2030, 5, 14)):
            meeting = workflow.reschedule(meeting, day)
            assert workflow.publish(make_proposal(meeting=meeting)).number > 5

    def test_gone_and_back_every_address_it_had_still_leads_to_it(self, make_proposal, meeting):
        later = Meeting.objects.create(date=date(2031, 1, 1))
        proposal = workflow.move(workflow.move(make_proposal(number=3), later), meeting)
        assert proposal.number == 4
        for day in (date(2030, 5, 21), date(2030, 5, 14)):
            meeting = workflow.reschedule(meeting, day)
        for day, number in ((date(2030, 5, 14), 3), (date(2031, 1, 1), 1), (date(2030, 5, 21), 4)):
            assert list(Proposal.objects.formerly_at(day, number)) == [proposal]

    def test_two_meetings_may_exchange_dates(self, make_proposal, meeting):
        later = Meeting.objects.create(date=date(2031, 1, 1))
        one, two = make_proposal(number=1), make_proposal(number=1, meeting=later, title="Två")
        meeting = workflow.reschedule(meeting, date(2032, 1, 1))
        later = workflow.reschedule(later, date(2030, 5, 14))
        workflow.reschedule(meeting, date(2031, 1, 1))
        at = {proposal.get_absolute_url(): proposal for proposal in Proposal.objects.all()}
        assert at == {"/forslag/2031-01-01/1/": one, "/forslag/2030-05-14/1/": two}

    def test_a_meeting_may_get_a_new_date_and_the_old_one_back(self, make_proposal, meeting):
        make_proposal(number=3)
        for day in (date(2030, 5, 21), date(2030, 5, 14)):
            meeting = workflow.reschedule(meeting, day)
        addresses = FormerAddress.objects.values_list("date", "number")
        assert (meeting.date, list(addresses)) == (date(2030, 5, 14), [(date(2030, 5, 21), 3)])


class TestWithdraw:
    def test_a_draft_that_its_submitter_withdraws_is_no_news_for_kansliet(self, make_proposal):
        draft = make_proposal(status=Status.DRAFT, submitter_email="anna@example.com")
        workflow.withdraw(draft, by_submitter=True)
        assert list(Mail.objects.values_list("to", flat=True)) == ["anna@example.com"]

    def test_kansliet_is_told_when_a_submitter_withdraws_what_was_sent_in(self, make_proposal):
        workflow.withdraw(make_proposal(submitter_email="anna@example.com"), by_submitter=True)
        assert sorted(Mail.objects.values_list("to", flat=True)) == ["anna@example.com", "kansliet@example.com"]


class TestReturn:
    def test_a_second_return_keeps_the_longer_time_of_the_first(self, make_proposal):
        until = timezone.now() + timedelta(days=400)
        proposal = make_proposal(submitter_email="anna@example.com")
        proposal = workflow.return_to_submitter(proposal, "Vem ska delta?", open_until=until)
        proposal = workflow.submit(proposal, [], [ANNA])
        assert workflow.return_to_submitter(proposal, "Och när?").open_until == until

    def test_what_comes_back_completed_is_marked_as_changed_for_kansliet(self, make_proposal):
        proposal = workflow.return_to_submitter(make_proposal(submitter_email="anna@example.com"), "Vem ska delta?")
        Proposal.objects.filter(pk=proposal.pk).mark_seen()
        proposal.refresh_from_db()
        before = timezone.now()
        assert workflow.submit(proposal, [], [ANNA]).revised_at >= before
        assert list(Proposal.objects.revised()) == [proposal]


def test_a_moved_proposal_stands_last_in_the_order_of_its_new_meeting(make_proposal, meeting):
    other = Meeting.objects.create(date=date(2030, 9, 1))
    moving = make_proposal(title="Flyttas")
    there = [make_proposal(title=title, meeting=other) for title in ("Först där", "Sedan där")]
    workflow.put_in_order(meeting, [moving.pk])
    workflow.put_in_order(other, [proposal.pk for proposal in there])
    workflow.move(moving, other)
    assert [proposal.title for proposal in other.proposals.to_publish()] == ["Först där", "Sedan där", "Flyttas"]


def test_reverting_brings_back_the_order_of_the_contacts(make_proposal):
    proposal = make_proposal()
    for people in ([BO, ANNA], [ANNA, BO]):
        with recorded_change(proposal):
            proposal.save()
            set_contacts(proposal, people)
    first = proposal.history.order_by("pk")[1]
    reverted = workflow.revert(proposal, first)
    assert [row.contact.name for row in reverted.contact_rows.all()] == ["Bo Exempel", "Anna Exempel"]


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_who_publish_never_give_the_same_number(self, make_proposal):
        proposals = [make_proposal(title=f"Förslag {i}") for i in range(12)]
        published = in_threads(workflow.publish, proposals)
        assert sorted(proposal.number for proposal in published) == list(range(1, 13))

    def test_publishing_one_proposal_twice_gives_one_number(self, make_proposal):
        proposal = make_proposal()

        def publish(proposal):
            try:
                return workflow.publish(proposal).number
            except workflow.StepNotAllowed:
                return None

        assert sorted(in_threads(publish, [proposal] * 4), key=str) == [1, None, None, None]

    def test_those_who_save_at_once_never_wait_in_a_circle(self, make_proposal):
        """Each saves a proposal of their own, with new words that are the others' too, and all are compared."""
        proposals = [make_proposal(title=f"Vatten och el nummer{i}") for i in range(8)]

        def edit(proposal):
            for turn in range(3):
                proposal.background = f"Ålands {turn} äppelodling bryggeri cykel dans" * (proposal.pk % 3 + 1)
                with transaction.atomic(), recorded_change(proposal):
                    proposal.save()

        in_threads(edit, proposals)
        assert not Proposal.objects.filter(is_compared=False)
        assert not Proposal.objects.unindexed()
        assert Similarity.objects.count() == 8 * 7

    def test_a_double_click_gives_one_proposal_and_two_mails(self, meeting):
        submitted = in_threads(lambda _: workflow.submit(new_proposal(meeting), [], [ANNA]), range(6))
        assert len({proposal.pk for proposal in submitted}) == 1
        assert Proposal.objects.count() == 1
        assert Contact.objects.count() == 1
        assert len(mail.outbox) == 2


def test_registers_are_untouched_by_the_workflow(make_proposal, meeting, dalarna, chefer):
    workflow.withdraw(workflow.publish(make_proposal(region=dalarna, groups=[chefer])))
    assert (Meeting.objects.get(), Region.objects.get(), TargetGroup.objects.get()) == (meeting, dalarna, chefer)
