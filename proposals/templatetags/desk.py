"""Template filters for the desk of the secretariat."""

import re

from django import template
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()
WORD = re.compile(r"\w+(?:[-’']\w+)*")


@register.filter
def label(field):
    """The label of a bound field, without a colon."""
    return field.label_tag(label_suffix="")


@register.filter
def full_name(user):
    """The name of a colleague, or of the account when there is no name."""
    return user.get_full_name() or user.get_username()


@register.filter
def initials(user):
    """Up to two letters for a colleague, such as AE for Anna Ek."""
    names = full_name(user).replace(".", " ").replace("@", " ").split()
    return "".join(name[0] for name in names[:2]).upper()


@register.filter(expects_localtime=True)
def lately(time):
    """i dag 09.52, i går 16.12, 25 augusti, or with the year when it is another one"""
    now = timezone.localtime()
    days = (now.date() - time.date()).days
    if days in (0, 1):
        return f"i {('dag', 'går')[days]} {date_format(time, 'H.i')}"
    return date_format(time, "j F" if time.year == now.year else "j F Y")


@register.filter
def first_name(user):
    return user.first_name or full_name(user)


@register.filter(expects_localtime=True)
def waited(time):
    """Since when something waits, as a length of time: 3 dagar, or i dag."""
    days = (timezone.localdate() - time.date()).days
    return "i dag" if days < 1 else "1 dag" if days == 1 else f"{days} dagar"


@register.filter
def in_form(field, form_id):
    """The field's widget, as a part of a form that stands elsewhere on the page."""
    for widget in getattr(field.field.widget, "widgets", []):
        widget.attrs["form"] = form_id
    return field.as_widget(attrs={"form": form_id})


@register.filter
def word_count(text):
    return len(WORD.findall(text or ""))


@register.filter
def draft_texts(draft_data):
    """What a submitter has typed in a draft that isn't ready for its own field, as lines."""
    values = dict(draft_data)
    rows = [", ".join(filter(None, row.values())) for row in values.pop("contacts", [])]
    return [text for text in [*values.values(), *rows] if isinstance(text, str) and text]
