"""Who may do what: each role at every address of the site with every method."""

import copy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from proposals.models import Contact, Mail, Proposal, ProposalContact, Region, Status
from proposals.workflow.recording import recorded_change
from tests.addresses import METHODS, OTHER_KEY, address, routes
from tests.admin.test_admin import LIST, take

# "halfway" has signed in before the second factor was required, and has none
ROLES = ["stranger", "submitter", "halfway", "reader", "secretary", "superuser"]
STAFF = ["reader", "secretary", "superuser"]


def answers(read, post, other=405):
    """The status for each of METHODS: GET and HEAD, POST, and those that nothing here understands."""
    return (read, read, post, *[other] * 4)


SIGN_IN, REFUSED, NOT_FOUND = answers(302, 302, 302), answers(403, 403), answers(404, 404)


def everybody(*statuses):
    return dict.fromkeys(ROLES, answers(*statuses))


def holder(*statuses):
    """For whoever has the key, which nobody else's account makes up for."""
    return dict.fromkeys(ROLES, NOT_FOUND) | {"submitter": answers(*statuses)}


def staff(*statuses):
    return dict.fromkeys(ROLES, SIGN_IN) | dict.fromkeys(STAFF, answers(*statuses))


def secretariat(*statuses):
    return staff(*statuses) | {"reader": REFUSED}


def named(before, models, *views):
    return [f"{before}_{model}_{view}" for model in models.split() for view in views]


REGISTERS = "contact meeting proposal region synonym targetgroup"
SECRETARIATS_OWN = "latelink mail missedquery"
# {what is answered: the addresses}, by name or, without one, by route
TABLE = [
    (
        everybody(200, 405),
        [
            *("proposal_list", "proposal_detail", "meeting_list", "meeting_detail", "meeting_booklet"),
            *("meeting_statistics", "about", "accessibility", "privacy", "feed", "calendar", "robots", "sitemap"),
            "health",
        ],
    ),
    (
        everybody(404, 405),  # in the two formats that are asked for, see tests/booklet/test_views.py
        ["proposal_booklet"],
    ),
    (everybody(302, 405), ["favicon"]),
    (everybody(200, 200), ["proposal_new", "edit_link_request"]),
    (everybody(405, 200), ["proposal_alike"]),
    (everybody(302, 302), ["proposal_receipt"]),  # nobody here has just sent one in
    (holder(200, 200), ["proposal_edit", "proposal_late"]),
    (holder(200, 302), ["proposal_withdraw"]),
    # Django's own for whoever may sign in
    (
        dict.fromkeys(ROLES, (200, 200, 200, 200, 405, 405, 200))
        | dict.fromkeys(STAFF, (302, 200, 200, 200, 405, 405, 200)),
        ["admin:login"],
    ),
    (everybody(302, 302), ["admin:login_code", "admin:login_set_up"]),  # only between password and code
    (staff(302, 405), ["admin:unsaved"]),  # nothing is
    (staff(405, 200), ["admin:logout"]),
    (staff(200, 200), ["admin:index", "admin:password_change", "admin:app_list"]),
    (staff(200, 405), ["admin:password_change_done", "admin:jsi18n"]),
    (staff(200, 405), ["admin:guide", "admin:guide_picture"]),
    (staff(404, 404), [r"admin/(?P<url>.*)$"]),
    (
        staff(302, 302),
        [f"admin/proposals/{model}/<path:object_id>/" for model in f"{REGISTERS} {SECRETARIATS_OWN}".split()]
        + [f"admin/auth/{model}/<path:object_id>/" for model in ["user"]],
    ),
    # What readers see too
    (staff(200, 200), named("admin:proposals", REGISTERS, "changelist")),
    (staff(200, 200), named("admin:proposals", REGISTERS.removeprefix("contact "), "history")),
    (staff(200, 200), named("admin:proposals", "proposal", "compare", "preview")),
    (secretariat(200, 200), ["admin:proposals_contact_simple_history", "admin:proposals_contact_history"]),
    (staff(200, 405), ["admin:proposals_meeting_working_copy"]),
    # A page to read with a button that only the secretariat has
    (
        staff(200, 200) | {"reader": answers(200, 403)},
        named("admin:proposals", REGISTERS.removeprefix("contact "), "change"),
    ),
    (secretariat(200, 200), ["admin:proposals_contact_change"]),
    (staff(200, 200) | {"reader": answers(200, 403)}, ["admin:proposals_proposal_simple_history"]),
    # The secretariat's
    (secretariat(200, 200), named("admin:proposals", REGISTERS, "add")),
    (secretariat(200, 200), named("admin:proposals", "proposal synonym", "delete")),
    (secretariat(302, 302), named("admin:proposals", "contact meeting region targetgroup", "delete")),  # in use
    (secretariat(200, 200), named("admin:proposals", SECRETARIATS_OWN, "changelist", "history", "delete")),
    (secretariat(200, 403), named("admin:proposals", SECRETARIATS_OWN, "change")),
    (secretariat(200, 200), ["admin:proposals_latelink_add", "admin:proposals_mail_examples"]),
    (secretariat(403, 403), named("admin:proposals", "mail missedquery", "add")),
    (secretariat(405, 302), named("admin:proposals", "mail", "send", "send_waiting")),
    (secretariat(405, 302), named("admin:proposals", "proposal", "note", "open", "undo")),
    (secretariat(302, 302), ["admin:proposals_proposal_merge"]),  # the published one is to stay
    (secretariat(405, 302), ["admin:proposals_meeting_order_undo"]),
    (secretariat(200, 200), ["admin:proposals_proposal_many", "admin:proposals_meeting_reminder"]),  # none is chosen
    (secretariat(200, 200), named("admin:proposals", "proposal", "row", "move")),
    (secretariat(405, 302), ["admin:proposals_mail_address"]),
    (secretariat(200, 200), ["admin:proposals_proposal_return", "admin:proposals_meeting_renumber"]),
    (secretariat(200, 302), named("admin:proposals", "proposal", "publish", "withdraw", "edit_link")),
    (secretariat(200, 302), named("admin:proposals", "meeting", "order", "publish")),
    (secretariat(200, 200), ["admin:proposals_meeting_intake"]),
    (secretariat(200, 405), ["admin:proposals_meeting_people"]),
    (secretariat(200, 200), ["admin:proposals_region_addresses", "admin:proposals_mail_text"]),
    # Nothing is chosen
    (secretariat(302, 302), ["admin:proposals_meeting_intake_preview", "admin:proposals_meeting_intake_entry"]),
    (secretariat(405, 302), ["admin:proposals_meeting_intake_undo"]),
    # Accounts
    (
        secretariat(200, 200) | {"secretary": REFUSED},
        [
            *named("admin:auth", "user", "changelist", "add", "history", "change"),
            "admin:auth_user_password_change",
        ],
    ),
    # One's own account
    (secretariat(302, 302) | {"secretary": REFUSED}, ["admin:auth_user_delete"]),
]
WAY_IN = {"admin:logout": "/admin/"}  # not back to where one signs out
ROWS = {name: row for row, names in TABLE for name in names}


