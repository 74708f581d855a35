"""A database with one of each thing in it, made as people make them."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from proposals import emails, workflow
from proposals.emails.words import standard_words
from proposals.models import ImportPreview, Meeting, MissedQuery, Proposal, Region, Synonym, TargetGroup

TYPED = {
    "title": "Gemensam laddning",
    "background": "Vi behöver el.",
    "submitter_name": "Anna Exempel",
    "submitter_email": "anna@example.com",
    "contacts-TOTAL_FORMS": "2",
    "contacts-INITIAL_FORMS": "0",
    "region": "ingen",
    "contacts-0-name": "Bo Exempel",
    "contacts-0-email": "bo@example.com",
    "action": "submit",
}


def fill():
    """The 28 proposals to a meeting that is over, and everything that a round brings to the next one."""
    call_command("loaddata", "forslag_2024", verbosity=0)
    meeting = Meeting.objects.create(date=timezone.localdate() + timedelta(days=60), introduction="Välkommen.")
    _send_in()
    one, two, three, four = meeting.proposals.filter(title__in=["Ett", "Två", "Tre", "Fyra"]).order_by("pk")
    one, two = workflow.publish(one), workflow.publish(two)
    workflow.renumber(meeting, [two.pk, one.pk], workflow.state_token([one, two]))
    workflow.withdraw(two)
    _merge(meeting)
    workflow.return_to_submitter(three, "Vem ska delta?")
    workflow.withdraw(meeting.proposals.get(title="Gemensam laddning"))
    workflow.reschedule(meeting, meeting.date + timedelta(days=1))
    workflow.revert(four, four.history.last())
    emails.send(emails.edit_link(three))
    Synonym.objects.create(expressions="laddning, elektrifiering")
    MissedQuery.objects.record("elmoped")
    Client().get("/moten/2024-09-18/hafte.xlsx")
    _work_at_the_desk(meeting)


def _merge(meeting):
    """Two of different senders, and a third for a while."""
    fields = {"meeting": meeting, "status": "submitted", "submitter_email": "anna@example.com"}
    one, two, three = (
        Proposal.objects.create(title=title, region=region, **fields)
        for title, region in zip(("Fem", "Sex", "Sju"), Region.objects.all(), strict=False)
    )
    workflow.merge(one, two, {"title": "Fem och sex"})
    workflow.merge(one, three, {})
    workflow.unmerge(Proposal.objects.get(pk=three.pk))


def _send_in():
    """Four proposals; a draft without a title, and one with an address that isn't whole."""
    for title in ("Ett", "Två", "Tre", "Fyra"):
        Client().post("/forslag/nytt/", TYPED | {"title": title, "target_groups": [TargetGroup.objects.first().pk]})
    Client().post("/forslag/nytt/", {"submitter_email": "cia@example.com", "action": "draft"})
    Client().post("/forslag/nytt/", TYPED | {"action": "draft", "contacts-0-email": "bo@"})


def _work_at_the_desk(meeting):
    """A late link, a contact person whom no proposal names, and a document that waits to be read in."""
    kansli, kim = Client(), User.objects.create_superuser("kim")
    kansli.force_login(kim)
    ImportPreview.objects.keep(kim, meeting.date, {"name": "forslag.txt"})
    link = {"meeting": meeting.pk, "name": "Dan", "email": "dan@example.com", "reason": "Sjuk"}
    link |= {"expires_at_0": meeting.date.isoformat(), "expires_at_1": "12:00"}
    kansli.post("/admin/proposals/latelink/add/", link)
    kansli.post("/admin/proposals/contact/add/", {"name": "Eva Oanvänd"})
    kansli.post(f"/admin/proposals/proposal/{meeting.proposals.first().pk}/note/", {"text": "Ring Anna."})
    kansli.post("/admin/proposals/mail/texts/returned/", {"text": "Ring oss.", "seen": standard_words("returned")})
