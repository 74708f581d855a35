"""What may be asked through the addresses of the admin: what its lists' own filters ask, and nothing else."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from proposals.models import Status
from tests.admin.test_admin import LIST, change, text

LOOKUPS = ["__exact", "__regex", "__startswith", "__contains", "__isnull", "__gt"]
# {model: what its filters ask}
ASKABLE = {
    "mail": {"kind__exact", "kind__isnull", "meeting__id__exact", "meeting__isnull"},
    "region": {"kind__exact", "kind__isnull"},
    "user": {
        *("is_active__exact", "is_active__isnull", "groups__id__exact", "groups__isnull"),
    },
}
OWN = {
    "proposal": {"mote", "lage", "avsandare", "malgrupp", "ansvarig", "saknar", "nastan-lika"},
    "mail": {"lage"},
}
ODD = ["a\0b", "9" * 30, "-1", "abc", "²", "a" * 10_000, '"a" ' * 3_000, ""]
SECRETS = r"\b(edit_key|key|password|draft_data|body|submitter_\w+|member_emails|fingerprint)\b"


def columns(model):
    """The names of the model's columns, and of those of all that it is related to."""
    for field in model._meta.get_fields():
        yield field.name
        if field.is_relation and field.related_model:
            yield from (f"{field.name}__{column.name}" for column in field.related_model._meta.concrete_fields)


def lists():
    """(model, its page in the admin, the address of its list) for all that is registered."""
    for model, page in admin.site._registry.items():
        yield model, page, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.fixture
def client_of(client, reader, secretary, things):
    """A function that signs somebody in."""

    def client_of(role):
        client.force_login({"reader": reader, "secretary": secretary, "superuser": things["user"]}[role])
        return client

    return client_of


@pytest.mark.parametrize(
    ("lookup", "right", "wrong"),
    [
        ("edit_key__regex", "^k", "^x"),
        ("edit_key__startswith", "k", "x"),
        ("edit_key", "k" * 43, "x" * 43),
        ("edit_key__isnull", "0", "1"),
        ("late_link__key__startswith", "l", "x"),
        ("mails__body__contains", "b", "x"),
        ("submitter_email__startswith", "a", "x"),
        ("draft_data__contains", "{}", "[]"),
        ("region__member_emails__contains", "@", "x"),
        ("title__regex", "^Gr", "(((a+)+)+)+$"),
    ],
)
def test_a_reader_cannot_ask_for_an_edit_key_through_the_lists_address(client_of, things, lookup, right, wrong):
    client = client_of("reader")
    for guess in (right, wrong):
        for more in ({}, {"lage": "alla"}, {"q": things["proposal"].reference}, {"e": "1"}):
            query = more | {lookup: guess}
            assert client.get(LIST, query).status_code == 400
            assert client.post(LIST, query_params=query).status_code == 400


@pytest.mark.parametrize(
    ("role", "lookups"), [("superuser", LOOKUPS), ("secretary", ["", "__regex"]), ("reader", ["", "__regex"])]
)
def test_every_list_answers_what_its_filters_ask_and_nothing_else(client_of, role, lookups):
    """The names are refused before anybody's rights count, so all of the lookups are tried by who has them all."""
    client, wrong = client_of(role), {}
    for model, _, address in lists():
        if client.get(address).status_code == 403:
            assert role != "superuser"
            continue
        askable = ASKABLE.get(model._meta.model_name, set())
        asked = {name + lookup for name in columns(model) for lookup in lookups} | askable
        answers = {name: client.get(address, {name: "1"}).status_code for name in asked}
        if answers != {name: 200 if name in askable else 400 for name in asked}:
            wrong[model._meta.model_name] = {name: status for name, status in answers.items() if status != 400}
    assert wrong == {}


@pytest.mark.parametrize("odd", [*ODD, ["1"] * 150], ids=range(len(ODD) + 1))
def test_a_value_that_makes_no_sense_gives_a_normal_page(client_of, odd):
    client, wrong = client_of("superuser"), {}
    for model, _, address in lists():
        name = model._meta.model_name
        queries = [{filter_: odd} for filter_ in ASKABLE.get(name, set()) | OWN.get(name, set())]
        queries += [{name: odd} for name in ("q", "o", "p", "e")] + [{"all": odd, "_facets": odd, "_popup": odd}]
        for query in queries:
            response = client.get(address, query, follow=True)
            if response.status_code != 200 or "Databasfel" in text(response):
                wrong[address, *query] = response.status_code
    assert wrong == {}


