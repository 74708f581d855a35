from datetime import datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from proposals.text_input.model_fields import LineField, ParagraphsField

END_OF_DAY = time(23, 59, 59)
EXAMPLE_INTRODUCTION = (
    "Det här mötet är ett exempel, så att formuläret går att pröva direkt. Kansliet ändrar datum och inbjudan, eller "
    "tar bort mötet, innan medlemmarna bjuds in."
)


class MeetingQuerySet(models.QuerySet):
    def get_by_natural_key(self, date):
        return self.get(date=date)

    def to_show(self, proposals):
        """Meetings to come and those with any of `proposals`, latest first, each with its `count` of them."""
        counted = self.annotate(count=Count("proposals", filter=Q(proposals__in=proposals)))
        return counted.filter(Q(count__gt=0) | Q(date__gte=timezone.localdate())).order_by("-date")

    def open(self, moment=None):
        """Those that take proposals at `moment` (now), the nearest first."""
        moment = moment or timezone.now()
        coming = self.filter(date__gte=timezone.localdate(moment)).exclude(submissions_close_at__lte=moment)
        return coming.exclude(submissions_open_at__gt=moment).order_by("date")

    def receiving(self, moment=None):
        """The meeting that a proposal submitted at `moment` (now) goes to, or None."""
        return self.open(moment).first()

    def next_to_open(self):
        """The meeting whose window opens next, or None."""
        return self.filter(submissions_open_at__gt=timezone.now()).order_by("submissions_open_at").first()

    def just_closed(self):
        """The next meeting to come whose time for proposals is over, or None."""
        coming = self.filter(date__gte=timezone.localdate(), submissions_close_at__lte=timezone.now())
        return coming.order_by("date").first()

    @staticmethod
    def current_of(meetings):
        """The one of `meetings`, latest first, that kansliet works with: the next to come, else the latest."""
        coming = [meeting for meeting in meetings if not meeting.is_over]
        return coming[-1] if coming else next(iter(meetings), None)


class Meeting(models.Model):
    """One round: its proposals are sent in before the meeting, numbered within it and discussed at it."""

    title = LineField("namn", max_length=200, default=f"{settings.ORGANISATION}s medlemsmöte")
    date = models.DateField(
        "datum",
        help_text="Står i varje förslags adress. Ändrar du det leder de gamla adresserna till de nya.",
    )
    introduction = ParagraphsField(
        "inbjudan",
        blank=True,
        max_length=2000,
        help_text="Visas överst i formuläret och på mötets sida. Tomrad ger nytt stycke.",
    )
    submissions_open_at = models.DateTimeField(
        "förslag tas emot från", null=True, blank=True, help_text="Lämna tomt om förslag tas emot redan nu."
    )
    submissions_close_at = models.DateTimeField(
        "sista dag för förslag",
        null=True,
        blank=True,
        help_text="Så länge kan medlemmarna skicka in och ändra. Lämna tomt om de kan det till och med mötet.",
    )

    # So that a number is never given twice, even when the proposal that had it has moved
    last_number = models.PositiveSmallIntegerField("senast givna nummer", default=0, editable=False)

    # Empty in the fixture, until somebody saves it
    updated_at = models.DateTimeField(null=True, auto_now=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "medlemsmöte"
        verbose_name_plural = "medlemsmöten"
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(
                fields=["date"],
                name="meeting_date_unique",
                violation_error_message="Det finns redan ett möte med det datumet.",
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="meeting_has_title", violation_error_message="Mötet behöver ett namn."
            ),
            models.CheckConstraint(
                condition=Q(submissions_open_at__lt=F("submissions_close_at"))
                | Q(submissions_open_at=None)
                | Q(submissions_close_at=None),
                name="meeting_opens_before_it_closes",
                violation_error_message="Förslag måste börja tas emot innan tiden går ut.",
            ),
        ]

    def __str__(self):
        return f"{self.title} {date_format(self.date)}"

    def get_absolute_url(self):
        return reverse("meeting_detail", args=[self.date])

    def natural_key(self):
        return (self.date.isoformat(),)

    @property
    def is_example(self):
        """Whether `prepare` made it and nobody has written an invitation yet."""
        return self.introduction == EXAMPLE_INTRODUCTION

    @property
    def is_over(self):
        return self.date < timezone.localdate()

    @property
    def closes_at(self):
        return self.submissions_close_at or timezone.make_aware(datetime.combine(self.date, END_OF_DAY))

    @property
    def is_closed(self):
        return self.is_over or self.closes_at <= timezone.now()

    @property
    def opens_later(self):
        return self.submissions_open_at is not None and self.submissions_open_at > timezone.now()

    @property
    def is_open(self):
        """Like `MeetingQuerySet.open` for one meeting."""
        return not self.is_closed and not self.opens_later
