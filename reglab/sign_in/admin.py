from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_otp.plugins.otp_static import admin as static_admin  # noqa: F401 (registers what is unregistered below)
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp import admin as totp_admin  # noqa: F401
from django_otp.plugins.otp_totp.models import TOTPDevice

from proposals.admin.deletion import RestrictedDeletionAdmin, hide_models
from proposals.templatetags.proposal_texts import moment
from reglab.sign_in import second_factor
from reglab.sign_in.account_rules import AccountForm, AccountPasswordForm, NewAccountForm, role_of, why_not_deleted

# django-otp's pages show secrets to everybody with permission to view the rows; groups are those of the roles
admin.site.unregister([TOTPDevice, StaticDevice, User, Group])


@admin.register(User)
class AccountAdmin(RestrictedDeletionAdmin, UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    add_form_template = None
    change_password_form = AccountPasswordForm
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        ("Vad får personen göra?", {"fields": ["role"]}),
        ("Inloggning", {"fields": ["is_active", "last_seen"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        ("Lösenord att börja med", {"fields": ["password1", "password2"]}),
        ("Vad får personen göra?", {"fields": ["role"]}),
    ]
    list_display = ["username", "full_name", "role", "last_seen", "is_active"]
    list_filter = ["is_active", "groups"]
    readonly_fields = ["last_seen"]
    filter_horizontal = ()
    actions = ["forget_second_factor"]

    def get_queryset(self, request):
        apps = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(has_app=Exists(apps)).prefetch_related("groups")

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.editor = request.user
        return form

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Konton", "list_name": "Konton", **(extra_context or {})})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = {"title": "Ändra konto" if object_id else "Nytt konto", "list_name": "Konton"}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def history_view(self, request, object_id, extra_context=None):
        return super().history_view(request, object_id, {"list_name": "Konton", **(extra_context or {})})

    def delete_view(self, request, object_id, extra_context=None):
        return super().delete_view(request, object_id, {"list_name": "Konton", **(extra_context or {})})

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        return super().user_change_password(request, id, form_url)

    def deletion_error(self, request, user):
        return why_not_deleted(user, request.user)

    def get_deleted_objects(self, objs, request):
        return hide_models([TOTPDevice, StaticDevice, StaticToken], super().get_deleted_objects(objs, request))

    def get_list_display(self, request):
        return [*super().get_list_display(request), *(["has_app"] if settings.REQUIRE_MFA else [])]

    @admin.display(description="namn", ordering="last_name")
    def full_name(self, user):
        return user.get_full_name()

    @admin.display(description="roll", ordering="is_superuser")
    def role(self, user):
        return getattr(role_of(user), "label", "Egna rättigheter")

    @admin.display(description="senast inloggad", ordering="last_login")
    def last_seen(self, user):
        return moment(timezone.localtime(user.last_login)) if user.last_login else "aldrig"

    @admin.display(description="har tvåstegskod", boolean=True)
    def has_app(self, user):
        return user.has_app

    def has_forget_permission(self, request):
        return settings.REQUIRE_MFA and request.user.is_superuser

    @admin.action(description="Glöm tvåstegskoden", permissions=["forget"])
    def forget_second_factor(self, request, queryset):
        for user in queryset:
            second_factor.forget(user)
            self.log_change(request, user, "Glömde tvåstegskoden")
            messages.success(request, f"Tvåstegskoden för {user} är glömd. Nästa inloggning kopplar en ny app.")
