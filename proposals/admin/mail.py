from datetime import date, timedelta

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from proposals import emails
from proposals.admin.pages import page_urls, render_page
from proposals.models import Contact, LateLink, Mail, Meeting, Proposal, ProposalContact, Region


class StateFilter(admin.SimpleListFilter):
    title = "läge"
    parameter_name = "lage"

    def lookups(self, request, model_admin):
        return [("ej-skickade", "Inte skickade")]

    def queryset(self, request, queryset):
        return queryset.unsent() if self.value() else queryset


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    list_display = ["created_at", "kind", "to", "subject", "state"]
    list_display_links = ["subject"]
    list_filter = [StateFilter, "kind", "meeting"]
    search_fields = ["to", "subject"]
    fields = ["kind", "to", "reply_to", "subject", "body", "created_at", "state", "error"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="läge")
    def state(self, mail):
        if mail.sent_at:
            return f"skickat {timezone.localtime(mail.sent_at):%Y-%m-%d %H.%M}"
        if mail.collected_in_id:
            return "med i ett samlat mejl"
        return "osäkert om det gick iväg" if mail.is_uncertain else "inte skickat"

    def get_urls(self):
        views = {
            "<int:key>/send/": ("send", send_again),
            "send/": ("send_waiting", send_waiting),
            "examples/": ("examples", mail_examples),
        }
        return page_urls(self, views) + super().get_urls()


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


@permission_required("proposals.view_mail", raise_exception=True)
def mail_examples(request):
    """Show every kind of mail with example data, created in a transaction that is rolled back."""
    with transaction.atomic():
        mails = []
        for mail in _examples():
            emails.compose(mail)
            mails.append(mail)
        transaction.set_rollback(True)
    return render_page(request, "mail/examples", "Alla mejl, med påhittade uppgifter", mails=mails)


def _examples():
    proposal = _example_proposal()
    for kind in (emails.draft, emails.receipt, emails.new_proposal, emails.changed, emails.returned, emails.completed):
        yield kind(proposal)
    proposal.number = 7
    yield emails.published(proposal)
    yield emails.withdrawn(proposal)
    proposal.number = None
    for kind in (emails.withdrawn_by_submitter, emails.restored, emails.edit_link):
        yield kind(proposal)
    sender = {"name": "Anna Exempel", "email": "anna@example.com", "reason": "Exempel"}
    meeting = proposal.meeting
    yield emails.late_link(LateLink.objects.create(meeting=meeting, expires_at=meeting.closes_at, **sender))
    yield emails.reminder(meeting, Region(name="Region Exempel"), "anna@example.com")
    to = {"to": "anna@example.com", "reply_to": settings.SECRETARIAT_EMAIL}
    collecting = Mail.objects.create(kind=Mail.Kind.COLLECTED, **to)
    for kind in (Mail.Kind.RECEIPT, Mail.Kind.CHANGED):
        Mail.objects.create(kind=kind, proposal=proposal, collected_in=collecting, **to)
    yield collecting


def _example_proposal():
    last = Meeting.objects.order_by("date").last()
    free_date = max(last.date if last else date.min, timezone.localdate()) + timedelta(days=120)
    meeting = Meeting.objects.create(date=free_date, title="Exempelmötet")
    proposal = Proposal.objects.create(
        meeting=meeting,
        title="Ett förslag som exempel",
        background="Så här ser bakgrunden ut.",
        purpose="Ett syfte.\n\n- En punkt\n- En punkt till",
        submitter_name="Anna Exempel",
        submitter_email="anna@example.com",
        return_message="Vem ska delta, och vad ska de kunna efteråt?",
    )
    contact, _ = Contact.objects.get_or_create(name="Bo Exempel", title="strateg", email="bo@example.com", phone="")
    ProposalContact.objects.create(proposal=proposal, contact=contact)
    return proposal
