"""The addresses that reminders go to, of all members in one table."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect

from proposals.admin.pages import allow_get_and_post, render_page, requires_change_permission
from proposals.models import Region


class AddressesForm(forms.ModelForm):
    """The hidden initial value tells what was on the page, so that nobody's later change is overwritten unseen."""

    class Meta:
        model = Region
        fields = ("member_emails",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["member_emails"]
        field.show_hidden_initial, field.help_text = True, ""
        field.widget.attrs |= {"rows": 2, "aria-label": f"Adresser till {self.instance.name}"}


AddressesFormSet = forms.modelformset_factory(Region, form=AddressesForm, extra=0)


@requires_change_permission
@allow_get_and_post
def member_addresses(request):
    formset = AddressesFormSet(request.POST or None, queryset=Region.objects.all())
    if request.method == "POST" and formset.is_valid():
        changed = formset.save()
        notice = f"Adresserna till {len(changed)} medlemmar är sparade." if changed else "Inget är ändrat."
        messages.success(request, notice)
        return redirect("admin:proposals_region_addresses")
    return render_page(request, "region/addresses", "Medlemmarnas adresser", formset=formset)
