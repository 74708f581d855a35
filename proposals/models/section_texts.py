from django.db import models

from proposals import sections
from proposals.text_input.model_fields import ParagraphsField

TEXT_LENGTH = 20_000


class SectionTexts:
    """What a proposal, or a version of one, says in its sections, as (Section, text) for each that isn't empty."""

    @property
    def content_texts(self):
        return self._texts_in(sections.CONTENT)

    @property
    def target_group_texts(self):
        return self._texts_in(sections.TARGET_GROUP)

    def _texts_in(self, part):
        texts = [(section, getattr(self, section.name)) for section in sections.SECTIONS if section.part == part]
        return [(section, text) for section, text in texts if text]


class ProposalTexts(SectionTexts, models.Model):
    """The sections of a proposal, a field for each."""

    TEXTS = sections.NAMES

    class Meta:
        abstract = True


for _section in sections.SECTIONS:
    ProposalTexts.add_to_class(
        _section.name, ParagraphsField(_section.verbose_name, blank=True, max_length=TEXT_LENGTH)
    )
