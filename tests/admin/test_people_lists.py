"""The Excel file of addresses and names around a meeting."""

import io

from django.urls import reverse
from openpyxl import load_workbook

from proposals.models import Region, Status


def sheets(client, meeting):
    file = client.get(reverse("admin:proposals_meeting_people", args=[meeting.pk])).content
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(io.BytesIO(file))}


def test_the_file_has_submitters_contacts_and_members(kansli, meeting, make_proposal):
    region = Region.objects.create(name="Exempelverket", slug="exempel", kind="agency", member_emails="m@example.com")
    make_proposal(title="Grön el", people=["Bo Exempel"], submitter_email="anna@example.com", region=region)
    make_proposal(title="Ett utkast", status=Status.DRAFT, submitter_email="utkast@example.com")
    found = sheets(kansli, meeting)
    assert [row[1:4] for row in found["Adresser"][1:] if row[1]] == [
        ("anna@example.com", None, "Förslagsställare"),
        ("m@example.com", None, "Medlem"),
    ]
    assert [row[0] for row in found["Namn"]] == ["Namn", "Bo Exempel"]


def test_a_name_that_looks_like_a_formula_is_text(kansli, meeting, make_proposal):
    make_proposal(people=["=1+1"])
    file = kansli.get(reverse("admin:proposals_meeting_people", args=[meeting.pk])).content
    assert load_workbook(io.BytesIO(file))["Namn"]["A2"].data_type == "s"
