"""The secretariat's own words in a kind of mail."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import redirect

from proposals.admin.mails.examples import example_mails
from proposals.admin.pages import allow_get_and_post, render_page
from proposals.emails.words import EDITABLE, standard_words, words_of
from proposals.models import Mail, MailText
from proposals.submission.fields import refuse_rather_than_cut

CHANGED = "En kollega har ändrat texten sedan du öppnade sidan. Ditt står kvar här. Spara igen om det ska gälla."


class MailTextForm(forms.ModelForm):
    class Meta:
        model = MailText
        fields = ("text",)
        labels = {"text": "Egna ord"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"text": {"required": "Skriv något, eller välj standardtexten."}}

    seen = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        refuse_rather_than_cut(self.fields["text"])

    def clean(self):
        cleaned = super().clean()
        now = words_of(self.instance.kind)
        if cleaned.get("seen", "").split() != now.split():
            self.data = self.data.copy()
            self.data["seen"] = now
            self.add_error("text", CHANGED)
        return cleaned


@permission_required("proposals.change_mail", raise_exception=True)
@allow_get_and_post
def mail_text(request, kind):
    """Edit the words of one kind of mail, or go back to the standard ones."""
    if kind not in EDITABLE:
        raise Http404
    own = MailText.objects.filter(kind=kind).first() or MailText(kind=kind)
    words = words_of(kind)
    if "standard" in request.POST:
        MailText.objects.filter(kind=kind).delete()
        messages.success(request, "Mejlet har standardtexten igen.")
        return redirect("admin:proposals_mail_text", kind)
    form = MailTextForm(request.POST or None, instance=own, initial={"text": words, "seen": words})
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Texten är sparad, och står i de mejl som skickas från och med nu.")
        return redirect("admin:proposals_mail_text", kind)
    title = f"Text i mejlet ”{Mail.Kind(kind).label}”"
    example = next(mail for mail in example_mails() if mail.kind == kind)
    context = {"form": form, "is_own": bool(own.pk), "standard": standard_words(kind), "example": example}
    return render_page(request, "mail/text", title, **context)
