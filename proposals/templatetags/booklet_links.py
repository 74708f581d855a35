"""Links to a meeting's booklet in all its formats."""

from django import template

from proposals.booklet.formats import FORMATS

register = template.Library()


@register.inclusion_tag("booklet/_booklet_links.html")
def booklet_links(label, date, query=""):
    """`query` narrows the booklet as it narrows the list."""
    return {"label": label, "date": date, "query": query, "formats": FORMATS.values()}
