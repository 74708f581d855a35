"""What somebody had typed when they turned out to have to sign in again: kept until it can be sent once more.

It is in the session, so nobody but the browser that sent it can have put it there or sees it, and nothing is done with
it until the person presses the button on the page that shows it.
"""

import re

from django.conf import settings
from django.contrib import messages

from proposals import throttle

NAME = "unsaved"
NEVER_KEPT = re.compile("password|^csrfmiddlewaretoken$")
LARGEST = 300_000  # characters: three times a proposal as long as it may be
PER_HOUR = 30  # from one address, because anybody may post to the admin's addresses
NOT_KEPT = (
    "Inget är sparat, och det du hade skrivit gick inte att behålla här. Gå tillbaka med webbläsarens bakåtknapp och "
    "kopiera det, innan du loggar in igen."
)
SHORT = 40  # characters; what is longer is shown


def keep(request):
    """Keep the posted fields and where they were going, of a post that Django has found not to be forged.

    False when there was nothing to keep, or no room for it; then a message says so. Passwords and files aren't kept.
    """
    bool(request.user.is_authenticated)  # empties a session that has ended, before something is put into it
    fields = _fields(request)
    if not fields:
        return False
    size = sum(len(name) + len(value) for name, value in fields)
    if size > LARGEST or not throttle.take_slot(request, "unsaved", PER_HOUR, 3600):
        messages.warning(request, NOT_KEPT)
        return False
    request.session[NAME] = {
        "address": request.get_full_path(),
        "fields": fields,
        "files": [file.name for file in request.FILES.values()],
    }
    return True


def _fields(request):
    """(name, value) of what is worth keeping: nothing that was sent to no page, or to one where people sign in."""
    page = request.resolver_match.url_name
    if page is None or page.startswith("login"):
        return []
    posted = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in posted if not NEVER_KEPT.search(name)]


def comes_from_here(request):
    """Whether a post that Django takes for forged was made on a page of this site: its token is older than a sign-in.

    The browser says so in Origin, which no other site can set; without cookies there is nothing to keep the text in.
    """
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") == here and settings.CSRF_COOKIE_NAME in request.COOKIES


def kept(request):
    """What is kept, as a page shows it: where it was going, (name, value, whether it is long) and the files' names."""
    found = request.session.get(NAME)
    if not found:
        return None
    typed = [(name, value, len(value) > SHORT or "\n" in value) for name, value in found["fields"]]
    return {"address": found["address"], "typed": typed, "files": found["files"]}


def drop_once_taken(request, response):
    """Forget what is kept when the address that it was going to has taken it."""
    found = request.session.get(NAME)
    if found and found["address"] == request.get_full_path() and response.status_code == 302:
        del request.session[NAME]
