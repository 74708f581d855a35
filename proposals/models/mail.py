from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from proposals.models.late_link import LateLink
from proposals.models.link_key import LinkKey
from proposals.models.meeting import Meeting
from proposals.models.region import Region
from proposals.text_input.model_fields import LineField, ParagraphsField

JUST_NOW = timedelta(minutes=5)  # longer than any attempt to send lasts
LONG = timedelta(minutes=15)  # a timer tries again each minute
WINDOW = timedelta(hours=1)
LONGEST_PAUSE = timedelta(hours=6)
# What stands in the answer of a mail server → what that means
PLAIN_REASONS = {
    "5.1.1": "adressen finns inte",
    "5.1.2": "adressens domän finns inte",
    "user unknown": "adressen finns inte",
    "no such user": "adressen finns inte",
    "does not exist": "adressen finns inte",
    "mailbox unavailable": "adressen finns inte",
    "5.2.2": "brevlådan är full",
    "mailbox full": "brevlådan är full",
    "5.7": "mottagarens server tar inte emot våra mejl",
    "spam": "mottagarens server tar inte emot våra mejl",
    "authentication": "vår egen mejlserver godtar inte inloggningen",
    "brevlådan får redan": "brevlådan får redan många mejl",
    "timed out": "servern svarade inte",
    "connection": "servern svarade inte",
    "name or service": "servern svarade inte",
}


class MailQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(sent_at=None, begun_at=None, collected_in=None)

    def due(self):
        """Those to be sent now, oldest first; what was permanently refused waits for a person."""
        now = timezone.now()
        return (
            self.waiting()
            .filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now), is_refused=False)
            .order_by("pk")
        )

    def unsent(self):
        """Those that haven't gone, as far as is known: failed, or interrupted while being sent."""
        postponed = Q(error="", begun_at=None, next_attempt_at__gt=timezone.now())
        return self.filter(sent_at=None, collected_in=None).exclude(postponed)

    def limited(self):
        """Those that a stranger can cause by typing somebody's address."""
        return self.filter(kind__in=Mail.LIMITED)

    def settled(self):
        """Exclude those that are being sent right now."""
        return self.exclude(sent_at=None, begun_at__gt=timezone.now() - JUST_NOW)

    def overdue(self):
        """Those that should have gone long ago."""
        late = timezone.now() - LONG
        on_time = Q(error="", begun_at=None, next_attempt_at__gt=late)
        return self.unsent().filter(created_at__lt=late).exclude(on_time)

    def of_meetings_before(self, day):
        """Those about meetings before `day` or their proposals, and older ones about neither."""
        about = Q(meeting__date__lt=day) | Q(proposal__meeting__date__lt=day)
        about |= Q(meeting=None, proposal=None, created_at__date__lt=day)
        return self.filter(about).exclude(proposal__open_until__gt=timezone.now())

    def begin(self, mail):
        """Claim a waiting mail; False when another process has, so that none is sent twice."""
        return bool(self.waiting().filter(pk=mail.pk).update(begun_at=timezone.now()))

    def finish(self, mail):
        self.filter(pk=mail.pk).update(sent_at=timezone.now(), error="")

    def give_back(self, mail):
        """Let a mail that wasn't or may not have been sent be sent again, now."""
        self.filter(pk=mail.pk, sent_at=None).update(begun_at=None, next_attempt_at=None, is_refused=False)

    def flag_as_possibly_sent(self):
        """After a restore, flag unsent mail as possibly already sent."""
        self.waiting().update(begun_at=timezone.now())

    def postpone(self, mail, error, is_refused=False):
        """Record the error, and retry after a pause that grows with each attempt."""
        pause = min(timedelta(minutes=2 ** min(mail.attempts, 10)), LONGEST_PAUSE)
        self.waiting().filter(pk=mail.pk).update(
            error=error[:500],
            attempts=F("attempts") + 1,
            next_attempt_at=timezone.now() + pause,
            is_refused=is_refused,
        )

    def collect(self, mail, until):
        """Have a waiting mail summarized in the one that its recipient gets at `until`."""
        if mail.kind == Mail.Kind.COLLECTED:
            self.waiting().filter(pk=mail.pk).update(next_attempt_at=until)
            return
        others = self.waiting().filter(kind=Mail.Kind.COLLECTED, mailbox=mail.mailbox).exclude(to__iexact=mail.to)
        is_first_name = mail.to.lower() == mail.mailbox or LinkKey.objects.is_known(mail.to)
        if others.exists() and not is_first_name:
            # Else a stranger could put off what its owner waits for, with one spelling after the other
            self.postpone(mail, "Brevlådan får redan många mejl under en annan stavning av adressen.", is_refused=True)
            return
        with transaction.atomic():
            same = self.waiting().filter(kind=Mail.Kind.COLLECTED, to__iexact=mail.to, is_refused=False)
            collecting = same.order_by("pk").first() or self.create(
                kind=Mail.Kind.COLLECTED, to=mail.to, reply_to=settings.SECRETARIAT_EMAIL, next_attempt_at=until
            )
            self.waiting().filter(pk=mail.pk).update(collected_in=collecting)

    def full_until(self, mailbox, limit):
        """When a mailbox may get its next limited mail; None unless it has had `limit` within an hour."""
        begun = self.limited().filter(mailbox=mailbox, begun_at__gt=timezone.now() - WINDOW).order_by("-begun_at")
        earliest = list(begun.values_list("begun_at", flat=True)[limit - 1 : limit])
        return earliest[0] + WINDOW if earliest else None


