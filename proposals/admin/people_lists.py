"""Excel file of the people around a meeting: addresses to write to, and names for badges and place cards."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from proposals.admin.pages import requires_change_permission
from proposals.booklet.formats.xlsx import as_bytes, fill
from proposals.models import Meeting, ProposalContact, Region

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ADDRESSES = ["Namn", "E-post", "Telefon", "Som", "Avsändare", "Förslag"]
NAMES = ["Namn", "Titel", "Avsändare"]


@requires_change_permission
@require_safe
def people(request, key):
    meeting = get_object_or_404(Meeting, pk=key)
    proposals = list(meeting.proposals.sent_in().with_sender_and_meeting())
    rows = ProposalContact.objects.filter(proposal__in=proposals).select_related("contact", "proposal__region")
    contacts = list(rows.order_by("proposal__number", "proposal_id", "position"))
    book = Workbook()
    book.active.title = "Adresser"
    fill(book.active, ADDRESSES, [*_submitters(proposals), *_contacts(contacts), *_members()])
    fill(book.create_sheet("Namn"), NAMES, _names(contacts))
    response = HttpResponse(as_bytes(book), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="adresser-{meeting.date}.xlsx"'
    return response


def _submitters(proposals):
    for one in proposals:
        if one.submitter_email:
            yield one.submitter_name, one.submitter_email, "", "Förslagsställare", _sender(one), str(one)


def _contacts(rows):
    for row in rows:
        person = row.contact
        yield person.name, person.email, person.phone, "Kontaktperson", _sender(row.proposal), str(row.proposal)


def _members():
    for region in Region.objects.exclude(member_emails=""):
        for address in region.addresses:
            yield "", address, "", "Medlem", region.name, ""


def _names(rows):
    """Each person once, by name."""
    people = {(row.contact.name, row.contact.title, _sender(row.proposal)) for row in rows}
    return sorted(people)


def _sender(proposal):
    return proposal.region.name if proposal.region else ""
