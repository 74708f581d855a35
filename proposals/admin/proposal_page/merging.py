"""The page on which two proposals become one."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from proposals import workflow
from proposals.admin.pages import allow_get_and_post, render_page, requires_change_permission
from proposals.enumeration import enumerate_names
from proposals.models import Note, Proposal, ProposalContact
from proposals.models.section_texts import TEXT_LENGTH

OWN, OTHERS, BOTH = "own", "others", "both"
TOO_LONG = "Båda texterna tillsammans är för långa. Välj en av dem och korta den andra efteråt."


class MergeForm(forms.Form):
    """A choice for each text that both proposals have and that differs; of the others there is only one to take."""

    def __init__(self, data=None, *, proposal, other):
        super().__init__(data)
        self.proposals = {OWN: proposal, OTHERS: other}
        for name in ("title", *Proposal.TEXTS):
            own, others = getattr(proposal, name), getattr(other, name)
            if own and others and own != others:
                self.fields[name] = _choice(name)

    def clean(self):
        cleaned = super().clean()
        for name in self.fields:
            if cleaned.get(name) == BOTH and len(self._text(name)) > TEXT_LENGTH:
                self.add_error(name, TOO_LONG)
        return cleaned

    @property
    def choices(self):
        """[(bound field, the own text, the other's, whether both can be kept)]"""
        own, other = self.proposals.values()
        return [(self[name], getattr(own, name), getattr(other, name), name != "title") for name in self.fields]

    @property
    def texts(self):
        """What the proposal will say, {"title" or a section: text}."""
        return {name: self._text(name) for name in ("title", *Proposal.TEXTS)}

    def _text(self, name):
        own, others = (getattr(proposal, name) for proposal in self.proposals.values())
        chosen = self.cleaned_data.get(name, OWN)
        if chosen == BOTH:
            return f"{own}\n\n{others}"
        return (others or own) if chosen == OTHERS else (own or others)


def _choice(name):
    field = Proposal._meta.get_field(name)
    choices = [OWN, OTHERS] if name == "title" else [OWN, OTHERS, BOTH]
    return forms.ChoiceField(
        label=field.verbose_name.capitalize(),
        choices=[(choice, choice) for choice in choices],
        initial=OWN if name == "title" else BOTH,
        error_messages={"required": "Välj en text."},
    )


@requires_change_permission
@allow_get_and_post
def merge(request, one, other):
    """Choose which texts stay, and merge; the proposal that is named first is the one that stays."""
    in_full = Proposal.objects.in_full().prefetch_related("co_senders")
    proposal, part = (get_object_or_404(in_full, pk=key) for key in (one, other))
    if refusal := workflow.why_not_merge(proposal, part):
        if not workflow.why_not_merge(part, proposal):
            return redirect("admin:proposals_proposal_merge", part.pk, proposal.pk)
        messages.warning(request, refusal)
        return redirect("admin:proposals_proposal_compare", one, other)
    form = MergeForm(request.POST or None, proposal=proposal, other=part)
    shown = workflow.state_token([proposal, part])
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            return _preview(request, proposal, part, form.texts)
        if request.POST.get("shown") == shown:
            return _merge(request, proposal, part, form.texts)
        messages.warning(request, "Någon har ändrat ett av förslagen sedan du öppnade sidan. Titta igenom den igen.")
    context = {"proposal": proposal, "other": part, "form": form, "shown": shown, **_summary(proposal, part)}
    return render_page(request, "proposal/merge", "Slå ihop", **context)


def _summary(proposal, other):
    """What stays of both, and who gets a mail."""
    addresses = [*proposal.submitter_addresses, *other.submitter_addresses]
    return {
        "senders": enumerate_names(_of_both(proposal.senders, other.senders)),
        "target_groups": _of_both(proposal.target_groups.all(), other.target_groups.all()),
        "people": _people(proposal, other),
        "notes": Note.objects.filter(proposal__in=[proposal, other]).count(),
        "addresses": list({address.lower(): address for address in addresses}.values()),
        "can_swap": not workflow.why_not_merge(other, proposal),
    }


def _of_both(own, others):
    return list(dict.fromkeys([*own, *others]))


def _people(proposal, other):
    rows = [*proposal.contact_rows.all(), *other.contact_rows.all()]
    return list(dict.fromkeys(row.contact for row in rows))


def _preview(request, proposal, other, texts):
    """The proposal as it would be."""
    for name, text in texts.items():
        setattr(proposal, name, text)
    senders = _of_both(proposal.senders, other.senders)
    proposal.region = next(iter(senders), None)
    proposal.co_sender_names = "\n".join(sender.name for sender in senders[1:])
    proposal._prefetched_objects_cache |= {
        "co_senders": senders[1:],
        "target_groups": _of_both(proposal.target_groups.all(), other.target_groups.all()),
        "contact_rows": [ProposalContact(contact=person) for person in _people(proposal, other)],
    }
    context = {"section": "list", "proposal": proposal, "is_typed": True}
    return render(request, "admin/proposals/proposal/preview.html", context)


def _merge(request, proposal, other, texts):
    try:
        merged = workflow.merge(proposal, other, texts)
    except workflow.StepNotAllowed as error:
        messages.warning(request, str(error))
        return redirect("admin:proposals_proposal_compare", proposal.pk, other.pk)
    undo = reverse("admin:proposals_proposal_undo", args=[other.pk])
    messages.success(request, f"{other.reference} ingår nu i ”{merged}”.", extra_tags=undo)
    return redirect("admin:proposals_proposal_change", merged.pk)
