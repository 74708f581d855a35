"""Who may do what: each role at each address with each method."""

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proposals.models import Contact, LateLink, Mail, MissedQuery, Proposal, Status, Synonym
from tests.test_admin import LIST, take

# "halfway" has signed in before the second factor was required, and has none
ROLES = ["stranger", "submitter", "halfway", "reader", "secretary", "superuser"]
METHODS = ["get", "post"]
# In the admin: who gets a page, besides the superuser. Everybody else is sent to sign in, or refused when signed in.
BOTH, SECRETARIAT, NOBODY, ACCOUNTS = {"reader", "secretary"}, {"secretary"}, set(), {"superuser"}
READ = {"get": BOTH, "post": BOTH}
# A page to read with a button that only the secretariat has
READ_AND_ACT = {"get": BOTH, "post": SECRETARIAT}
ACT = {"get": SECRETARIAT, "post": SECRETARIAT}
ONLY_POST = {"get": NOBODY, "post": SECRETARIAT}
REGISTERS = ["contact", "meeting", "proposal", "region", "synonym", "targetgroup"]
TABLE = {
    "index": READ,
    "unsaved": {"get": BOTH, "post": NOBODY},
    "login_code": {"get": NOBODY, "post": NOBODY},  # only between the password and the code
    "login_set_up": {"get": NOBODY, "post": NOBODY},
    **{f"proposals_{model}_changelist": READ for model in REGISTERS},
    **{f"proposals_{model}_history": READ for model in REGISTERS},
    **{f"proposals_{model}_change": READ_AND_ACT for model in REGISTERS},
    **{f"proposals_{model}_add": ACT for model in REGISTERS},
    **{f"proposals_{model}_delete": ACT for model in REGISTERS},
    "proposals_contact_simple_history": READ,  # shown, never saved
    "proposals_proposal_simple_history": READ_AND_ACT,
    "proposals_proposal_compare": READ,
    "proposals_proposal_preview": READ,
    **{f"proposals_proposal_{step}": ACT for step in ("return", "withdraw", "edit_link")},
    "proposals_meeting_intake": ACT,
    "proposals_meeting_intake_preview": ACT,
    "proposals_meeting_working_copy": {"get": BOTH, "post": NOBODY},
    **{f"proposals_meeting_{step}": ACT for step in ("order", "publish", "renumber", "reminder")},
    **{f"proposals_{model}_changelist": ACT for model in ("mail", "latelink", "missedquery")},
    **{f"proposals_{model}_history": ACT for model in ("mail", "latelink", "missedquery")},
    "proposals_mail_change": {"get": SECRETARIAT, "post": NOBODY},
    "proposals_latelink_change": {"get": SECRETARIAT, "post": NOBODY},
    "proposals_missedquery_change": {"get": SECRETARIAT, "post": NOBODY},
    **{f"proposals_{model}_delete": ACT for model in ("mail", "latelink", "missedquery")},
    "proposals_latelink_add": ACT,
    "proposals_mail_add": {"get": NOBODY, "post": NOBODY},
    "proposals_missedquery_add": {"get": NOBODY, "post": NOBODY},
    "proposals_mail_examples": ACT,
    "proposals_mail_send": ONLY_POST,
    "proposals_mail_send_waiting": ONLY_POST,
}
# Django's own addresses for accounts, and those that every member of staff has
ACCOUNTS_BEGIN = ("auth_",)
OF_DJANGO = {
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "app_list",
    "autocomplete",
    "jsi18n",
    "view_on_site",
}


SINGLE = {"index", "unsaved", "login_code", "login_set_up"}


def names():
    """The names of all the admin's addresses."""
    patterns = admin.site.get_urls()
    found = set()
    while patterns:
        pattern = patterns.pop()
        patterns += getattr(pattern, "url_patterns", [])
        found.add(getattr(pattern, "name", None))
    return {name for name in found if name and name not in OF_DJANGO}


@pytest.fixture
def things(meeting, make_proposal, dalarna, chefer):
    """One of each thing that an address may be about, by the name of its model."""
    proposal = make_proposal(
        submitter_email="anna@example.com", edit_key="k" * 43, people=["Bo Exempel"], region=dalarna
    )
    with proposal.one_snapshot():
        proposal.save()
    late = {"meeting": meeting, "name": "Anna", "email": "anna@example.com", "reason": "sjuk"}
    return {
        "proposal": proposal,
        "meeting": meeting,
        "region": dalarna,
        "targetgroup": chefer,
        "contact": Contact.objects.get(),
        "synonym": Synonym.objects.first() or Synonym.objects.create(expressions="el, elektricitet"),
        "mail": Mail.objects.create(
            kind="receipt", to="anna@example.com", reply_to="k@example.com", subject="a", body="b"
        ),
        "latelink": LateLink.objects.create(**late, expires_at=timezone.now()),
        "missedquery": MissedQuery.objects.create(text="elmoped", last_at=timezone.now()),
    }