def mailbox_of(address):
    """The address by which mails are counted: lower case, IDNA, without a +suffix."""
    name, _, domain = address.lower().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return f"{name.partition('+')[0] or name}@{domain}"


class Mail(models.Model):
    """One mail, kept in the same transaction as what it tells of: it is sent once, and a failure is seen."""

    class Kind(models.TextChoices):
        """Each has its templates, emails/<kind>.subject.txt and .body.txt."""

        DRAFT = "draft", "utkast sparat"
        RECEIPT = "receipt", "kvitto"
        CHANGED = "changed", "kvitto på ändring"
        RETURNED = "returned", "komplettering"
        PUBLISHED = "published", "publicerat"
        WITHDRAWN = "withdrawn", "återtaget"
        RESTORED = "restored", "återtagande ångrat"
        MERGED = "merged", "sammanslaget"
        UNMERGED = "unmerged", "sammanslagning ångrad"
        EDIT_LINKS = "edit_links", "redigeringslänkar"
        LATE_LINK = "late_link", "sen länk"
        REMINDER = "reminder", "påminnelse"
        UNFINISHED = "unfinished", "påminnelse om det som är påbörjat"
        LETTER = "letter", "meddelande"
        NEW_PROPOSAL = "new_proposal", "nytt förslag"
        COMPLETED = "completed", "kompletterat förslag"
        WITHDRAWN_BY_SUBMITTER = "withdrawn_by_submitter", "återtaget av förslagsställaren"
        COLLECTED = "collected", "flera händelser i ett mejl"

    LIMITED = (
        *(Kind.DRAFT, Kind.RECEIPT, Kind.CHANGED, Kind.WITHDRAWN, Kind.EDIT_LINKS, Kind.COLLECTED),
        *(Kind.NEW_PROPOSAL, Kind.COMPLETED, Kind.WITHDRAWN_BY_SUBMITTER),
    )

    kind = models.CharField("slag", max_length=30, choices=Kind)
    to = models.EmailField("till")
    mailbox = models.EmailField(editable=False)
    reply_to = models.EmailField("svar till")
    # Empty until it is composed, when it is sent; the keys of links are left out
    subject = models.CharField("ämne", max_length=500, blank=True)
    body = models.TextField("text", blank=True)
    # What the secretariat wrote itself: all of a letter, above the standard text of a reminder
    own_subject = LineField("egen ämnesrad", max_length=200, blank=True, editable=False)
    own_text = ParagraphsField("egen text", max_length=5000, blank=True, editable=False)
    # Which reminder about the same thing it is, from 1; empty for other mails
    reminder_number = models.PositiveSmallIntegerField(null=True, editable=False)
    proposal = models.ForeignKey(
        "proposals.Proposal", models.CASCADE, verbose_name="förslag", related_name="mails", null=True
    )
    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name="möte", related_name="mails", null=True)
    region = models.ForeignKey(Region, models.SET_NULL, related_name="+", null=True)
    late_link = models.ForeignKey(LateLink, models.SET_NULL, related_name="mails", null=True)
    # The mail that told its recipient of this one as well
    collected_in = models.ForeignKey("self", models.CASCADE, related_name="collected", null=True)
    created_at = models.DateTimeField("skapat", auto_now_add=True)
    begun_at = models.DateTimeField("påbörjat", null=True)
    sent_at = models.DateTimeField("skickat", null=True)
    error = models.CharField("fel", max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField("försök", default=0)
    next_attempt_at = models.DateTimeField("nästa försök", null=True)
    is_refused = models.BooleanField("avvisat", default=False)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "mejl"
        verbose_name_plural = "mejl"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "to", "reminder_number"],
                condition=Q(kind="reminder"),
                name="mail_each_reminder_once",
                violation_error_message="Adressen har redan fått den påminnelsen om mötet.",
            ),
            models.UniqueConstraint(
                fields=["proposal", "reminder_number"],
                condition=Q(kind="unfinished"),
                name="mail_each_proposal_reminder_once",
                violation_error_message="Förslagsställaren har redan fått den påminnelsen.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["reminder", "unfinished"], reminder_number__isnull=False)
                | (~Q(kind__in=["reminder", "unfinished"]) & Q(reminder_number=None)),
                name="mail_numbered_if_reminder",
                violation_error_message="Bara en påminnelse har ett nummer.",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(begun_at__isnull=False),
                name="mail_begun_before_sent",
                violation_error_message="Ett skickat mejl måste ha påbörjats.",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(sent_at=None), name="mail_unsent"),
            models.Index(fields=["mailbox", "begun_at"], name="mail_of_mailbox"),
        ]

    def __str__(self):
        return self.subject or self.get_kind_display()

    def save(self, *args, **kwargs):
        self.mailbox = mailbox_of(self.to)
        super().save(*args, **kwargs)

    @property
    def is_uncertain(self):
        """Whether the server stopped while sending it, so that nobody knows if it arrived."""
        return self.sent_at is None and self.begun_at is not None

    @property
    def reason(self):
        """Why it hasn't gone, in plain words."""
        if self.is_uncertain:
            return "osäkert om det gick iväg"
        error = self.error.lower()
        return next((words for sign, words in PLAIN_REASONS.items() if sign in error), "gick inte att skicka")
