"""A form whose CSRF token is missing or too old is shown again, so that nothing submitted is lost."""

from django.shortcuts import redirect

from proposals.submission.views import form_again
from reglab.errors.views import stale_form
from reglab.sign_in import stashed_post


def csrf_failure(request, reason=""):
    match = request.resolver_match
    if match and match.app_name == "admin" and stashed_post.is_same_origin(request) and stashed_post.stash(request):
        return redirect("admin:unsaved")
    return (match and form_again(request, match)) or stale_form(request)
