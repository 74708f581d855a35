"""Correcting one proposal of a document that is being read in, before anything is saved."""

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.text import slugify

from proposals import sections
from proposals.admin.pages import allow_get_and_post, render_page
from proposals.booklet.content import Sender
from proposals.enumeration import enumerate_names
from proposals.importing import corrections
from proposals.importing.contacts import parse_contacts
from proposals.importing.lines import plain_line
from proposals.importing.parsing import ParsedDocument
from proposals.models import Region
from proposals.models.proposal import TITLE_LENGTH
from proposals.models.section_texts import TEXT_LENGTH
from proposals.text_input.form_fields import LineField, ParagraphsField

PEOPLE_LENGTH = 5_000


class EntryForm(forms.Form):
    """What the proposal will say. Persons are written a line each, as in a document."""

    number = forms.IntegerField(label="Nummer i dokumentet", required=False, min_value=1, max_value=999)
    title = LineField(label="Rubrik", max_length=TITLE_LENGTH, error_messages={"required": "Skriv en rubrik."})
    senders = forms.ModelMultipleChoiceField(
        Region.objects.all(), label="Avsändare", required=False, widget=forms.CheckboxSelectMultiple
    )
    new_sender = LineField(
        label="Avsändare som saknas i registret",
        max_length=100,
        required=False,
        help_text="Läggs till i registret, som myndighet.",
    )
    people = ParagraphsField(
        label="Kontaktpersoner",
        max_length=PEOPLE_LENGTH,
        required=False,
        help_text="En per rad: namn, titel, e-post, telefon.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data=None, *, content):
        people = "\n".join(_line(person) for person in content.contacts)
        names = [sender.name for sender in content.senders]
        initial = {"number": content.number, "title": content.title, "people": people, **content.texts}
        super().__init__(data, initial=initial | {"senders": Region.objects.filter(name__in=names)})
        self.content = content
        for section in sections.SECTIONS:
            self.fields[section.name] = ParagraphsField(
                label=section.column,
                max_length=TEXT_LENGTH,
                required=False,
                widget=forms.Textarea(attrs={"rows": section.rows}),
            )

    def clean_new_sender(self):
        """The Region of that name, new and unsaved if the register lacks it; None for none."""
        name = self.cleaned_data["new_sender"]
        if not name:
            return None
        found = Region.objects.filter(name=name).first()
        sender = found or Region(name=name, slug=slugify(name)[:100], kind=Region.Kind.AGENCY)
        try:
            sender.full_clean()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return sender

    def corrected(self):
        """The BookletProposal as typed, and texts about persons that say nobody's name."""
        typed = self.cleaned_data
        senders = sorted(typed["senders"], key=self._order)
        if typed["new_sender"]:
            typed["new_sender"].save()
            senders.append(typed["new_sender"])
        people = parse_contacts([plain_line(row) for row in typed["people"].split("\n")])
        content = replace(
            self.content,
            number=typed["number"],
            title=typed["title"],
            sender=enumerate_names(senders),
            senders=tuple(Sender(sender.name, sender.slug) for sender in senders),
            texts={name: typed[name] for name in sections.NAMES},
            contacts=tuple(people.persons),
        )
        return content, people.unplaced

    def _order(self, sender):
        """As the document has them; those chosen now come last."""
        names = [one.name for one in self.content.senders]
        return names.index(sender.name) if sender.name in names else len(names)


def _line(person):
    return ", ".join(filter(None, [person.name, person.title, person.email, person.phone]))


@allow_get_and_post
def entry(request, preview, place):
    """Edit what one proposal will say; or join it to the one above, split it, or leave it out."""
    document = ParsedDocument.from_json(preview.reading)
    if place >= len(document.entries):
        raise Http404
    found = document.entries[place]
    form = EntryForm(request.POST if "save" in request.POST else None, content=found.content)
    if request.method == "POST" and "save" not in request.POST:
        return _arranged(request, preview, document, place)
    if request.method == "POST" and form.is_valid():
        content, unplaced = form.corrected()
        corrections.correct(document, place, content)
        document.entries[place].unplaced += unplaced
        return _kept(request, preview, document, f"”{content.title}” är rättat.")
    paragraphs = [
        (f"{section.name}-{number}", text)
        for section in sections.SECTIONS
        for number, text in enumerate(filter(None, found.content.texts.get(section.name, "").split("\n\n")))
    ]
    context = {"preview": preview, "entry": found, "form": form, "place": place, "paragraphs": paragraphs}
    return render_page(request, "meeting/importing_entry", "Rätta", **context)


def _arranged(request, preview, document, place):
    if "above" in request.POST and place:
        corrections.join_above(document, place)
        return _kept(request, preview, document, "Texten hör nu till förslaget ovanför.")
    if "leave" in request.POST:
        corrections.leave_out(document, place)
        return _kept(request, preview, document, "Förslaget läses inte in.")
    name, _, number = request.POST.get("split", "").partition("-")
    if name in sections.NAMES and number.isdecimal():
        corrections.split(document, place, name, int(number))
        return _kept(request, preview, document, "Texten är nu två förslag.")
    messages.warning(request, "Välj var det nya förslaget börjar.")
    return redirect("admin:proposals_meeting_intake_entry", preview.token, place)


def place_text(request, preview):
    """Put a text that got no place, or belonged to no proposal, where the user says."""
    document = ParsedDocument.from_json(preview.reading)
    where, entry_place, number = (request.POST.get(name, "") for name in ("where", "entry", "number"))
    texts = document.unread
    is_unplaced = request.POST.get("from") == "entry"
    if entry_place.isdecimal() and int(entry_place) < len(document.entries) and is_unplaced:
        texts = document.entries[int(entry_place)].unplaced
    is_known = where in corrections.PLACES and number.isdecimal() and int(number) < len(texts)
    needs_entry = where not in (corrections.NEW, corrections.LEFT_OUT)
    if not is_known or (needs_entry and not (entry_place.isdecimal() and int(entry_place) < len(document.entries))):
        messages.warning(request, "Välj var texten hör hemma.")
        return redirect("admin:proposals_meeting_intake_preview", preview.token)
    place = int(entry_place) if entry_place.isdecimal() else len(document.entries) - 1
    if is_unplaced:
        corrections.place_unplaced(document, place, int(number), where)
    else:
        corrections.place_unread(document, int(number), place, where)
    return _kept(request, preview, document, "Texten har fått sin plats.")


def _kept(request, preview, document, outcome):
    preview.reading = document.as_json()
    preview.save(update_fields=["reading"])
    messages.success(request, f"{outcome} Inget är inläst än.")
    return redirect("admin:proposals_meeting_intake_preview", preview.token)
