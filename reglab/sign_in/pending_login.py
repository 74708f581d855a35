"""A login between the password and the second factor. Until it is complete nobody is signed in."""

import time

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from reglab.sign_in import second_factor, stashed_post

SESSION_KEY = "pending_login"
SECONDS = 30 * 60  # long enough to find an app and install it


def begin(request, user, onward):
    """Remember that `user` has given the right password; `onward` is where they go after the second factor."""
    stashed_post.flush_session(request, user)  # whoever knew the session's key before doesn't get as far
    request.session[SESSION_KEY] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "onward": onward,
        "at": time.time(),
        "key": second_factor.new_key(),
    }


def pending_user(request):
    """None without a right password, too long after it, or when it has been changed since."""
    pending = request.session.get(SESSION_KEY)
    if not pending or time.time() > pending["at"] + SECONDS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True, is_staff=True).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), pending["password"]) else None


def key(request):
    return request.session[SESSION_KEY]["key"]


def restart(request):
    pending = request.session.pop(SESSION_KEY, {})
    return redirect_to_login(pending.get("onward", reverse("admin:index")), reverse("admin:login"))


def complete(request, user, device):
    """Sign in `user`, whose `device` accepted the code. Returns the address to go on to."""
    pending = request.session.pop(SESSION_KEY)
    user.otp_device = device  # django-otp stores it in the session
    login(request, user)
    return pending["onward"]
