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
    rows = ProposalContact.objects.filter(proposal__in=proposals).select_related("contact")
    by_key = {proposal.pk: proposal for proposal in proposals}
    contacts = [
        (row.contact, by_key[row.proposal_id]) for row in rows.order_by("proposal__number", "proposal_id", "position")
    ]
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
            yield one.submitter_name, one.submitter_email, "", "Förslagsställare", one.sender_names, str(one)


def _contacts(rows):
    for person, proposal in rows:
        yield person.name, person.email, person.phone, "Kontaktperson", proposal.sender_names, str(proposal)


def _members():
    for region in Region.objects.exclude(member_emails=""):
        for address in region.addresses:
            yield "", address, "", "Medlem", region.name, ""


def _names(rows):
    """Each person once, by name."""
    return sorted({(person.name, person.title, proposal.sender_names) for person, proposal in rows})
