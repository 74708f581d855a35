"""Import proposals from a document: upload, preview and save."""

from contextlib import suppress

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from proposals import workflow
from proposals.admin import importing_entry
from proposals.admin.date_time_field import BrowserDateInput
from proposals.admin.menu import menu_of
from proposals.admin.pages import allow_get_and_post, is_key, render_page
from proposals.importing.corrections import PLACES
from proposals.importing.document import MAX_FILE_SIZE
from proposals.importing.lines import UnreadableDocument
from proposals.importing.parsing import ParsedDocument
from proposals.importing.parsing_process import parse_file
from proposals.importing.plan import ImportPlan, known_names
from proposals.models import ImportPreview, Meeting

MAX_NAME_LENGTH = 100
READ_IN = "read in"  # in the session: the keys of what was read in last
GONE = "Förhandsvisningen är för gammal, så inget är inläst. Välj filen igen."
CHANGED = "Något har ändrats sedan du öppnade sidan, så inget är inläst. Titta igenom det som står här nu."

requires_import_permission = permission_required(
    ["proposals.add_proposal", "proposals.change_proposal"], raise_exception=True
)


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Dokument",
        help_text=".docx eller .txt, högst 25 MB.",
        error_messages={"required": "Välj en fil.", "empty": "Filen är tom."},
    )
    date = forms.DateField(
        label="Mötets datum",
        widget=BrowserDateInput,
        help_text="Förslagen läggs till mötet den dagen. Finns det inget, läggs det upp.",
        error_messages={"required": "Skriv mötets datum.", "invalid": "Skriv datumet som 2024-09-18."},
    )

    def clean_date(self):
        date = self.cleaned_data["date"]
        if not 1990 <= date.year <= timezone.localdate().year + 10:
            raise forms.ValidationError("Kontrollera året.")
        return date

    def clean(self):
        """Parse the file and set `document` to the ParsedDocument."""
        cleaned = super().clean()
        file = cleaned.get("file")
        if file is None:
            return cleaned
        try:
            if file.size > MAX_FILE_SIZE:
                raise UnreadableDocument("Filen är större än 25 MB. Ta bort bilderna, eller spara den som text.")
            self.document = parse_file(file.read(), file.name[:MAX_NAME_LENGTH], known_names())
            if not self.document.entries:
                raise UnreadableDocument(
                    "Vi hittar inga förslag i dokumentet. Varje förslag ska börja med sitt nummer och sin rubrik, till "
                    "exempel ”1. Barn och unga. Region Örebro län”."
                )
        except UnreadableDocument as error:
            self.add_error("file", str(error))
        return cleaned


@requires_import_permission
@allow_get_and_post
def choose(request):
    key = request.GET.get("mote", "")
    meeting = Meeting.objects.filter(pk=key).first() if is_key(key) else menu_of(request).meeting
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            preview = ImportPreview.objects.keep(request.user, form.cleaned_data["date"], form.document.as_json())
            return redirect("admin:proposals_meeting_intake_preview", preview.token)
    else:
        form = ImportForm(initial={"date": meeting.date} if meeting else None)
    context = {"form": form, "meeting": meeting, "read_in": len(request.session.get(READ_IN, []))}
    return render_page(request, "meeting/importing", "Läs in dokument", **context)


# Read by the body limit; a slightly larger file gets an error message from the form
choose.most_bytes_of_files = MAX_FILE_SIZE + 3_000_000


@requires_import_permission
@allow_get_and_post
def preview(request, token):
    saved_preview = _preview_of(request, token)
    if saved_preview is None:
        return redirect("admin:proposals_meeting_intake")
    if "where" in request.POST:
        return importing_entry.place_text(request, saved_preview)
    plan = ImportPlan(ParsedDocument.from_json(saved_preview.reading), saved_preview.date)
    if request.method == "POST":
        as_published = "publish" in request.POST
        is_allowed = plan.to_save and not plan.errors and not (as_published and plan.number_errors)
        if is_allowed and request.POST.get("shown") == plan.signature:
            return _read_in(request, saved_preview, plan, as_published)
        messages.warning(request, CHANGED)
    rows = [(row, [(heading or "Bakgrund", text) for heading, text in row.content.sections]) for row in plan.rows]
    context = {"plan": plan, "rows": rows, "token": token, "places": PLACES}
    return render_page(request, "meeting/importing_preview", f"Läs in {plan.document.name}", **context)


@requires_import_permission
@allow_get_and_post
def entry(request, token, place):
    saved_preview = _preview_of(request, token)
    if saved_preview is None:
        return redirect("admin:proposals_meeting_intake")
    return importing_entry.entry(request, saved_preview, place)


@requires_import_permission
@require_POST
def undo(request):
    """Take away what was read in last, as one."""
    try:
        count = workflow.undo_import(request.session.pop(READ_IN, []))
        messages.success(request, f"{count} förslag är borttagna igen. Ingen har fått något mejl.")
    except workflow.StepNotAllowed as error:
        messages.warning(request, str(error))
    return redirect("admin:proposals_meeting_intake")


def _preview_of(request, token):
    """The user's own ImportPreview, or None after telling that it is gone."""
    found = ImportPreview.objects.recent().filter(user=request.user, token=token).first()
    with suppress(KeyError, TypeError):  # kept by an earlier version, in another shape
        if found and ParsedDocument.from_json(found.reading):
            return found
    messages.warning(request, GONE)
    return None


def _read_in(request, saved_preview, plan, as_published):
    proposals = plan.save(as_published)
    saved_preview.delete()
    request.session[READ_IN] = [proposal.pk for proposal in proposals]
    outcome = "publicerade" if as_published else "inlästa som inskickade"
    told = f"{len(proposals)} förslag är {outcome}. Ingen har fått något mejl."
    messages.success(request, told, extra_tags=reverse("admin:proposals_meeting_intake_undo"))
    changelist = reverse("admin:proposals_proposal_changelist")
    return redirect(f"{changelist}?mote={plan.date}")
