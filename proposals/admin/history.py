"""Swedish and read-only version of django-simple-history's admin."""

from django.http import Http404
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper, ObjDiffDisplay

from proposals.admin.pages import is_key
from proposals.models import Status


class SwedishDiffDisplay(ObjDiffDisplay):
    def shortened_str(self, prefix, num_skipped_chars, suffix):
        return f"{prefix} … ({num_skipped_chars} tecken) … {suffix}"


class SwedishRecordContext(HistoricalRecordContextHelper):
    def get_obj_diff_display(self):
        return SwedishDiffDisplay(max_length=self.max_displayed_delta_change_chars)

    def prepare_delta_change_value(self, change, value):
        if change.field == "status":
            return Status(value).label
        if change.field == "contacts":
            value = sorted(value, key=lambda row: row["position"])
        if isinstance(value, list):
            return ", ".join(obj.name for obj in super().prepare_delta_change_value(change, value)) or "–"
        return super().prepare_delta_change_value(change, value)


class HistoryAdmin(SimpleHistoryAdmin):
    def history_view(self, request, object_id, extra_context=None):
        if not is_key(object_id):
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if not (is_key(object_id) and is_key(version_id)):
            raise Http404
        return super().history_form_view(request, object_id, version_id, extra_context)

    def get_historical_record_context_helper(self, request, historical_record):
        return SwedishRecordContext(self.model, historical_record)

    def history_view_title(self, request, obj):
        return f"Historik: {obj}"

    def history_form_view_title(self, request, obj):
        return f"Tidigare version: {obj}"
