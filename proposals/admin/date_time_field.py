from django import forms


class BrowserDateInput(forms.DateInput):
    """The browser's own date field, which wants ISO format."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class BrowserTimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class DateAndTimeInput(forms.SplitDateTimeWidget):
    template_name = "admin/widgets/split_datetime.html"

    def __init__(self, attrs=None):
        forms.MultiWidget.__init__(self, [BrowserDateInput, BrowserTimeInput], attrs)


class DateTimeField(forms.SplitDateTimeField):
    """A date and time; the time defaults to `default_time`, such as "23:59"."""

    widget = DateAndTimeInput
    default_error_messages = {
        "invalid_date": "Skriv ett datum som 2030-05-14.",
        "invalid_time": "Skriv en tid som 23.59.",
    }

    def __init__(self, *args, default_time, **kwargs):
        self.default_time = default_time
        super().__init__(*args, **kwargs)
        for widget, label in zip(self.widget.widgets, ("Datum", "Tid"), strict=True):
            widget.attrs["aria-label"] = label

    def clean(self, value):
        date, time = value or ("", "")
        time = (time or "").lower().removeprefix("kl").lstrip(" .") or self.default_time
        return super().clean([date, time] if date else value)
