from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime


class DayAndTimeField(forms.SplitDateTimeField):
    """A day and a time of day; without a time it is `default_time`."""

    widget = AdminSplitDateTime
    default_error_messages = {
        "invalid_date": "Skriv ett datum som 2030-05-14.",
        "invalid_time": "Skriv en tid som 23:59.",
    }

    def __init__(self, *args, default_time, **kwargs):
        self.default_time = default_time
        super().__init__(*args, **kwargs)
        for widget, label in zip(self.widget.widgets, ("Datum", "Tid"), strict=True):
            widget.attrs["aria-label"] = label

    def clean(self, value):
        day, time = value or ("", "")
        return super().clean([day, time or self.default_time] if day else value)
