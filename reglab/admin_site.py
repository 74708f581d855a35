"""The admin site with the project's sign-in, permissions and checked parameters."""

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
from reglab.admin_lookups import CheckedAdmin
from reglab.sign_in import known_browser, stashed_post, views

UNUSED = {"view_on_site", "autocomplete"}  # pages of Django's that tell of any object


class GuardedSite(DeskSite):
    def register(self, model_or_iterable, admin_class=None, **options):
        base = admin_class or ModelAdmin
        checked = type(base.__name__, (CheckedAdmin, base), {"__module__": base.__module__})
        super().register(model_or_iterable, checked, **options)

    def has_permission(self, request):
        return super().has_permission(request) and (not settings.REQUIRE_MFA or request.user.otp_device is not None)

    def login(self, request, extra_context=None):
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        context = {**self.each_context(request), "title": "Logga in", **(extra_context or {})}
        return never_cache(views.PasswordPage.as_view(extra_context=context))(request)

    def password_change(self, request, extra_context=None):
        response = super().password_change(request, extra_context)
        return known_browser.remember(request, response, request.user) if response.status_code == 302 else response

    def get_urls(self):
        return [
            path("login/code/", views.code, name="login_code"),
            path("login/set-up/", views.set_up, name="login_set_up"),
            path("unsaved/", self.admin_view(views.unsaved), name="unsaved"),
            *(url for url in super().get_urls() if getattr(url, "name", "") not in UNUSED),
        ]

    def admin_view(self, view, cacheable=False):
        """As Django's, but a post to a session that has ended is stashed. The CSRF middleware has checked it before."""
        guarded = super().admin_view(_checked(view), cacheable)

        @wraps(guarded)
        def stashing(request, *args, **kwargs):
            if request.method != "POST":
                return guarded(request, *args, **kwargs)
            if not self.has_permission(request) and stashed_post.fields_to_stash(request):
                if stashed_post.stash(request):
                    return redirect_to_login(reverse("admin:unsaved"), reverse("admin:login"))
                return views.signed_out_post(request)
            response = guarded(request, *args, **kwargs)
            if self.has_permission(request):
                stashed_post.drop_if_accepted(request, response)
            return response

        return stashing


def _checked(view):
    """Refuse methods that Django would treat as GET, and the parameter that makes it fail."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def checked(request, *args, **kwargs):
        # Django fails when it is present and empty
        if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
            raise BadRequest
        return view(request, *args, **kwargs)

    return checked
