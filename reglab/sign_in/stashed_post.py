"""What somebody had typed when they turned out to have to sign in again: kept until it can be sent once more.

It is in the session of a browser in which they have signed in before, and shown to the same account in the same browser
only. Nothing is done with it until the person presses the button on the page that shows it.
"""

from django.conf import settings

from proposals import throttle
from reglab.errors.submitted_fields import as_field, submitted_fields
from reglab.sign_in import known_browser

NAME = "unsaved"
LARGEST = 300_000  # characters: three times a proposal as long as it may be
PER_HOUR = 30  # in one browser


def fields(request):
    """(name, value) of what is worth keeping: nothing that was sent to no page, or to one where people sign in."""
    page = request.resolver_match.url_name
    if page is None or page.startswith("login"):
        return []
    return [(field.name, field.value) for field in submitted_fields(request)]


def keep(request):
    """Keep the posted fields and where they were going, of a post that Django has found not to be forged.

    False when there was nothing to keep, no room for it or nobody to keep it for: a stranger leaves nothing here.
    Passwords and files aren't kept.
    """
    # Empties a session that has ended, before something is put into it
    account = request.user.pk if request.user.is_authenticated else None
    browser = known_browser.read(request)
    if account is None and browser:
        account = browser.last_account
    typed = fields(request)
    if account is None or not typed or sum(len(name) + len(value) for name, value in typed) > LARGEST:
        return False
    if not throttle.take_slot_of(browser.name if browser else str(account), "unsaved", PER_HOUR, 3600):
        return False
    request.session[NAME] = {
        "account": account,
        "browser": browser and browser.name,
        "address": request.get_full_path(),
        "fields": typed,
        "files": [file.name for file in request.FILES.values()],
    }
    return True


def begin_session(request, user):
    """Leave all behind that is in the session as `user` signs in, but for what they were writing in this browser.

    Somebody else may have put the rest there.
    """
    browser = known_browser.read(request)
    found = request.session.get(NAME, {})
    is_theirs = (found.get("account"), found.get("browser")) == (user.pk, browser and browser.name)
    request.session.flush()
    if is_theirs:
        request.session[NAME] = found


def comes_from_here(request):
    """Whether a post that Django takes for forged was made on a page of this site: its token is older than a sign-in.

    The browser says so in Origin, which no other site can set; without cookies there is nothing to keep the text in.
    """
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") == here and settings.CSRF_COOKIE_NAME in request.COOKIES


def kept(request):
    """What is kept, as a page shows it: where it was going, what was typed as SubmittedFields, and the files' names."""
    found = request.session.get(NAME)
    if not found:
        return None
    typed = [as_field(name, value) for name, value in found["fields"]]
    return {"address": found["address"], "typed": typed, "files": found["files"]}


def drop_once_taken(request, response):
    """Forget what is kept when the address that it was going to has taken it."""
    found = request.session.get(NAME)
    if found and found["address"] == request.get_full_path() and response.status_code == 302:
        del request.session[NAME]
