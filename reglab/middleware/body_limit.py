"""Limits on the size of a request body, and on how many large bodies are read at the same time.

Django bounds what is typed but no files: it writes those to the disk, whoever sends them and wherever to. And what is
typed takes up to eighty times its bytes of memory while it is read, and six times in the page that shows it again.
"""

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import OperationalError
from django.urls import Resolver404, resolve

from proposals.submission import submission_queue
from proposals.throttle import TooManyRequests

LARGE = 64_000  # bytes; proposals usually have less than a tenth of it
FORM = "application/x-www-form-urlencoded"
# Of a form that is sent. The longest proposal has 450 000 and 240 000, see settings.DATA_UPLOAD_MAX_MEMORY_SIZE; what
# is longer than a text may be, but not by so much, is shown again to be cut down
MOST_UNPACKED = 500_000  # bytes
LONGEST_FIELD = 300_000  # bytes as they are sent


class BodyLimit:
    """The middleware that refuses a body by its length, before anything reads it; after the one that knows accounts.

    What is large waits for its turn here, whatever address it is sent to. A body that doesn't tell its length is empty
    to Django.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = _length(request)
        if length <= LARGE:
            return self.get_response(request)
        is_form = request.content_type == FORM
        is_document = length > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE if is_form else MOST_UNPACKED)
        if is_document and length > _most(request):
            raise RequestDataTooBig
        try:
            takes_files = not is_form and _most(request) > 0
            with submission_queue.validating(
                request, submission_queue.READING_DOCUMENTS if takes_files else submission_queue.VALIDATING
            ):
                if is_form and request.method == "POST":
                    _refuse_too_much(request.body)
                return self.get_response(request)
        except (TooManyRequests, OperationalError):
            request.is_unread = True  # whoever tells of it mustn't read it either
            raise


def _refuse_too_much(body):
    """By what it will be when it is unpacked, and by its longest field, which is unpacked as a whole."""
    unpacked = len(body) - 2 * body.count(b"%")
    if unpacked > MOST_UNPACKED or max(map(len, body.split(b"&"))) > LONGEST_FIELD:
        raise RequestDataTooBig


def _most(request):
    """What the address takes from this person: a view to which staff may send files says so in an attribute."""
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
