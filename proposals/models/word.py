from django.db import models
from django.db.models import Exists, OuterRef, Q

from proposals.search.text import SHORT, WORD_LENGTH, stem


class WordQuerySet(models.QuerySet):
    def that_may_match(self, query):
        """Words that a term of the Query might match, typing errors included."""
        wanted = Q(pk__in=[])
        for term in query.terms:
            if term.is_phrase:
                continue
            if term.is_short:
                wanted |= Q(text__startswith=term.word)
            else:
                # By first letter for typing errors: a vocabulary has a few hundred such words
                wanted |= Q(text__contains=term.needle) | Q(text__startswith=term.word[0])
                wanted |= Q(stem__in=[term.stem, *term.last_parts])
        return self.filter(wanted)

    def that_begin_as(self, query):
        """(key, text, stem, spelling) of words with the same first letter as one of the Query."""
        letters = {word[0] for word in query.words}
        begins = Q(*(("text__startswith", letter) for letter in sorted(letters)), _connector=Q.OR)
        return self.filter(begins).values_list("pk", "text", "stem", "spelling")

    def learn(self, spellings):
        """Add new words from {folded word: spelling}; returns {folded word: key}."""
        known = self._keys(spellings)
        new = sorted(set(spellings) - set(known))  # in one order, so that two who add the same never wait in a circle
        if not new:
            return known
        self.bulk_create(
            [Word(text=text, stem=stem(text), spelling=spellings[text]) for text in new], ignore_conflicts=True
        )
        return known | self._keys(new)

    def forget_unused(self):
        self.filter(~Exists(Posting.objects.filter(word=OuterRef("pk")))).delete()

    def _keys(self, texts):
        return dict(self.filter(text__in=list(texts)).values_list("text", "pk"))


class Word(models.Model):
    """A word that stands in any proposal, published or not: what is shown of it is asked of what the reader may see."""

    text = models.CharField(max_length=WORD_LENGTH, unique=True)
    stem = models.CharField(max_length=WORD_LENGTH)
    spelling = models.CharField(max_length=WORD_LENGTH)

    objects = WordQuerySet.as_manager()

    def __str__(self):
        return self.spelling


class PostingQuerySet(models.QuerySet):
    def among(self, proposals):
        """Those in `proposals`, row by row, so that a rare word is fast among many proposals."""
        return self.filter(Exists(proposals.order_by().filter(pk=OuterRef("proposal_id"))))

    def in_phrase(self, phrase):
        """Postings of the longest word of a search.expansion.Phrase in proposals that contain the phrase."""
        longest = max(phrase.words, key=len)
        whole, beginning = Q(text=longest), Q(text__startswith=stem(longest))
        words = Word.objects.filter(whole if len(longest) <= SHORT else beginning)
        return self.filter(word__in=words, proposal__search_text__regex=phrase.pattern)


class Posting(models.Model):
    """A word that stands in a proposal; `weight` as in search.text.weigh."""

    pk = models.CompositePrimaryKey("word_id", "proposal_id")
    word = models.ForeignKey(Word, models.CASCADE, related_name="postings", db_index=False)
    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="postings")
    weight = models.FloatField()

    objects = PostingQuerySet.as_manager()

    class Meta:
        db_table = "proposals_occurrence"
        verbose_name = "ord i sökregistret"
        verbose_name_plural = "ord i sökregistret"

    def __str__(self):
        return f"{self.word_id} in {self.proposal_id}"