def address(name, things):
    model = name.split("_")[1] if "_" in name else ""
    if name.endswith("_preview") and model == "meeting":
        return reverse(f"admin:{name}", args=["x" * 32])
    if name.endswith(("_changelist", "_add", "_examples", "_waiting", "_intake")) or name in SINGLE:
        return reverse(f"admin:{name}")
    key = things[model].pk
    if name.endswith("_simple_history"):
        history = things[model].history.first()
        return reverse(f"admin:{name}", args=[key, history.pk if history else 1])
    more = {"compare": [key], "copy": ["json"]}.get(name.rpartition("_")[2], [])
    return reverse(f"admin:{name}", args=[key, *more])


@pytest.fixture
def browser_of(reader, secretary, admin_user, things, settings):
    """A function that gives the browser of somebody in a role."""

    def browser_of(role):
        client = Client(raise_request_exception=True)
        if role == "submitter":
            client.get(things["proposal"].get_edit_url())
        elif role != "stranger":
            settings.REQUIRE_MFA = role == "halfway"
            accounts = {"reader": reader, "secretary": secretary, "superuser": admin_user, "halfway": admin_user}
            client.force_login(accounts[role])
        return client

    return browser_of


def test_every_address_of_the_admin_has_a_row():
    assert {name for name in names() if not name.startswith(ACCOUNTS_BEGIN)} == set(TABLE)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_is_its_own_and_is_refused_the_rest(browser_of, things, role, method):
    client = browser_of(role)
    wrong = {}
    for name, row in TABLE.items():
        with transaction.atomic():
            before = state()
            response = getattr(client, method)(address(name, things))
            refused = response.status_code in (403, 405) or "/admin/login/" in response.get("Location", "")
            allowed = role in row[method] or (role == "superuser" and "secretary" in row[method])
            if refused == allowed or response.status_code == 404:
                wrong[name] = response.status_code
            if not allowed and before != state():
                wrong[name] = "changed something"
            transaction.set_rollback(True)  # the next address finds everything as it was
    assert wrong == {}


def state():
    return list(Proposal.objects.values_list("pk", "status", "title", "edit_key", "updated_at"))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", ["stranger", "submitter", "halfway"])
def test_nor_do_djangos_own_addresses_let_anybody_in_who_has_not_signed_in(browser_of, things, role, method):
    client = browser_of(role)
    more = {"app_list": ["proposals"], "view_on_site": [1, things["proposal"].pk]}
    for name in OF_DJANGO - {"login", "logout"}:
        response = getattr(client, method)(reverse(f"admin:{name}", args=more.get(name)))
        assert "/admin/login/" in response.get("Location", ""), name


def test_accounts_are_for_the_superuser_alone(browser_of, things):
    for name in names():
        if name.startswith(ACCOUNTS_BEGIN) and name.endswith(("_changelist", "_add")):
            answers = {role: browser_of(role).get(reverse(f"admin:{name}")).status_code for role in ROLES}
            expected = {"reader": 403, "secretary": 403, "superuser": 200}
            assert answers == dict.fromkeys(ROLES, 302) | expected


@pytest.mark.parametrize("action", ["publish", "withdraw"])
@pytest.mark.parametrize("role", ["stranger", "submitter", "halfway", "reader"])
def test_no_other_role_takes_a_step_from_the_list(browser_of, things, role, action):
    take(browser_of(role), action, things["proposal"])
    assert Proposal.objects.get().status == Status.SUBMITTED


@pytest.mark.parametrize("button", ["_publish", "_return", "_withdraw", "_save"])
def test_a_reader_saves_nothing_with_a_button(browser_of, things, button):
    proposal = things["proposal"]
    response = browser_of("reader").post(
        reverse("admin:proposals_proposal_change", args=[proposal.pk]), {"title": "Ändrad", button: "1"}
    )
    assert response.status_code == 403
    proposal.refresh_from_db()
    assert (proposal.title, proposal.status) == ("Grön el", Status.SUBMITTED)


def test_a_reader_sees_drafts_but_no_edit_link(browser_of, things, make_proposal):
    make_proposal(status=Status.DRAFT, title="Ett utkast")
    client = browser_of("reader")
    assert "Ett utkast" in client.get(LIST).content.decode()
    for name in TABLE:
        assert "k" * 43 not in client.get(address(name, things)).content.decode()


def test_the_edit_link_opens_nothing_but_its_own_proposal(browser_of, things, make_proposal):
    other = make_proposal(title="En annans", edit_key="o" * 43, submitter_email="bo@example.com")
    client = browser_of("submitter")
    assert "En annans" not in client.get(things["proposal"].get_edit_url()).content.decode()
    posted = {"title": "Kapat", "background": "x", "submitter_email": "anna@example.com", "action": "submit"}
    client.post(things["proposal"].get_edit_url(), posted | {"id": other.pk, "pk": other.pk})
    other.refresh_from_db()
    assert other.title == "En annans"