@pytest.fixture
def browser_of(reader, secretary, things, settings):
    """A function that gives the browser of somebody in a role."""

    def browser_of(role):
        client = Client(raise_request_exception=True)
        if role == "submitter":
            client.get(things["proposal"].issue_edit_url())
        elif role != "stranger":
            settings.REQUIRE_MFA = role == "halfway"
            superuser = things["user"]
            accounts = {"reader": reader, "secretary": secretary, "superuser": superuser, "halfway": superuser}
            client.force_login(accounts[role])
        return client

    return browser_of


def address_for(role, name, route, things):
    """Whoever has a link has its key, and nobody else."""
    keys = {"proposal_late": things["latelink"].key}
    return address(route, things, keys.get(name, things["proposal"].edit_key) if role == "submitter" else OTHER_KEY)


def test_every_address_has_one_row():
    assert sorted(routes()) == sorted(name for _, names in TABLE for name in names)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_is_its_own_and_is_refused_the_rest(browser_of, things, role):
    client = browser_of(role)
    cookies, before = copy.deepcopy(client.cookies), state()
    wrong = {}
    for name, route in routes().items():
        row = ROWS[name][role]
        for method, expected in zip(METHODS, row, strict=True):
            with transaction.atomic():
                client.cookies = copy.deepcopy(cookies)  # whoever has signed out is in again
                response = client.generic(method, address_for(role, name, route, things))
                may_change = row != SIGN_IN and method == "POST" and expected in (200, 302)
                if response.status_code != expected:
                    wrong[name, method] = (response.status_code, expected)
                elif row == SIGN_IN and not response["Location"].startswith(WAY_IN.get(name, "/admin/login/?")):
                    wrong[name, method] = response["Location"]
                elif not may_change and before != state():
                    wrong[name, method] = "changed something"
                transaction.set_rollback(True)  # the next request finds everything as it was
    assert wrong == {}


def state():
    return list(Proposal.objects.values_list("pk", "status", "title", "updated_at")), Mail.objects.count()


@pytest.mark.parametrize("action", ["publish", "withdraw"])
@pytest.mark.parametrize("role", ["stranger", "submitter", "reader"])
def test_no_other_role_takes_a_step_from_the_list(browser_of, things, role, action):
    take(browser_of(role), action, things["proposal"])
    assert Proposal.objects.get(pk=things["proposal"].pk).status == Status.SUBMITTED


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
    assert "Ett utkast" in client.get(LIST, {"lage": "utkast"}).content.decode()
    for name, route in routes().items():
        if "logout" not in name:
            answer = client.get(address(route, things))
            assert things["proposal"].edit_key.encode() not in answer.content


def test_a_reader_sees_names_but_no_address_of_anybody(browser_of, things):
    """However it is asked for: in lists, history, earlier versions, previews or files."""
    proposal = things["proposal"]
    bo = Contact.objects.create(name="Bo Exempel", email="bo@secret.example", phone="070-123 45 67")
    with recorded_change(proposal):
        proposal.submitter_email = "anna@secret.example"
        proposal.save()
        ProposalContact.objects.create(proposal=proposal, contact=bo, position=9)
    Region.objects.update(member_emails="member@secret.example")
    client = browser_of("reader")
    for name, route in routes().items():
        if "logout" not in name:
            response = client.get(address(route, things))
            content = response.getvalue() if response.streaming else response.content
            assert b"secret.example" not in content, name
            assert b"123 45 67" not in content, name
    contacts = reverse("admin:proposals_contact_changelist")
    assert "Bo Exempel" in client.get(contacts).content.decode()
    assert "Bo Exempel" not in client.get(contacts, {"q": "secret"}).content.decode()


def test_the_edit_link_opens_nothing_but_its_own_proposal(browser_of, things, make_proposal):
    other = make_proposal(title="En annans", key="o" * 43, submitter_email="bo@example.com")
    client = browser_of("submitter")
    assert "En annans" not in client.get(things["proposal"].issue_edit_url()).content.decode()
    posted = {"title": "Kapat", "background": "x", "submitter_email": "anna@example.com", "action": "submit"}
    client.post(things["proposal"].issue_edit_url(), posted | {"id": other.pk, "pk": other.pk})
    other.refresh_from_db()
    assert other.title == "En annans"
