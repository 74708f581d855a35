"""How much anybody may send in one request, so that nobody fills the memory or the disk.

Django bounds what is typed but no files: it writes those to the disk, whoever sends them and wherever to.
"""

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig


def takes_files(most):
    """Mark a view as one to which staff may send files, `most` bytes of them."""

    def mark(view):
        view.most_bytes_of_files = most
        return view

    return mark


class BodyLimit:
    """The middleware that refuses a body by its length, before anything reads it; so it stands before the one for CSRF.

    A body that doesn't tell its length is empty to Django.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        most, length = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, _length(request)
        if length > most and request.user.is_staff:
            most += getattr(view, "most_bytes_of_files", 0)
        if length > most:
            raise RequestDataTooBig


def _length(request):
    """In bytes; Django itself would trip over one that is no number."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        raise BadRequest
    return int(length)
