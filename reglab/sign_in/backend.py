from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q


class AccountBackend(ModelBackend):
    """Django's own, which asks for an account's permissions and its groups' in one query instead of two."""

    def _get_user_permissions(self, user_obj):
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj):
        return Permission.objects.filter(Q(user=user_obj) | Q(group__user=user_obj))
