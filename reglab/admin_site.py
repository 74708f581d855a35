"""The admin's site as the project runs it: who gets in, and what the addresses of its pages may ask."""

from functools import wraps

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from proposals.admin.site import DeskSite
from reglab.admin_lookups import CheckedAdmin, FormCompletion
from reglab.sign_in import known_browser, stashed_post, views


class GuardedSite(DeskSite):
    """The secretariat's desk behind the project's sign-in."""

    def register(self, model_or_iterable, admin_class=None, **options):
        base = admin_class or ModelAdmin
        checked = type(base.__name__, (CheckedAdmin, base), {"__module__": base.__module__})
        super().register(model_or_iterable, checked, **options)

    def autocomplete_view(self, request):
        return FormCompletion.as_view(admin_site=self)(request)

    def has_permission(self, request):
        """For staff, where a second factor is required only with it."""
        return super().has_permission(request) and (not settings.REQUIRE_MFA or request.user.otp_device is not None)

    def login(self, request, extra_context=None):
        """Our own page for name and password; somebody who is signed in needs none."""
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        context = {**self.each_context(request), "title": "Logga in", **(extra_context or {})}
        return never_cache(views.PasswordPage.as_view(extra_context=context))(request)

    def password_change(self, request, extra_context=None):
        """As Django's, and the browser stays known."""
        response = super().password_change(request, extra_context)
        return known_browser.remember(request, response, request.user) if response.status_code == 302 else response

    def get_urls(self):
        return [
            path("login/code/", views.code, name="login_code"),
            path("login/set-up/", views.set_up, name="login_set_up"),
            path("unsaved/", self.admin_view(views.unsaved_text), name="unsaved"),
            *(url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"),
        ]

    def admin_view(self, view, cacheable=False):
        """As Django's, but what somebody has typed isn't lost to a session that has ended meanwhile.

        Whether the post is a forged one has been checked before, by the middleware.
        """
        guarded = super().admin_view(_checked(view), cacheable)

        @wraps(guarded)
        def keeping(request, *args, **kwargs):
            if request.method != "POST":
                return guarded(request, *args, **kwargs)
            if not self.has_permission(request) and stashed_post.fields(request):
                if stashed_post.keep(request):
                    return redirect_to_login(reverse("admin:unsaved"), reverse("admin:login"))
                return views.not_kept(request)
            response = guarded(request, *args, **kwargs)
            if self.has_permission(request):
                stashed_post.drop_once_taken(request, response)
            return response

        return keeping


def _checked(view):
    """Every page of the admin is for reading or posting; Django itself would take a PUT or DELETE for reading."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def checked(request, *args, **kwargs):
        # The one parameter of Django's own that it trips over when it is there and empty
        if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
            raise BadRequest
        return view(request, *args, **kwargs)

    return checked
