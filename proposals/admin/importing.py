"""Reading a document in: choose a file, see what was understood, save all of it or nothing."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from proposals.importing.document import LARGEST
from proposals.importing.lines import Unreadable
from proposals.importing.plan import Plan, register
from proposals.importing.reading import Reading
from proposals.importing.reading_process import read_file
from proposals.models import ImportPreview, Meeting

NAME_LENGTH = 100
GONE = "Förhandsvisningen är för gammal, så inget är inläst. Välj filen igen."
CHANGED = "Något har ändrats sedan du öppnade sidan, så inget är inläst. Titta igenom det som står här nu."

step = require_http_methods(["GET", "HEAD", "POST"])
for_the_secretariat = permission_required(["proposals.add_proposal", "proposals.change_proposal"], raise_exception=True)


def _takes_files(view):
    """Let bodies through that are this large; one a little too large is told of on the page."""
    view.most_bytes_of_files = LARGEST + 3_000_000
    return view


class IntakeForm(forms.Form):
    file = forms.FileField(
        label="Dokument",
        help_text="Ett Word-dokument (.docx) eller en textfil (.txt), högst 25 MB. Inget sparas förrän du har sett vad "
        "som har förståtts.",
        error_messages={"required": "Välj en fil.", "empty": "Filen är tom."},
    )
    date = forms.DateField(
        label="Mötets datum",
        widget=AdminDateWidget,
        help_text="Förslagen läggs till mötet den dagen. Finns det inget, läggs det upp.",
        error_messages={"required": "Skriv mötets datum.", "invalid": "Skriv datumet som 2024-09-18."},
    )

    def clean_date(self):
        """Refuse a year that can only be a slip of the hand."""
        when = self.cleaned_data["date"]
        if not 1990 <= when.year <= timezone.localdate().year + 10:
            raise forms.ValidationError("Kontrollera året.")
        return when

    def clean(self):
        """Read the file; what it says is in `reading`."""
        cleaned = super().clean()
        file = cleaned.get("file")
        if file is None:
            return cleaned
        try:
            if file.size > LARGEST:
                raise Unreadable("Filen är större än 25 MB. Ta bort bilderna, eller spara den som text.")
            self.reading = read_file(file.read(), file.name[:NAME_LENGTH], register())
            if not self.reading.entries:
                raise Unreadable(
                    "Vi hittar inga förslag i dokumentet. Varje förslag ska börja med sitt nummer och sin rubrik, till "
                    "exempel ”1. Barn och unga. Region Örebro län”."
                )
        except Unreadable as error:
            self.add_error("file", str(error))
        return cleaned


@_takes_files
@for_the_secretariat
@step
def choose(request):
    """Choose a document and a meeting."""
    key = request.GET.get("mote", "")
    meeting = Meeting.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 18 else None
    if request.method == "POST":
        form = IntakeForm(request.POST, request.FILES)
        if form.is_valid():
            preview = ImportPreview.objects.keep(request.user, form.cleaned_data["date"], form.reading.as_json())
            return redirect("admin:proposals_meeting_intake_preview", preview.token)
    else:
        form = IntakeForm(initial={"date": meeting.date} if meeting else None)
    return _page(request, "intake", "Läs in dokument", form=form)


@for_the_secretariat
@step
def preview(request, token):
    """What reading the document in would do, and the buttons that do it."""
    kept = ImportPreview.objects.recent().filter(user=request.user, token=token).first()
    if kept is None:
        messages.warning(request, GONE)
        return redirect("admin:proposals_meeting_intake")
    plan = Plan(Reading.from_json(kept.reading), kept.date)
    if request.method == "POST":
        as_published = "publish" in request.POST
        may = plan.to_save and not plan.faults and not (as_published and plan.number_faults)
        if may and request.POST.get("shown") == plan.signature:
            saved = plan.carry_out(as_published)
            kept.delete()
            done = "publicerade" if as_published else "inlästa som inskickade"
            messages.success(request, f"{len(saved)} förslag är {done}. Ingen har fått något mejl.")
            return redirect(_list(saved[0].meeting))
        messages.warning(request, CHANGED)
    return _page(request, "intake_preview", f"Läs in {plan.reading.name}", plan=plan, texts=_texts(plan))


def _texts(plan):
    """(row, [(heading, text)]) for each proposal of the plan."""
    return [(row, [(heading or "Bakgrund", text) for heading, text in row.item.sections]) for row in plan.rows]


def _list(meeting):
    return f"{reverse('admin:proposals_proposal_changelist')}?meeting__id__exact={meeting.pk}"


def _page(request, name, title, **context):
    whole = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"admin/proposals/meeting/{name}.html", whole)
