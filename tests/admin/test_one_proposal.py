"""One proposal at the desk: its panel, the pages of its steps, and the way back."""

from django.urls import reverse

from proposals.models import Contact, Meeting, Note, Proposal, Status
from tests.admin.test_admin import LIST, change, form_data, text


def page_of(proposal, name):
    return reverse(f"admin:proposals_proposal_{name}", args=[proposal.pk])


def test_a_note_is_kept_with_its_author(kansli, make_proposal):
    proposal = make_proposal()
    page = text(kansli.post(page_of(proposal, "note"), {"text": "Ringde Sara."}, follow=True))
    assert "Ringde Sara." in page
    note = Note.objects.get()
    assert (note.author.username, note.proposal) == ("admin", proposal)


def test_a_note_is_never_shown_to_the_public(client, kansli, make_proposal):
    proposal = make_proposal(1)
    kansli.post(page_of(proposal, "note"), {"text": "Ringde Sara."})
    assert "Ringde Sara." not in client.get(proposal.get_absolute_url()).content.decode()


def test_publishing_with_gaps_first_tells_number_and_gaps(kansli, make_proposal):
    proposal = make_proposal(background="", purpose="")
    asked = kansli.post(change(proposal), form_data(kansli.get(change(proposal)), _publish="1"), follow=True)
    assert Proposal.objects.get().status == Status.SUBMITTED
    assert "Förslaget får nummer 1" in text(asked)
    assert "Förslaget har ingen text, bara en rubrik." in text(asked)
    kansli.post(page_of(proposal, "publish"), {"shown": asked.context["shown"]})
    assert Proposal.objects.get().number == 1


def test_emptying_a_published_proposal_asks_first(kansli, make_proposal):
    proposal = make_proposal(1)
    asked = kansli.post(change(proposal), form_data(kansli.get(change(proposal)), background=""))
    assert "så här blir det utan text för alla" in text(asked)
    assert Proposal.objects.get().background == "Vi behöver el."
    kansli.post(change(proposal), form_data(asked))
    assert Proposal.objects.get().background == ""


def test_moving_tells_what_becomes_of_the_number(kansli, make_proposal, client):
    proposal = make_proposal(1)
    address = proposal.get_absolute_url()
    later = Meeting.objects.create(title="Nästa", date="2031-05-14")
    assert "Förslaget har nummer 1 och får nästa nummer på det nya mötet." in text(
        kansli.get(page_of(proposal, "move"))
    )
    kansli.post(page_of(proposal, "move"), {"meeting": later.pk})
    moved = Proposal.objects.get()
    assert (moved.meeting, moved.number) == (later, 1)
    assert client.get(address).url == moved.get_absolute_url()


def test_a_withdrawal_is_undone_from_the_message(kansli, make_proposal):
    proposal = make_proposal(1)
    kansli.post(page_of(proposal, "withdraw"))
    assert Proposal.objects.get().status == Status.WITHDRAWN
    kansli.post(page_of(proposal, "undo"))
    assert (Proposal.objects.get().status, Proposal.objects.get().number) == (Status.PUBLISHED, 1)


def test_the_next_one_is_that_of_the_list_one_came_from(kansli, make_proposal):
    first, second = make_proposal(title="A", number=1), make_proposal(title="B", number=2)
    kansli.get(f"{LIST}?mote=alla")
    response = kansli.post(change(first), form_data(kansli.get(change(first)), _next="1"))
    assert response.url == change(second)


def test_somebody_of_a_known_name_is_asked_about(kansli, make_proposal):
    anna = Contact.objects.create(name="Anna Exempel", title="strateg")
    proposal = make_proposal()
    data = form_data(kansli.get(change(proposal)), **{"contact_rows-0-name": "Anna Exempel"})
    asked = kansli.post(change(proposal), data)
    assert "Någon med det namnet finns redan. Välj om det är samma person." in text(asked)
    assert "Anna Exempel, strateg" in text(asked)
    kansli.post(change(proposal), data | {"contact_rows-0-use": str(anna.pk)})
    assert [row.contact for row in Proposal.objects.get().contact_rows.all()] == [anna]


def test_the_preview_shows_what_is_typed_and_saves_nothing(kansli, make_proposal):
    proposal = make_proposal()
    typed = form_data(kansli.get(change(proposal)), background="Det som är skrivet nyss.")
    assert "Det som är skrivet nyss." in text(kansli.post(page_of(proposal, "preview"), typed))
    assert Proposal.objects.get().background == "Vi behöver el."
