"""Who has given the right password and is asked for the second factor next. Until then they are signed in nowhere."""

import time

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from reglab.sign_in import second_factor, stashed_post

NAME = "pending_login"
SECONDS = 30 * 60  # long enough to find an app and install it


def take(request, user, onward):
    """Remember that `user` has given the right password, and that they want to `onward`, an address of this site."""
    stashed_post.begin_session(request, user)  # so that nobody who knew the key before is as far
    request.session[NAME] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "onward": onward,
        "at": time.time(),
        "key": second_factor.new_key(),
    }


def taken_by(request):
    """The user, or None when no one has given a password, too long ago, or it has been changed since."""
    step = request.session.get(NAME)
    if not step or time.time() > step["at"] + SECONDS:
        return None
    user = User.objects.filter(pk=step["user"], is_active=True, is_staff=True).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), step["password"]) else None


def key(request):
    """The secret for the app that may be set up now: the same when the page is loaded again."""
    return request.session[NAME]["key"]


def begin_again(request):
    """To the page for name and password."""
    step = request.session.pop(NAME, {})
    return redirect_to_login(step.get("onward", reverse("admin:index")), reverse("admin:login"))


def complete(request, user, device):
    """Sign in the user, whose device the code was right for; gives the address that they wanted to."""
    step = request.session.pop(NAME)
    user.otp_device = device  # django-otp notes it in the session
    login(request, user)
    return step["onward"]
