from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.utils import timezone

from proposals import workflow
from proposals.admin import importing, people_lists, working_copy
from proposals.admin.date_time_field import BrowserDateInput, DateTimeField
from proposals.admin.meeting_pages import publication, reminding
from proposals.admin.pages import is_key, page_urls
from proposals.admin.related import RelatedToProposalsAdmin
from proposals.models import Meeting
from proposals.templatetags.proposal_texts import day

ONE_YEAR = timedelta(weeks=52)  # the same weekday
COPIED = "Det här är en kopia av mötet {}. Datumen är flyttade framåt till samma veckodag. Ändra det som är nytt."


class MeetingForm(forms.ModelForm):
    submissions_open_at = DateTimeField(
        label="Förslag tas emot från",
        required=False,
        default_time="00:00",
        help_text="Lämna tomt om förslag tas emot redan nu. Utan tid: från dagens början.",
    )
    submissions_close_at = DateTimeField(
        label="Sista dag för förslag",
        required=False,
        default_time="23:59",
        help_text="Så länge kan medlemmarna skicka in och ändra. Utan tid: till 23.59. Lämna tomt om de kan det till "
        "och med mötet.",
    )

    class Meta:
        model = Meeting
        fields = ("title", "date", "introduction", "submissions_open_at", "submissions_close_at")
        widgets = {"date": BrowserDateInput}

    def clean(self):
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
        """Drop the message of the database constraint if clean() has reported the error at its field."""
        super()._post_clean()
        if self.has_error("submissions_close_at") and self.non_field_errors():
            del self.errors[forms.forms.NON_FIELD_ERRORS]


@admin.register(Meeting)
class MeetingAdmin(RelatedToProposalsAdmin):
    form = MeetingForm
    list_display = ["title", "date", "submissions_open_at", "submissions_close_at", "proposal_count"]
    list_display_links = ["title", "date"]

    def get_changeform_initial_data(self, request):
        """Copy the meeting with the primary key `kopia` to the same weekday of a year to come."""
        initial = super().get_changeform_initial_data(request)
        key = request.GET.get("kopia", "")
        source = Meeting.objects.filter(pk=key).first() if is_key(key) else None
        if source is None:
            return initial
        age = timezone.localdate() - source.date
        years = max(1, age // ONE_YEAR + 1)
        dates = {
            name: getattr(source, name) and _later(getattr(source, name), years * ONE_YEAR)
            for name in ("date", "submissions_open_at", "submissions_close_at")
        }
        messages.info(request, COPIED.format(day(source.date)))
        return initial | {"title": source.title, "introduction": source.introduction} | dates

    def get_urls(self):
        views = {
            "<int:key>/order/": ("order", publication.order),
            "<int:key>/order/undo/": ("order_undo", publication.order_undo),
            "<int:key>/publish/": ("publish", publication.publish),
            "<int:key>/renumber/": ("renumber", publication.renumber),
            "<int:key>/reminder/": ("reminder", reminding.reminder),
            "intake/": ("intake", importing.choose),
            "intake/undo/": ("intake_undo", importing.undo),
            "intake/<str:token>/": ("intake_preview", importing.preview),
            "intake/<str:token>/<int:place>/": ("intake_entry", importing.entry),
            "<int:key>/people.xlsx": ("people", people_lists.people),
            "<int:key>/working-copy.<str:ending>": ("working_copy", working_copy.working_copy),
        }
        return page_urls(self, views) + super().get_urls()

    def save_model(self, request, obj, form, change):
        """Reschedule through the workflow, which keeps redirects from the old addresses."""
        if change and "date" in form.changed_data:
            date = obj.date
            obj.date = form.initial["date"]
            obj.last_number = workflow.reschedule(obj, date).last_number
            obj.date = date
        super().save_model(request, obj, form, change)


def _later(date, time):
    """Move a date or datetime, keeping the local time."""
    if not hasattr(date, "hour"):
        return date + time
    return timezone.make_aware(timezone.make_naive(date) + time)
