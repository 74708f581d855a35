"""Order, publication of a whole meeting, and numbering anew; also by several at once."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from proposals import workflow
from proposals.models import Mail, Meeting, Proposal, Status
from tests.threads import in_threads


@pytest.fixture
def waiting(make_proposal):
    """Three that wait, in the order in which they came."""
    return [make_proposal(title=title, submitter_email=f"{title}@example.com") for title in ("ett", "två", "tre")]


def titles(meeting):
    """(number, title) of what is published, by number."""
    return list(meeting.proposals.published().order_by("number").values_list("number", "title"))


def publish_with_token(meeting):
    return workflow.publish_all(meeting, workflow.state_token(meeting.proposals.to_publish()))


class TestPublishingAll:
    def test_numbers_what_waits_in_its_order_and_mails_each_submitter(self, meeting, waiting):
        one, two, three = waiting
        workflow.put_in_order(meeting, [three.pk, one.pk, two.pk])
        publish_with_token(meeting)
        assert titles(meeting) == [(1, "tre"), (2, "ett"), (3, "två")]
        assert Mail.objects.filter(kind=Mail.Kind.PUBLISHED).count() == 3

    def test_what_isnt_sent_in_stays_where_it_is(self, meeting, waiting, make_proposal):
        for status in (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN):
            make_proposal(status=status, title=status)
        publish_with_token(meeting)
        statuses = Proposal.objects.filter(number=None).values_list("status", flat=True)
        assert sorted(statuses) == ["draft", "returned", "withdrawn"]

    def test_numbers_go_on_after_those_that_are_given(self, meeting, waiting, make_proposal):
        make_proposal(number=7)
        publish_with_token(meeting)
        assert [number for number, _ in titles(meeting)] == [7, 8, 9, 10]

    @pytest.mark.parametrize("event", ["added", "edited", "withdrawn", "moved up"])
    def test_when_something_has_changed_since_it_was_shown_nothing_happens(
        self, meeting, waiting, make_proposal, event
    ):
        shown = workflow.state_token(meeting.proposals.to_publish())
        if event == "added":
            make_proposal()
        elif event == "edited":
            waiting[0].save()
        elif event == "withdrawn":
            workflow.withdraw(waiting[0])
        else:
            workflow.put_in_order(meeting, [waiting[2].pk])
        with pytest.raises(workflow.StepNotAllowed, match="Något har ändrats"):
            workflow.publish_all(meeting, shown)
        assert not meeting.proposals.published()
        assert not Mail.objects.filter(kind=Mail.Kind.PUBLISHED)


class TestOrder:
    def test_those_not_named_come_last_as_they_stood(self, meeting, waiting):
        workflow.put_in_order(meeting, [waiting[2].pk, 10**9, waiting[2].pk])
        assert [proposal.title for proposal in meeting.proposals.to_publish()] == ["tre", "ett", "två"]

    def test_one_that_comes_later_goes_last(self, meeting, waiting, make_proposal):
        workflow.put_in_order(meeting, [waiting[1].pk])
        make_proposal(title="fyra")
        assert [one.title for one in meeting.proposals.to_publish()] == ["två", "ett", "tre", "fyra"]

    def test_the_order_leaves_no_trace_in_the_history(self, meeting, waiting):
        rows = Proposal.history.count()
        workflow.put_in_order(meeting, [waiting[1].pk])
        assert Proposal.history.count() == rows


class TestRenumbering:
    @pytest.fixture
    def published(self, meeting, waiting):
        return publish_with_token(meeting)

    def renumber(self, meeting, proposals):
        shown = workflow.state_token(meeting.proposals.published().order_by("number"))
        return workflow.renumber(meeting, [proposal.pk for proposal in proposals], shown)

    def test_gives_the_new_numbers_and_tells_where_each_has_gone(self, client, meeting, published):
        one, two, three = published
        self.renumber(meeting, [three, one, two])
        assert titles(meeting) == [(1, "tre"), (2, "ett"), (3, "två")]
        page = client.get("/forslag/2030-05-14/3/").content.decode()
        assert 'Letar du efter <a href="/forslag/2030-05-14/1/">tre</a>?' in page

    def test_a_number_that_nobody_has_any_more_leads_on(self, client, meeting, published):
        one, two, three = published
        workflow.withdraw(one)
        self.renumber(meeting, [two, three])
        assert titles(meeting) == [(1, "två"), (2, "tre")]
        assert client.get("/forslag/2030-05-14/3/").url == "/forslag/2030-05-14/2/"
        assert workflow.restore(one).number == 4

    def test_a_late_one_gets_a_number_that_nobody_has_had(self, meeting, published, make_proposal):
        workflow.withdraw(published[2])
        self.renumber(meeting, [published[1], published[0]])
        assert workflow.publish(make_proposal()).number == 4

    def test_nobody_gets_a_mail(self, meeting, published):
        before = Mail.objects.count()
        self.renumber(meeting, published[::-1])
        assert Mail.objects.count() == before

    def test_when_one_was_published_meanwhile_nothing_happens(self, meeting, published, make_proposal):
        shown = workflow.state_token(meeting.proposals.published().order_by("number"))
        workflow.publish(make_proposal(title="fyra"))
        with pytest.raises(workflow.StepNotAllowed):
            workflow.renumber(meeting, [proposal.pk for proposal in published[::-1]], shown)
        assert [title for _, title in titles(meeting)] == ["ett", "två", "tre", "fyra"]


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def quietly(self, step):
        def run(_):
            try:
                return step()
            except workflow.StepNotAllowed:
                return None

        return run

    def test_two_who_publish_the_meeting_publish_it_once(self, meeting, waiting):
        shown = workflow.state_token(meeting.proposals.to_publish())
        done = in_threads(self.quietly(lambda: workflow.publish_all(meeting, shown)), range(4))
        assert sum(result is not None for result in done) == 1
        assert titles(meeting) == [(1, "ett"), (2, "två"), (3, "tre")]
        assert Mail.objects.filter(kind=Mail.Kind.PUBLISHED).count() == 3

    def test_the_whole_meeting_and_single_ones_never_share_a_number(self, meeting, make_proposal):
        proposals = [make_proposal(title=f"nr {n}") for n in range(9)]
        shown = workflow.state_token(meeting.proposals.to_publish())
        steps = [lambda: workflow.publish_all(meeting, shown)]
        steps += [lambda proposal=proposal: workflow.publish(proposal) for proposal in proposals[:3]]
        steps += [lambda: workflow.put_in_order(meeting, [proposals[5].pk])]
        in_threads(lambda step: self.quietly(step)(None), steps)
        numbers = [number for number, _ in titles(meeting)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) in (3, 9)

    def test_numbering_anew_while_others_publish_gives_each_number_once(self, meeting, waiting, make_proposal):
        published = publish_with_token(meeting)
        shown = workflow.state_token(meeting.proposals.published().order_by("number"))
        keys = [proposal.pk for proposal in published[::-1]]
        late = [make_proposal(title=f"sen {n}") for n in range(3)]
        steps = [lambda: workflow.renumber(meeting, keys, shown)]
        steps += [lambda proposal=proposal: workflow.publish(proposal) for proposal in late]
        in_threads(lambda step: self.quietly(step)(None), steps)
        assert [number for number, _ in titles(meeting)] == [1, 2, 3, 4, 5, 6]

    def test_the_submitter_and_the_secretariat_never_overwrite_each_other(self, client, meeting, make_proposal):
        """One of several who save the same opened page is first; the others are told."""
        proposal = make_proposal(submitter_email="anna@example.com", key="k" * 43, people=["Bo Exempel"])
        proposal.refresh_from_db()
        typed = {
            "title": "Grön el",
            "background": "Vi behöver el.",
            "submitter_email": "anna@example.com",
            "opened": proposal.updated_at.isoformat(),
            "contacts-TOTAL_FORMS": "1",
            "contacts-INITIAL_FORMS": "0",
            "region": "ingen",
            "contacts-0-name": "Bo Exempel",
            "action": "submit",
        }
        address = reverse("proposal_edit", args=["k" * 43])

        def save(n):
            return Client(REMOTE_ADDR=f"192.0.2.{n}").post(address, typed | {"purpose": f"Syfte {n}"})

        answers = in_threads(save, range(4))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]


def test_copies_of_numbers_at_other_meetings_are_untouched(waiting, meeting, make_proposal):
    other = Meeting.objects.create(date=date(2031, 1, 1))
    there = make_proposal(meeting=other, number=1, title="där")
    publish_with_token(meeting)
    assert titles(other) == [(1, there.title)]
