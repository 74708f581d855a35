"""The health check for load balancers and monitors."""

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reglab.operations.health import examine


@never_cache
@require_safe
def health(request):
    """Whether to send people to this machine (200) or not (503), and what is wrong in a word."""
    words = examine()
    return JsonResponse(words, status=503 if words["status"] == "failing" else 200)
