from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q, TextChoices
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from proposals import emails, workflow
from proposals.admin.mails.examples import mail_examples
from proposals.admin.mails.texts import mail_text
from proposals.admin.menu import menu_of
from proposals.admin.pages import page_urls
from proposals.admin.proposal_list.proposal_list import REFERENCE
from proposals.models import Mail
from proposals.text_input.form_fields import AddressField


class MailTab(TextChoices):
    ALL = "alla", "Alla"
    UNSENT = "ej-skickade", "Gick inte iväg"
    WAITING = "vantar", "Väntar"
    SENT = "skickade", "Skickade"

    def of(self, mails):
        """Return those of the queryset that the tab shows."""
        unsent = Q(pk__in=Mail.objects.unsent().order_by().values("pk"))
        done = Q(sent_at__isnull=False) | Q(collected_in__isnull=False)
        conditions = {MailTab.ALL: Q(), MailTab.UNSENT: unsent, MailTab.SENT: done, MailTab.WAITING: ~unsent & ~done}
        return mails.filter(conditions[self])


class StateFilter(admin.SimpleListFilter):
    title = "läge"
    parameter_name = "lage"
    template = "admin/proposals/proposal/_tabs.html"

    def lookups(self, request, model_admin):
        return MailTab.choices

    def queryset(self, request, queryset):
        return MailTab(self.value()).of(queryset) if self.value() in MailTab.values else queryset

    def choices(self, changelist):
        pks = {tab.name: tab.of(Mail.objects.order_by()).values("pk") for tab in MailTab}
        counts = Mail.objects.aggregate(**{name: Count("pk", filter=Q(pk__in=found)) for name, found in pks.items()})
        chosen = self.value() or MailTab.ALL
        for tab in MailTab:
            query = changelist.get_query_string({self.parameter_name: tab.value}, ["p"])
            yield {
                "display": tab.label,
                "count": counts[tab.name],
                "selected": tab.value == chosen,
                "query_string": query,
            }


class AddressForm(forms.Form):
    address = AddressField(
        label="Rätt adress",
        error_messages={
            "required": "Skriv adressen.",
            "invalid": "Skriv hela mejladressen, till exempel namn@example.com.",
        },
    )


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    list_display = ["subject", "to", "kind", "created_at"]
    list_filter = [StateFilter, "kind", "meeting"]
    list_per_page = 30
    show_full_result_count = False
    search_fields = ["to", "subject"]
    fields = ["kind", "to", "reply_to", "subject", "body", "created_at", "error"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("proposal")

    def get_search_results(self, request, queryset, search_term):
        if reference := REFERENCE.fullmatch(search_term):
            return queryset.filter(proposal=reference[1]), False
        return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", None) and response.context_data.get("cl")
        if changelist:
            tabs = next(spec for spec in changelist.filter_specs if isinstance(spec, StateFilter))
            failed = menu_of(request).failed_mails
            response.context_data.update(tabs=tabs, failed=failed, title="Mejl från webbplatsen")
        return response

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["address_form"] = AddressForm(initial={"address": obj.to})
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_urls(self):
        views = {
            "<int:key>/send/": ("send", send_again),
            "<int:key>/address/": ("address", correct_address),
            "send/": ("send_waiting", send_waiting),
            "examples/": ("examples", mail_examples),
            "texts/<str:kind>/": ("text", mail_text),
        }
        return page_urls(self, views) + super().get_urls()


@permission_required("proposals.change_mail", raise_exception=True)
@require_POST
def correct_address(request, key):
    """Send a failed mail to another address, and use that one from now on."""
    mail = get_object_or_404(Mail.objects.unsent().settled(), pk=key)
    form = AddressForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["address"][0])
        return redirect("admin:proposals_mail_change", mail.pk)
    old = mail.to
    workflow.correct_address(mail, form.cleaned_data["address"])
    messages.success(request, f"{old} är ändrad till {mail.to}, och mejlet är på väg.")
    return redirect("admin:proposals_mail_changelist")


@permission_required("proposals.change_mail", raise_exception=True)
@require_POST
def send_again(request, key):
    """Send a failed mail, or one that may have been sent already."""
    for mail in Mail.objects.unsent().settled().filter(pk=key):
        Mail.objects.give_back(mail)
        emails.deliver([mail])
        mail.refresh_from_db()
        if mail.collected_in_id:
            notice = f"{mail.to} har fått många mejl den senaste timmen. Mejlet kommer med i ett samlat mejl."
            messages.info(request, notice)
        elif mail.sent_at:
            messages.success(request, f"Mejlet till {mail.to} är skickat.")
        else:
            messages.error(request, f"Mejlet till {mail.to} gick inte att skicka: {mail.error}")
    return redirect("admin:proposals_mail_changelist")


@permission_required("proposals.change_mail", raise_exception=True)
@require_POST
def send_waiting(request):
    waiting = list(Mail.objects.waiting().order_by("pk"))
    emails.deliver(waiting)
    failed = Mail.objects.waiting().filter(pk__in=[mail.pk for mail in waiting])
    if failed:
        messages.error(request, f"{len(failed)} mejl gick inte att skicka. Felet är: {failed[0].error}")
    else:
        messages.success(request, f"{len(waiting)} mejl är skickade.")
    return redirect("admin:index")
