from django.db import models

from proposals import sections
from proposals.models.section_texts import ProposalTexts
from proposals.search.text import parts_of, words


class IndexedTexts(ProposalTexts):
    """The texts of a proposal with the words that it is found by; see `IndexedQuerySet`."""

    # See search.text.searchable; empty until the words are indexed
    search_text = models.TextField(blank=True, editable=False)
    is_compared = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Have a changed text indexed anew before the next search."""
        if not self.search_text or self._own_words() != self._indexed_words():
            self.search_text = ""
            if {"title", *sections.NAMES} & set(kwargs.get("update_fields") or []):
                kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    @property
    def parts(self):
        """{part: text} for search.text.searchable; contacts come from `contact_rows`."""
        people = [row.contact for row in self.contact_rows.all()]
        return {
            "title": self.title,
            "sender": " ".join(sender.name for sender in self.senders),
            "contacts": " ".join(f"{person.name} {person.title} {person.email}" for person in people),
            **self._section_parts,
        }

    @property
    def _section_parts(self):
        parts = {}
        for section in sections.SECTIONS:
            parts.setdefault(section.search_part, []).append(getattr(self, section.name))
        return {part: " ".join(texts) for part, texts in parts.items()}

    def _own_words(self):
        parts = {"title": self.title, **self._section_parts}
        return {part: words(text) for part, text in parts.items()}

    def _indexed_words(self):
        indexed = parts_of(self.search_text)
        return {part: indexed[part] for part in self._own_words()}
