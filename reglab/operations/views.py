from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reglab.operations.health import health_report


@never_cache
@require_safe
def health(request):
    words = health_report()
    return JsonResponse(words, status=503 if words["status"] == "failing" else 200)
