"""A POST from somebody who has to sign in again, stashed in the session until they send it once more.

Only in a browser in which they have signed in before; shown only to the same account in the same browser, and never
sent without them pressing the button.
"""

from django.conf import settings

from proposals import throttle
from reglab.errors.submitted_fields import as_field, submitted_fields
from reglab.sign_in import known_browser

SESSION_KEY = "unsaved"
MAX_CHARACTERS = 300_000  # three times a proposal as long as it may be
PER_HOUR = 30  # in one browser


def fields_to_stash(request):
    """(name, value) pairs; none when the post went to no page, or to one of the sign-in."""
    page = request.resolver_match.url_name
    if page is None or page.startswith("login"):
        return []
    return [(field.name, field.value) for field in submitted_fields(request)]


def stash(request):
    """Stash a post that has passed the CSRF check, without passwords and files.

    False when there is nothing to stash, no room, or no account known in this browser.
    """
    # Reading the account empties a session that has ended, so it comes before something is put into it
    account = request.user.pk if request.user.is_authenticated else None
    browser = known_browser.read(request)
    if account is None and browser:
        account = browser.last_account
    fields = fields_to_stash(request)
    if account is None or not fields or sum(len(name) + len(value) for name, value in fields) > MAX_CHARACTERS:
        return False
    if not throttle.take_slot_of(browser.name if browser else str(account), "unsaved", PER_HOUR, 3600):
        return False
    request.session[SESSION_KEY] = {
        "account": account,
        "browser": browser and browser.name,
        "address": request.get_full_path(),
        "fields": fields,
        "files": [file.name for file in request.FILES.values()],
    }
    return True


def flush_session(request, user):
    """Flush the session, in which somebody else may have put something, but for a post that `user` stashed here."""
    browser = known_browser.read(request)
    stashed = request.session.get(SESSION_KEY, {})
    is_theirs = (stashed.get("account"), stashed.get("browser")) == (user.pk, browser and browser.name)
    request.session.flush()
    if is_theirs:
        request.session[SESSION_KEY] = stashed


def is_same_origin(request):
    """Whether a post that failed the CSRF check comes from a page of this site, whose token is older than a sign-in.

    No other site can set Origin; without cookies there is no session to stash the post in.
    """
    own_origin = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") == own_origin and settings.CSRF_COOKIE_NAME in request.COOKIES


def stashed(request):
    """Template context of the stashed post; None when there is none."""
    post = request.session.get(SESSION_KEY)
    if not post:
        return None
    fields = [as_field(name, value) for name, value in post["fields"]]
    return {"address": post["address"], "submitted_fields": fields, "files": post["files"]}


def drop_if_accepted(request, response):
    post = request.session.get(SESSION_KEY)
    if post and post["address"] == request.get_full_path() and response.status_code == 302:
        del request.session[SESSION_KEY]
