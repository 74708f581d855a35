"""How much anybody may send in one request, so that nobody fills the memory or the disk.

Django bounds what is typed but no files: it writes those to the disk, whoever sends them and wherever to.
"""

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.urls import Resolver404, resolve


def takes_files(most):
    """Mark a view as one to which staff may send files, `most` bytes of them."""

    def mark(view):
        view.most_bytes_of_files = most
        return view

    return mark


class BodyLimit:
    """The middleware that refuses a body by its length, before anything reads it; after the one that knows accounts.

    A body that doesn't tell its length is empty to Django.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = _length(request)
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and length > _most(request):
            raise RequestDataTooBig
        return self.get_response(request)


def _most(request):
    """What the address takes from this person."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return 0
    return getattr(view, "most_bytes_of_files", 0) if request.user.is_staff else 0


def _length(request):
    """In bytes; Django itself would trip over one that is no number."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        raise BadRequest
    return int(length)
