"""What kansliet types in the admin, and how its lists are sorted."""

import pytest
from django.urls import reverse
from django.utils import timezone

from proposals.models import Contact, Meeting

MEETING = {"title": "Vårmötet", "date": "2030-05-14", "introduction": ""}


@pytest.mark.parametrize("time", ["23.59", "23:59", "kl. 23.59", "kl 23:59", ""])
def test_a_time_is_understood_as_it_is_written_in_swedish(admin_client, time):
    times = {"submissions_close_at_0": "2030-05-01", "submissions_close_at_1": time}
    admin_client.post(reverse("admin:proposals_meeting_add"), MEETING | times)
    closes = timezone.localtime(Meeting.objects.get().submissions_close_at)
    assert closes.isoformat() == "2030-05-01T23:59:00+02:00"


@pytest.mark.parametrize("day", ["2030-05-03", "20300503", "3/5/2030", "03.05.2030"])
def test_a_day_comes_before_its_month(admin_client, day):
    admin_client.post(reverse("admin:proposals_meeting_add"), MEETING | {"date": day})
    assert Meeting.objects.get().date.isoformat() == "2030-05-03"


def test_a_person_typed_in_another_way_is_the_same_one(admin_client):
    Contact.objects.create(name="Åsa Ek")
    page = admin_client.post(reverse("admin:proposals_contact_add"), {"name": "A\u030asa\u200b Ek"}).content.decode()
    assert "Det finns redan en kontaktperson med precis de uppgifterna." in page
    assert Contact.objects.count() == 1


def test_a_contacts_phone_is_typed_as_one(admin_client):
    page = admin_client.get(reverse("admin:proposals_contact_add")).content.decode()
    assert 'type="tel" name="phone"' in page


def test_a_column_is_sorted_the_swedish_way(admin_client):
    Contact.objects.bulk_create(Contact(name=str(number), title=title) for number, title in enumerate("öäzåB"))
    pages = [admin_client.get(reverse("admin:proposals_contact_changelist"), {"o": order}) for order in ("1", "-1")]
    titles = [[contact.title for contact in page.context["cl"].result_list] for page in pages]
    assert titles == [["B", "z", "å", "ä", "ö"], ["ö", "ä", "å", "z", "B"]]
