"""Handing out what the bindery makes: the file, word that nothing has changed, or a page that asks for patience."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import (
    add_never_cache_headers,
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.http import content_disposition_header, quote_etag

from proposals.booklet.render_jobs import NotMade

# Seconds that somebody looks at a browser that does nothing, and that a program waits
PATIENCE = 2
PATIENCE_OF_PROGRAMS = 60
FRESH, UNCHANGED = 200, 304
UNDER_WAY, FAILED, COME_BACK = 202, 500, 503


def deliver(request, order, name, meeting):
    """The file of an Order as `name` with its ending, not sent again to somebody who has it.

    When making it takes long, a browser gets a page that tells so and goes on by itself.
    """
    etag = quote_etag(order.name)
    response = get_conditional_response(request, etag=etag) or _whole(request, order, name, meeting)
    if response.status_code in (FRESH, UNCHANGED):
        response["ETag"] = etag
        whose = "private" if order.booklet.is_working_copy else "public"
        patch_cache_control(response, no_cache=True, **{whose: True})
    else:
        add_never_cache_headers(response)
    patch_vary_headers(response, ["Accept"])
    return response


def _whole(request, order, name, meeting):
    is_browser = "text/html" in request.headers.get("Accept", "")
    context = {"section": "meetings", "meeting": meeting, "order": order, "address": request.get_full_path()}
    try:
        file = order.file or (order.make(PATIENCE) if is_browser else order.wait(PATIENCE_OF_PROGRAMS))
    except NotMade:
        return render(request, "booklet/meeting_booklet_failure.html", context, status=FAILED)
    if file is None:
        status = UNDER_WAY if is_browser else COME_BACK
        page = render(request, "booklet/meeting_booklet_wait.html", context, status=status)
        page["Retry-After"] = "2"
        return page
    disposition = content_disposition_header(not order.kind.is_shown, f"{name}.{order.kind.ending}")
    return HttpResponse(file, content_type=order.kind.content_type, headers={"Content-Disposition": disposition})
