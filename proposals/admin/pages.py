"""Helpers for views outside Django's ModelAdmin."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_http_methods

allow_get_and_post = require_http_methods(["GET", "HEAD", "POST"])
requires_change_permission = permission_required("proposals.change_proposal", raise_exception=True)
requires_view_permission = permission_required("proposals.view_proposal", raise_exception=True)


def may_see_addresses(user):
    """Whether the user sees mail addresses and phone numbers; readers see names alone."""
    return user.has_perm("proposals.change_proposal")


def is_key(text):
    """Whether the text is a valid primary key, within the range of a bigint."""
    return text.isdecimal() and len(text) <= 18


def page_urls(model_admin, views):
    """Return URL patterns for {route: (name, view)}, with names such as proposals_meeting_<name>."""
    prefix = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"
    return [
        path(route, model_admin.admin_site.admin_view(view), name=f"{prefix}_{name}")
        for route, (name, view) in views.items()
    ]


def render_page(request, template, title, **context):
    """Render the template admin/proposals/<template>.html with the context of the admin site."""
    context = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"admin/proposals/{template}.html", context)
