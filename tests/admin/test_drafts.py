"""Drafts at the desk: title and sender alone, until somebody opens one to help its submitter."""

import pytest
from django.urls import reverse

from proposals.models import Change, Mail, Proposal, Status
from tests.admin.test_admin import change, form_data, text

SECRET = "Hemlig bakgrund som inte är klar"


@pytest.fixture
def draft(make_proposal):
    return make_proposal(
        status=Status.DRAFT, title="Halvfärdigt", background=SECRET, submitter_email="anna@example.com"
    )


def page_of(proposal, name, *others):
    return reverse(f"admin:proposals_proposal_{name}", args=[proposal.pk, *others])


def test_the_text_of_a_draft_is_on_no_page_of_the_desk(kansli, draft, make_proposal):
    other = make_proposal(title="Ett annat")
    addresses = [change(draft), page_of(draft, "history"), page_of(draft, "preview"), page_of(draft, "row")]
    addresses += [page_of(draft, "compare", other.pk), page_of(other, "compare", draft.pk)]
    addresses += [reverse("admin:index"), reverse("admin:proposals_proposal_changelist") + "?lage=utkast"]
    for address in addresses:
        page = text(kansli.get(address, follow=True))
        assert SECRET not in page, address
    assert "Halvfärdigt" in page


def test_who_has_opened_a_draft_is_kept(kansli, draft):
    response = kansli.post(page_of(draft, "open"), follow=True)
    assert SECRET in response.content.decode()
    latest = draft.history.first()
    assert (latest.history_change_reason, latest.history_user.username) == (Change.OPENED, "admin")


def test_a_draft_is_taken_in_for_somebody_who_calls(kansli, draft):
    kansli.post(page_of(draft, "open"))
    opened = kansli.get(change(draft))
    kansli.post(change(draft), form_data(opened, _take_in="1"))
    draft = Proposal.objects.get(pk=draft.pk)
    assert draft.status == Status.SUBMITTED
    assert [mail.to for mail in Mail.objects.filter(kind=Mail.Kind.RECEIPT)] == ["anna@example.com"]
