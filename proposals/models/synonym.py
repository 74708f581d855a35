from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models

from proposals.search.text import STOP_WORDS, words
from proposals.text_input.model_fields import LineField


@lru_cache(2_000)
def folded_expressions(expressions):
    """The expressions of a Synonym as folded words without stop words: "ÖP, plan för vatten" → (("op",), …)."""
    folded = [words(expression) for expression in expressions.split(",")]
    telling = [
        tuple(word for word in expression if word not in STOP_WORDS) or tuple(expression) for expression in folded
    ]
    return tuple(filter(None, telling))


class SynonymQuerySet(models.QuerySet):
    def get_by_natural_key(self, expressions):
        return self.get(expressions=expressions)


class Synonym(models.Model):
    """Expressions that mean the same, so that a search for one finds the others."""

    expressions = LineField(
        "uttryck som betyder detsamma",
        max_length=300,
        unique=True,
        help_text=(
            "Skriv dem med komma emellan, till exempel: RUS, regional utvecklingsstrategi. Den som söker efter ett av "
            "dem hittar också förslag med de andra. Böjningar och sammansättningar behövs inte: ”översiktsplan” "
            "räcker för ”översiktsplanerna”. Ändringen gäller direkt."
        ),
        error_messages={"unique": "De uttrycken finns redan."},
    )

    objects = SynonymQuerySet.as_manager()

    class Meta:
        verbose_name = "synonym"
        verbose_name_plural = "synonymer och förkortningar"
        ordering = ["expressions"]

    def __str__(self):
        return self.expressions

    def natural_key(self):
        return (self.expressions,)

    def clean(self):
        if len(set(folded_expressions(self.expressions))) < 2:
            raise ValidationError({"expressions": "Skriv minst två uttryck med komma emellan."})
