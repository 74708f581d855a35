from datetime import timedelta

from django import forms
from django.contrib import admin
from django.urls import path
from django.utils import timezone

from proposals import workflow
from proposals.admin import importing, meeting_steps, working_copy
from proposals.admin.day_and_time import DayAndTimeField
from proposals.admin.register import RegisterAdmin
from proposals.models import Meeting

A_YEAR = timedelta(weeks=52)  # the same weekday


class MeetingForm(forms.ModelForm):
    submissions_open_at = DayAndTimeField(
        label="Förslag tas emot från",
        required=False,
        default_time="00:00",
        help_text="Lämna tomt om förslag tas emot redan nu. Utan tid: från dagens början.",
    )
    submissions_close_at = DayAndTimeField(
        label="Sista dag för förslag",
        required=False,
        default_time="23:59",
        help_text="Så länge kan medlemmarna skicka in och ändra. Utan tid: till 23.59. Lämna tomt om de kan det till "
        "och med mötet.",
    )

    class Meta:
        model = Meeting
        fields = ("title", "date", "introduction", "submissions_open_at", "submissions_close_at")

    def clean(self):
        """Dates that contradict each other are told of at the field to change."""
        cleaned = super().clean()
        date, opens, closes = (cleaned.get(name) for name in ("date", "submissions_open_at", "submissions_close_at"))
        if opens and closes and opens >= closes:
            self.add_error("submissions_close_at", "Sista dagen är före den dag då förslag börjar tas emot.")
        if date and closes and timezone.localdate(closes) > date:
            self.add_error("submissions_close_at", "Sista dagen är efter mötet.")
        if date and opens and timezone.localdate(opens) > date:
            self.add_error("submissions_open_at", "Förslag börjar tas emot efter mötet.")
        return cleaned

    def _post_clean(self):
        """The database's own rule about the window is told of at the field already."""
        super()._post_clean()
        if self.has_error("submissions_close_at") and self.non_field_errors():
            del self.errors[forms.forms.NON_FIELD_ERRORS]


@admin.register(Meeting)
class MeetingAdmin(RegisterAdmin):
    form = MeetingForm
    list_display = ["title", "date", "submissions_open_at", "submissions_close_at", "proposal_count"]
    list_display_links = ["title", "date"]

    def get_changeform_initial_data(self, request):
        """With `kopia`, a meeting's key, what that one has, a year later; it has nobody's data to copy."""
        initial = super().get_changeform_initial_data(request)
        key = request.GET.get("kopia", "")
        model = Meeting.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 18 else None
        if model is None:
            return initial
        moved = {
            name: getattr(model, name) and _a_year_later(getattr(model, name))
            for name in ("date", "submissions_open_at", "submissions_close_at")
        }
        return initial | {"title": model.title, "introduction": model.introduction} | moved

    def get_urls(self):
        views = {
            "<int:key>/order/": ("order", meeting_steps.order),
            "<int:key>/publish/": ("publish", meeting_steps.publish),
            "<int:key>/renumber/": ("renumber", meeting_steps.renumber),
            "<int:key>/reminder/": ("reminder", meeting_steps.reminder),
            "intake/": ("intake", importing.choose),
            "intake/<str:token>/": ("intake_preview", importing.preview),
            "<int:key>/working-copy.<str:ending>": ("working_copy", working_copy.working_copy),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"proposals_meeting_{name}")
            for route, (name, view) in views.items()
        ]
        return own + super().get_urls()

    def save_model(self, request, obj, form, change):
        """A new date is a step: the addresses of the meeting's proposals change with it."""
        if change and "date" in form.changed_data:
            date = obj.date
            obj.date = form.initial["date"]
            obj.last_number = workflow.reschedule(obj, date).last_number
            obj.date = date
        super().save_model(request, obj, form, change)


def _a_year_later(day):
    """A date or a moment moved by a year, to the same weekday and the same time on the clock."""
    if not hasattr(day, "hour"):
        return day + A_YEAR
    return timezone.make_aware(timezone.make_naive(day) + A_YEAR)
