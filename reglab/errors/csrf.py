"""What to do with a form whose CSRF token is missing or too old: show it again, so that nothing typed is lost."""

from django.shortcuts import redirect

from proposals.submission.views import form_again
from reglab.errors.views import stale_form
from reglab.sign_in import stashed_post


def csrf_failure(request, reason=""):
    match = request.resolver_match
    if match and match.app_name == "admin" and stashed_post.comes_from_here(request) and stashed_post.keep(request):
        return redirect("admin:unsaved")
    return (match and form_again(request, match)) or stale_form(request)
