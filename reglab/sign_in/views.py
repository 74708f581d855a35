"""The pages of the admin's sign-in: password, second factor, and the stashed post."""

from functools import partial

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LoginView
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from reglab.errors.submitted_fields import submitted_fields
from reglab.sign_in import known_browser, pending_login, second_factor, stashed_post
from reglab.sign_in.attempts import with_retry_after
from reglab.sign_in.forms import CodeForm, PasswordForm

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
hide_code = sensitive_post_parameters("code")


class PasswordPage(LoginView):
    authentication_form = PasswordForm
    template_name = "sign_in/login.html"
    next_page = "admin:index"

    def form_valid(self, form):
        user = form.get_user()
        if not settings.REQUIRE_MFA:
            stashed_post.flush_session(self.request, user)
            return known_browser.remember(self.request, super().form_valid(form), user)
        pending_login.begin(self.request, user, self.get_success_url())
        return redirect("admin:login_code")

    def form_invalid(self, form):
        return with_retry_after(super().form_invalid(form), form)


@never_cache
@get_or_post
@hide_code
def code(request):
    user = pending_login.pending_user(request)
    if user is None:
        return pending_login.restart(request)
    if not second_factor.is_set_up(user):
        return redirect("admin:login_set_up")
    form = _code_form(request, user, partial(second_factor.matching_device, user))
    if request.method == "POST" and form.is_valid():
        return known_browser.remember(request, redirect(pending_login.complete(request, user, form.device)), user)
    return with_retry_after(_page(request, "login_code", "Skriv koden", form=form), form)


@never_cache
@get_or_post
@hide_code
def set_up(request):
    user = pending_login.pending_user(request)
    if user is None:
        return pending_login.restart(request)
    if second_factor.is_set_up(user):
        return redirect("admin:login_code")
    key = pending_login.key(request)
    form = _code_form(request, user, partial(second_factor.set_up, user, key))
    if request.method == "POST" and form.is_valid():
        onward = pending_login.complete(request, user, form.device)
        codes = second_factor.recovery_codes(user)
        page = _page(request, "login_recovery_codes", "Spara reservkoderna", codes=codes, onward=onward)
        return known_browser.remember(request, page, user)
    setup_key = second_factor.SetupKey(user, key)
    return with_retry_after(_page(request, "login_set_up", "Koppla en app", form=form, setup_key=setup_key), form)


@require_safe
def unsaved(request):
    stashed = stashed_post.stashed(request)
    if stashed is None:
        return redirect("admin:index")
    return _page(request, "unsaved", "Du är inloggad igen. Det du hade skrivit finns kvar", **stashed)


def signed_out_post(request):
    context = {"submitted_fields": submitted_fields(request), "has_files": bool(request.FILES)}
    return render(request, "sign_in/signed_out_post.html", context, status=403)


def _code_form(request, user, check):
    return CodeForm(request.POST if request.method == "POST" else None, request=request, user=user, check=check)


def _page(request, name, title, **context):
    return render(request, f"sign_in/{name}.html", {**admin.site.each_context(request), "title": title, **context})
