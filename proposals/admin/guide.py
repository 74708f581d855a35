"""Kansliets år, steg för steg: docs/secretariat.md as pages of the desk, with its pictures."""

import re
from functools import cache
from itertools import pairwise

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from proposals.admin.pages import render_page

DOCS = settings.BASE_DIR / "docs"
PICTURE = re.compile(r"guide-[a-z-]+\.png")


@require_safe
def guide(request):
    html, headings = _rendered()
    return render_page(request, "guide", "Kansliets år, steg för steg", html=html, headings=headings)


@require_safe
def guide_picture(request, name):
    path = DOCS / "screenshots" / name
    if not (PICTURE.fullmatch(name) and path.is_file()):
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/png")


@cache
def _rendered():
    """Return (safe HTML, [(anchor, heading)]). The text is ours, as trusted as a template."""
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse((DOCS / "secretariat.md").read_text(encoding="utf-8"))
    del tokens[: next(i for i, token in enumerate(tokens) if token.type == "heading_close") + 1]  # the page's own title
    headings = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            anchor = slugify(inline.content)
            opening.attrSet("id", anchor)
            headings.append((anchor, inline.content))
        for child in inline.children or []:
            if child.type == "image":
                child.attrSet("src", str(child.attrGet("src")).removeprefix("screenshots/"))
                child.attrSet("loading", "lazy")
    return mark_safe(markdown.renderer.render(tokens, markdown.options, {})), headings  # noqa: S308
