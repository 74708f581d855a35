"""Migrations on a filled database: back one by one to the first, and forward again."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse

from proposals.models import (
    Contact,
    FormerAddress,
    FormerDate,
    LateLink,
    Mail,
    MissedQuery,
    Proposal,
    Region,
    Similarity,
    Status,
    TargetGroup,
)
from proposals.workflow.recording import recorded_change
from tests.admin.test_admin import change, form_data
from tests.filled import TYPED
from tests.own_database import rows

NAMES = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "proposals")
BEFORE_UNTITLED_DRAFTS = "0005_first_synonyms"
CACHES = ["reglab_cache", "reglab_booklets"]  # of older versions
DJANGOS_OWN = {"django_migrations", "django_content_type", "auth_permission"}  # it adds to them after a migration
BEFORE_KEPT_NAMES = "0015_limits_and_booklets"


pytestmark = pytest.mark.usefixtures("filled_db")


def held(after, before):
    """What `before` says in the tables and columns that there are in `after`, without Django's own lists."""
    shared = {table: columns for table, columns in after.items() if table in before and table not in DJANGOS_OWN}
    return {
        table: {name: before[table][name] for name in columns if name in before[table]}
        for table, columns in shared.items()
    }


def schema():
    """{table: (its columns with their kinds, its constraints and indexes)}"""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table).values()
            found[table] = (
                sorted((column.name, column.type_code, column.null_ok) for column in columns),
                sorted(
                    str({key: what[key] for key in ("columns", "unique", "foreign_key", "check")})
                    for what in constraints
                ),
            )
        return found


def go_to(name):
    call_command("migrate", "proposals", name, verbosity=0)


def test_there_is_one_of_each_thing():
    assert {proposal.status for proposal in Proposal.objects.all()} == set(Status)
    assert Proposal.objects.filter(title="", status=Status.DRAFT).exists()
    assert Proposal.objects.exclude(draft_data={}).exists()
    assert Proposal.objects.filter(withdrawn_from=Status.DRAFT).exists()
    for model in (FormerAddress, FormerDate, LateLink, Similarity, Mail, MissedQuery):
        assert model.objects.exists()
    assert [table for table, columns in rows().items() if "proposals_" in table and not any(columns.values())] == []


def test_links_that_were_mailed_before_keys_were_digests_open_still():
    proposal, link = Proposal.objects.get(title="Tre"), LateLink.objects.get()
    keys = {"proposals_proposal": ("edit_key", "k" * 43, proposal.pk), "proposals_latelink": ("key", "l" * 43, link.pk)}
    go_to("0010_data_version")
    with connection.cursor() as cursor:
        for table, (column, key, pk) in keys.items():
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [key, pk])  # noqa: S608
        cursor.execute("UPDATE proposals_mail SET body = %s", [f"Öppna {'k' * 43}/ eller {'l' * 43}/"])
    go_to(NAMES[-1])
    assert Client().get(f"/forslag/andra/{'k' * 43}/").context["proposal"] == proposal
    assert Client().get(f"/forslag/nytt/sent/{'l' * 43}/").status_code == 200
    assert set(Mail.objects.values_list("body", flat=True)) == {"Öppna …/ eller …/"}
    assert not [key for _, key, _ in keys.values() if key in str(rows())]


def test_they_go_back_and_forward_without_losing_what_the_older_tables_can_hold():
    published = [proposal.get_absolute_url() for proposal in Proposal.objects.published().select_related("meeting")]
    page = Client().get("/?q=upphandling&mote=alla").content.decode()
    found = [address for address in published if f'href="{address}"' in page]
    assert 0 < len(found) < len(published)
    before, newest_schema = rows(), schema()
    for name in reversed(NAMES[:-1]):
        go_to(name)
        after = rows()
        if name == BEFORE_UNTITLED_DRAFTS:
            titles = before["proposals_proposal"]["title"]
            before["proposals_proposal"]["title"] = tuple(title or "Utan rubrik" for title in titles)
        assert held(after, before) == held(before, after), name
        connection.check_constraints()
        before = after
    go_to(NAMES[-1])
    for table in CACHES:
        del before[table]
    assert held(before, rows()) == held(before, before)
    connection.check_constraints()
    assert schema() == newest_schema
    page = Client().get("/?q=upphandling&mote=alla").content.decode()
    assert [address for address in published if f'href="{address}"' in page] == found
    Client().post("/forslag/nytt/", TYPED | {"title": "Fem"})
    assert Proposal.objects.get(title="Fem").mails.count() == 2


def kept_names():
    """What the history's rows say by name, without the meeting's: that one has had another date."""
    tables = rows()
    return {
        "by": [tables[f"proposals_historical{thing}"]["by_name"] for thing in ("proposal", "contact")],
        "region": tables["proposals_historicalproposal"]["region_name"],
        "groups": tables["proposals_historicalproposal_target_groups"]["name"],
        "contacts": tables["proposals_historicalproposalcontact"]["name"],
    }


def test_the_history_gets_the_names_that_are_known():
    kansli = Client()
    kansli.force_login(User.objects.get(username="kim"))
    proposal = Proposal.objects.get(title="Tre")
    region = Region.objects.create(name="Borta", slug="borta", kind=Region.Kind.AGENCY)
    group, eva = TargetGroup.objects.create(name="Fåtal", slug="fatal"), Contact.objects.get(name="Eva Oanvänd")
    named = {"region": region.pk, "target_groups": [group.pk], "contact_rows-1-contact": eva.pk}
    kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **named))
    kansli.post(change(eva), {"name": "Eva Omdöpt"})
    unnamed = {"region": "", "target_groups": [], "contact_rows-1-DELETE": "on"}
    kansli.post(change(proposal), form_data(kansli.get(change(proposal)), **unnamed))
    for thing in (region, group, eva):
        kansli.post(reverse(f"admin:proposals_{thing._meta.model_name}_delete", args=[thing.pk]), {"post": "yes"})
        assert not type(thing).objects.filter(pk=thing.pk).exists()
    before = kept_names()
    assert {"Borta", "Fåtal", "Eva Oanvänd", "kim"} <= {
        *before["region"],
        *before["groups"],
        *before["contacts"],
        *before["by"][0],
    }
    go_to(BEFORE_KEPT_NAMES)
    go_to(NAMES[-1])
    assert kept_names() == before
    meetings = {(row.meeting_name, str(row.meeting)) for row in Proposal.history.select_related("meeting")}
    assert {name for name, _ in meetings} == {name for _, name in meetings}


def test_what_is_not_known_of_the_history_is_said_to_be_deleted():
    proposal = Proposal.objects.get(title="Tre")
    region = Region.objects.create(name="Borta", slug="borta", kind=Region.Kind.AGENCY)
    proposal.region = region
    with recorded_change(proposal):
        proposal.save()
    Proposal.objects.update(region=None)
    region.delete()
    go_to(BEFORE_KEPT_NAMES)
    go_to(NAMES[-1])
    assert proposal.history.first().region_name == "(borttagen)"
