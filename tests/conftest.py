import io
import json
import logging
import os
import shutil
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.utils import timezone

from proposals.models import (
    Contact,
    LateLink,
    Mail,
    Meeting,
    MissedQuery,
    Proposal,
    ProposalContact,
    RateLimit,
    Region,
    Status,
    Synonym,
    TargetGroup,
)
from proposals.workflow.recording import recorded_change
from reglab.middleware.request_log import Line
from tests import chromium, filled, own_database, postgres, smtp
from tests.links import give_key


@pytest.fixture
def first_synonyms(db):
    """Those that a new database begins with: a test in real transactions before this one has emptied every table."""
    import_module("proposals.migrations.0005_first_synonyms").add_synonyms(apps, None)


@pytest.fixture
def fixture_28(first_synonyms):
    """The 28 real proposals, and the synonyms to start with."""
    call_command("loaddata", "forslag_2024", "synonymer", verbosity=0)


@pytest.fixture
def registers(db):
    """The members and target groups of the fixture, without any proposal."""
    rows = json.loads((settings.BASE_DIR / "fixtures" / "forslag_2024.json").read_text())
    for model in (Region, TargetGroup):
        label = model._meta.label_lower
        model.objects.bulk_create(model(**row["fields"]) for row in rows if row["model"] == label)


@pytest.fixture
def meeting(db):
    return Meeting.objects.create(date=date(2030, 5, 14))


@pytest.fixture
def dalarna(db):
    return Region.objects.create(name="Region Dalarna", slug="region-dalarna", county_code="20")


@pytest.fixture
def chefer(db):
    return TargetGroup.objects.create(name="Chefer", slug="chefer")


@pytest.fixture
def make_proposal(meeting):
    """A function that makes a submitted proposal, or a published one when it is given a number.

    With a `key` it has an edit link.
    """

    def make(number=None, groups=(), people=(), key=None, **fields):
        fields = {"meeting": meeting, "title": "Grön el", "background": "Vi behöver el.", **fields}
        if number:
            published_at = datetime(2030, 4, 1, tzinfo=UTC)
            fields = {"number": number, "status": Status.PUBLISHED, "published_at": published_at, **fields}
        proposal = Proposal.objects.create(**{"status": Status.SUBMITTED, **fields})
        proposal.target_groups.set(groups)
        for position, name in enumerate(people, start=1):
            contact, _ = Contact.objects.get_or_create(name=name)
            ProposalContact.objects.create(proposal=proposal, contact=contact, position=position)
        if key:
            proposal.edit_key = key
            give_key(key, proposal=proposal)
        return proposal

    return make


@pytest.fixture
def typed(meeting):
    """What a member types who types as little as may be."""
    return {
        "title": "Grön el",
        "background": "Vi behöver el.",
        "submitter_email": "anna@example.com",
        "contacts-TOTAL_FORMS": "2",
        "contacts-INITIAL_FORMS": "0",
        "contacts-0-name": "Bo Exempel",
        "region": "ingen",
        "action": "submit",
    }


@pytest.fixture(scope="session")
def filled_database(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), own_database.model(tmp_path_factory.mktemp("model"), filled.fill) as name:
        yield name


@pytest.fixture
def filled_db(filled_database, django_db_blocker, tmp_path):
    """A database of the test's own in the place of the common one, with one of each thing in it; see tests.filled."""
    with django_db_blocker.unblock(), own_database.copied(filled_database, tmp_path):
        yield


@pytest.fixture
def log():
    """What the site writes in its log, as it would stand there."""
    [console] = [handler for handler in logging.getLogger().handlers if isinstance(handler.formatter, Line)]
    written = io.StringIO()
    before = console.setStream(written)
    yield written
    console.setStream(before)


@pytest.fixture
def free_slots(db):
    """No address has used up anything."""
    RateLimit.objects.all().delete()


