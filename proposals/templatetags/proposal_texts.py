"""Template filters for what a proposal says."""

import re

from django import template
from django.utils.formats import date_format

from proposals import richtext

register = template.Library()

register.filter("html", richtext.html)
register.filter("excerpt", richtext.excerpt)


@register.simple_tag(takes_context=True)
def marked(context, html):
    """`html`, which is safe, with what the `highlighter` of the page matches in <mark>, if there is one."""
    highlighter = context.get("highlighter")
    return highlighter.mark_html(html) if highlighter else html


@register.filter(expects_localtime=True)
def day(date):
    """18 september 2024, with a space that doesn't break between day and month."""
    return date_format(date).replace(" ", "\N{NO-BREAK SPACE}", 1)


@register.filter(expects_localtime=True)
def moment(time):
    """18 september 2024 kl. 23.59"""
    return f"{day(time)} kl.\N{NO-BREAK SPACE}{date_format(time, 'H.i')}"


@register.filter
def unbroken(title):
    """The title with a word joiner after a hyphen that begins a word, so that no line ends in the hyphen."""
    return re.sub(r"(?<!\S)-(?=\w)", "-\N{WORD JOINER}", title)