def test_every_list_counts_beside_its_filters(client_of):
    client = client_of("superuser")
    for model, _, address in lists():
        for query in ({}, *({name: "1"} for name in ASKABLE.get(model._meta.model_name, ()))):
            assert client.get(address, query | {"_facets": "True"}).status_code == 200


def test_no_list_is_sorted_by_a_secret(client_of):
    """An order tells as much as a filter does."""
    client = client_of("superuser")
    for _, page, address in lists():
        places = range(-len(page.list_display) - 3, len(page.list_display) + 4)
        orders = [
            client.get(address, {"o": f"{place}.x.--1"}).context["cl"].queryset.query.order_by for place in places
        ]
        assert not re.search(SECRETS, str(orders))


def test_no_page_takes_another_column_than_its_key(client_of):
    client, wrong = client_of("superuser"), {}
    for model, _, address in lists():
        for name in {field.name for field in model._meta.get_fields(include_hidden=True)} - {"id"}:
            addresses = [address, f"{address}add/", f"{address}1/change/"]
            answers = [client.get(one, {"_to_field": name}).status_code for one in addresses]
            if set(answers) - {400, 403}:
                wrong[address, name] = answers
    assert wrong == {}


def test_no_address_of_the_admin_tells_the_address_of_a_late_link(client_of, things):
    client = client_of("reader")
    for kind in ContentType.objects.all():
        for thing in things.values():
            assert client.get(f"/admin/r/{kind.pk}/{thing.pk}/").status_code == 404


def test_the_public_page_of_a_meeting_is_one_click_away(client_of, things):
    link = f'<a href="{things["meeting"].get_absolute_url()}" class="viewsitelink">Visa på webben</a>'
    assert link in client_of("secretary").get(change(things["meeting"])).content.decode()


@pytest.mark.parametrize("odd", [odd for odd in ODD if odd != "-1"])
def test_an_action_with_a_key_that_is_none_does_nothing(client_of, things, odd):
    client = client_of("superuser")
    for _, page, address in lists():
        request = client.get(address).wsgi_request
        for name in page.get_actions(request):
            chosen = {"action": name, "_selected_action": [things["proposal"].pk, odd]}
            for more in ({}, {"index": "0"}, {"index": "x", "post": "yes"}):
                assert client.post(address, chosen | more).status_code == 400
    things["proposal"].refresh_from_db()
    assert things["proposal"].status == Status.SUBMITTED


@pytest.mark.parametrize("odd", [*ODD, "1", "2030-01-01"])
def test_somebody_elses_link_fills_in_no_form(client_of, odd):
    client = client_of("superuser")
    for model, page, address in lists():
        if page.has_add_permission(client.get(address).wsgi_request):
            names = {field.name for field in model._meta.get_fields()}
            filled = fields(client.get(f"{address}add/", dict.fromkeys(names, odd)))
            empty = fields(client.get(f"{address}add/"))
            ours = {"latelink": {"meeting"}, "synonym": {"expressions"}}.get(model._meta.model_name, set())
            assert {name for name in empty if filled[name] != empty[name]} <= ours


def test_our_own_links_fill_in_a_form(client_of, things):
    client = client_of("secretary")
    for page, field, value in [
        (reverse("admin:index"), "meeting", str(things["meeting"].pk)),
        (reverse("admin:proposals_synonym_changelist"), "expressions", "elmoped, "),
    ]:
        [link] = re.findall(rf'href="([^"]+\?{field}=[^"]+)"', client.get(page).content.decode())
        assert fields(client.get(unescape(link)))[field] == value


def fields(response):
    """{name: value} of the form on the page."""
    form = response.context["adminform"].form
    return {name: form[name].value() for name in form.fields}


def test_a_refusal_is_in_swedish(client_of):
    assert "Vi förstod inte det som skickades" in text(client_of("reader").get(LIST, {"edit_key__regex": "^e"}))