def _mail_over_smtp(settings, host, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, port


@pytest.fixture
def may_send(db):
    """Nobody is sending: a test that was cut off may have left its turn taken."""
    RateLimit.objects.all().delete()


@pytest.fixture
def sink(settings, may_send):
    """A real mail server, and what it was sent: (sender, recipients, message)."""
    with smtp.sink() as (sink, host, port):
        _mail_over_smtp(settings, host, port)
        yield sink


@pytest.fixture
def hanging_server(settings, may_send):
    with smtp.hanging() as (host, port):
        _mail_over_smtp(settings, host, port)
        yield


@pytest.fixture
def refusing_server(settings, may_send):
    _mail_over_smtp(settings, *smtp.refusing())


@pytest.fixture
def roles(db):
    """The groups that a new database has; a test in real transactions before this one has emptied every table."""
    import_module("proposals.migrations.0007_roles").add_groups(apps, None)


@pytest.fixture
def make_account(roles):
    """A function that makes somebody who may sign in, as a member of a group."""

    def make(name, group):
        user = User.objects.create_user(name, password="only-for-tests", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        return user

    return make


@pytest.fixture
def reader(make_account):
    return make_account("las", "Läsare")


@pytest.fixture
def secretary(make_account):
    return make_account("kim", "Kansliet")


@pytest.fixture
def things(meeting, make_proposal, dalarna, chefer, admin_user, roles):
    """One of each thing that an address may be about, by the name of its model; `published` is a second proposal."""
    sender = {"region": dalarna, "submitter_name": "Anna Exempel", "submitter_email": "anna@example.com"}
    proposal = make_proposal(key="k" * 43, people=["Bo Exempel"], **sender)
    published = make_proposal(number=1, title="Publicerat", groups=[chefer], people=["Bo Exempel"], region=dalarna)
    for one in (proposal, published):
        with recorded_change(one):
            one.save()
    late = {"meeting": meeting, "name": "Anna", "email": "anna@example.com", "reason": "sjuk"}
    mail = {"kind": "receipt", "to": "anna@example.com", "reply_to": "k@example.com", "subject": "a", "body": "b"}
    link = LateLink.objects.create(**late, expires_at=meeting.closes_at)
    link.key = "l" * 43
    give_key(link.key, late_link=link)
    return {
        "proposal": proposal,
        "published": published,
        "meeting": meeting,
        "region": dalarna,
        "targetgroup": chefer,
        "contact": Contact.objects.get(),
        "synonym": Synonym.objects.first() or Synonym.objects.create(expressions="el, elektricitet"),
        "mail": Mail.objects.create(**mail, proposal=proposal),
        "latelink": link,
        "missedquery": MissedQuery.objects.create(text="elmoped", last_at=timezone.now()),
        "group": Group.objects.get(name="Kansliet"),
        "user": admin_user,
    }


@pytest.fixture
def kansli(admin_client):
    """A browser in which the secretariat has signed in."""
    return admin_client


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return chromium.LAUNCH


def pytest_collection_modifyitems(config, items):
    """Without Chromium or PostgreSQL leave out their tests, and say so; with REQUIRE_ALL that is a failure.

    LibreOffice is too large to ask for: the one test that opens a file in it runs where it is.
    """
    if not shutil.which("soffice"):
        writer = [item for item in items if item.get_closest_marker("writer")]
        items[:] = [item for item in items if item not in writer]
        config.hook.pytest_deselected(items=writer)
    _leave_out(config, items, "browser", bool(chromium.PROGRAM), chromium.MISSING)
    _leave_out(config, items, "postgresql", postgres.find_binaries() is not None, postgres.MISSING)


def _leave_out(config, items, marker, is_possible, missing):
    marked = [item for item in items if item.get_closest_marker(marker)]
    if not marked or is_possible:
        return
    if os.environ.get("REQUIRE_ALL"):
        pytest.exit(missing, returncode=1)
    items[:] = [item for item in items if item not in marked]
    config.hook.pytest_deselected(items=marked)


def pytest_terminal_summary(terminalreporter):
    if not chromium.PROGRAM:
        terminalreporter.write_line(chromium.MISSING, yellow=True)
