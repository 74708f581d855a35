import re

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from proposals.models.collation import Alphabetical
from proposals.models.history import HistoryQuerySet, SignedRow
from proposals.text_input.model_fields import AddressField, LineField
from proposals.text_input.phone_numbers import split_phone_numbers

MOST_WORDS = 20


def search_words(text):
    """Return the distinct words of a query, at most as many as a database can take."""
    return list(dict.fromkeys(text.replace("\0", " ").split()))[:MOST_WORDS]


class ContactQuerySet(models.QuerySet):
    def get_by_natural_key(self, name, title, email, phone):
        return self.get(name=name, title=title, email=email, phone=phone)

    def search(self, text):
        """Contacts whose name, title or address contains every word of `text`, ignoring case."""
        found = self
        for word in search_words(text):
            # iregex, because SQLite's icontains takes å and Å for different letters
            pattern = re.escape(word)
            found = found.filter(Q(name__iregex=pattern) | Q(title__iregex=pattern) | Q(email__iregex=pattern))
        return found

    def unnamed(self):
        """Contacts that no proposal names, nor an earlier version of one."""
        earlier = apps.get_model("proposals", "HistoricalProposalContact").objects.filter(contact=OuterRef("pk"))
        return self.filter(~Exists(earlier), proposal_rows=None)


class Contact(models.Model):
    """A person named in proposals, re-used over them.

    A person who changes title or address becomes a new row, so that earlier proposals keep what they said and nobody
    who sends in a proposal can change a row that others show.
    """

    name = LineField("namn", max_length=200)
    title = LineField("titel", max_length=300, blank=True)
    email = AddressField("e-post", blank=True)
    phone = LineField("telefon", max_length=50, blank=True)

    objects = ContactQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="historik", historical_queryset=HistoryQuerySet, bases=[SignedRow])

    class Meta:
        verbose_name = "kontaktperson"
        verbose_name_plural = "kontaktpersoner"
        ordering = [Alphabetical("name")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="contact_has_name",
                violation_error_message="En kontaktperson behöver åtminstone ett namn.",
            ),
            models.UniqueConstraint(
                fields=["name", "title", "email", "phone"],
                name="contact_unique",
                violation_error_message="Det finns redan en kontaktperson med precis de uppgifterna.",
            ),
        ]

    def __str__(self):
        return ", ".join(filter(None, [self.name, self.title, self.email]))

    def natural_key(self):
        return (self.name, self.title, self.email, self.phone)

    @property
    def phone_pieces(self):
        """The phone field as (piece, tel: address or "")."""
        return split_phone_numbers(self.phone)
