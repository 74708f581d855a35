"""Limits on the size of a request body, and on how many large bodies are read at the same time.

Django limits form fields but not files, which it writes to the disk whoever sends them and to whatever address. And
fields take up to eighty times their bytes of memory while they are parsed, and six times in a page that shows them.
"""

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import OperationalError
from django.urls import Resolver404, resolve

from proposals.sections import SECTIONS
from proposals.submission import submission_queue
from proposals.throttle import TooManyRequests

LARGE = 64_000  # bytes; proposals usually have less than a tenth of it
FORM = "application/x-www-form-urlencoded"
# The longest valid proposal has 80 000 for each section and 130 000 for the rest, and 240 000 in a field, see
# settings.DATA_UPLOAD_MAX_MEMORY_SIZE. There is some room above that, so that a text that is a little too long is shown
# again with an error
MAX_DECODED = 80_000 * len(SECTIONS) + 180_000  # bytes of a form
MAX_FIELD = 300_000  # bytes of a field, encoded


class BodyLimitMiddleware:
    """Middleware that refuses a body by its Content-Length before anything reads it, and queues large ones.

    Needs request.user. To Django a body without Content-Length is empty.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = _length(request)
        if length <= LARGE:
            return self.get_response(request)
        is_form = request.content_type == FORM
        is_document = length > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE if is_form else MAX_DECODED)
        if is_document and length > _max_file_bytes(request):
            raise RequestDataTooBig
        try:
            takes_files = not is_form and _max_file_bytes(request) > 0
            with submission_queue.validating(
                request, submission_queue.READING_DOCUMENTS if takes_files else submission_queue.VALIDATING
            ):
                if is_form and request.method == "POST":
                    _check_form_size(request.body)
                return self.get_response(request)
        except (TooManyRequests, OperationalError):
            request.is_unread = True  # for the error page, which mustn't read it either
            raise


def _check_form_size(body):
    decoded = len(body) - 2 * body.count(b"%")
    if decoded > MAX_DECODED or max(map(len, body.split(b"&"))) > MAX_FIELD:
        raise RequestDataTooBig


def _max_file_bytes(request):
    """A view to which staff may upload files has the limit in an attribute."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return 0
    return getattr(view, "most_bytes_of_files", 0) if request.user.is_staff else 0


def _length(request):
    """In bytes. Django fails when it isn't a number."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        raise BadRequest
    return int(length)
