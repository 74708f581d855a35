"""Every address of the site, read from its URL list, so that no test over all of them can forget a new one."""

import re

from django.contrib.contenttypes.models import ContentType
from django.urls import get_resolver

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
OTHER_KEY = "x" * 43


def routes(resolver=None, before="", namespace=""):
    """{name: route} of all; those that have no name of their own go by their route."""
    found = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            found |= routes(pattern, route, f"{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            found[namespace + pattern.name if pattern.name else route] = route
    return found


def address(route, things, key=OTHER_KEY):
    """The path of a route about the things, {name of the model: instance}; `key` is that of a submitter's link."""
    model = next((part for part in route.split("/")[2:3] if part in things), "proposal")
    values = {
        "date": things["meeting"].date.isoformat(),
        "number": things["published"].number,
        "ending": "json",
        "kind": "receipt",
        "name": "guide-desk.png" if "guide" in route else "publish",
        "token": "t" * 32,
        "place": 0,
        "key": key if route.startswith("forslag/") else things[model].pk,
        "one": things["proposal"].pk,
        "other": things["published"].pk,
        "id": things["user"].pk,
        "app_label": "proposals",
        "url": "finns/inte",
        "content_type_id": ContentType.objects.get_for_model(things["published"]).pk,
        "object_id": things["published"].pk if "content_type_id" in route else things[model].pk,
    }
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda parameter: str(values[parameter[1]]), _plain(route, things[model]))
    return f"/{path}"


def _plain(route, thing):
    """A route written as a regular expression, in the simpler way."""
    latest = getattr(thing, "history", None) and thing.history.first()
    for parameter in (str(thing.pk), str(latest.pk if latest else 1)):
        route = route.replace("([^/]+)", parameter, 1)
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).replace("^", "").replace("$", "")
