"""Words as the search sees them: folded, with Swedish endings taken off, and weighed by where they stand."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from snowballstemmer import stemmer

from proposals.text_input.characters import INVISIBLE, INVISIBLE_SET

# What a word is worth in each part of a proposal, in the order in which `searchable` joins the parts
PART_WEIGHTS = {"title": 3.0, "sender": 2.0, "contacts": 2.0, "body": 1.0, "target_group": 0.6}
PART_BREAK = " | "
WORD_LENGTH = 100
SHORT = 3  # letters: abbreviations such as AI and RUS, which mean nothing inside another word

# A word with what is invisible inside it, as a soft hyphen
WORD = re.compile(rf"[^\W_]+(?:[{INVISIBLE_SET}]+[^\W_]+)*")
_INFLECTED_ABBREVIATION = re.compile(r"(?<=\w):(?:s|ar|arna|er|erna|en|et|n|t|ns|ens)\b", re.IGNORECASE)
_STOP_WORDS = """
    och det att i en jag hon som han på den med var sig för så till är men ett om hade de av icke mig du henne då sin
    nu har inte hans honom skulle hennes där min man ej vid kunde något från ut när efter upp vi dem vara vad över än
    dig kan sina här ha mot alla under någon eller allt mycket sedan ju denna själv detta åt utan varit hur ingen mitt
    ni bli blev oss din dessa några deras blir mina samma vilken er sådan vår blivit dess inom mellan sådant varför
    varje vilka ditt vem vilket sitta sådana vart dina vars vårt våra ert era vilkas
"""
_swedish = stemmer("swedish")
MOST_SIGNS = 4  # that one character is folded to; some would become whole sentences
FIRST_UNKEPT = 0x3000  # the first character of those that are too many to keep how each is folded


class _Folded(dict):
    """{code point: without accents}, found out one by one: normalizing whole texts takes long with accents in a row.

    Invisible characters are nothing.
    """

    def __missing__(self, code):
        if INVISIBLE.match(chr(code)):
            return self.setdefault(code, "")
        signs = [sign for sign in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(sign)]
        folded = "".join(signs) if len(signs) <= MOST_SIGNS else code
        if code < FIRST_UNKEPT:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def fold(text):
    """`text` in lower case and without accents: "Örebro" and "orebro" are the same."""
    return text.lower().translate(_FOLDED)


def words(text):
    """The words of `text` in their order, folded; "RUS:ar" is the word "rus"."""
    found = WORD.findall(fold(_INFLECTED_ABBREVIATION.sub("", text)))
    return [word[:WORD_LENGTH] for word in found]


def spellings(text):
    """{folded word: as it is written}, in lower case unless it is an abbreviation."""
    written = WORD.findall(INVISIBLE.sub("", _INFLECTED_ABBREVIATION.sub("", text)))
    return {fold(word): (word if word.isupper() else word.lower())[:WORD_LENGTH] for word in written}


STOP_WORDS = frozenset(words(_STOP_WORDS))


@lru_cache(100_000)
def stem(word):
    """A folded word without its Swedish ending: "upphandlingar" and "upphandling" have the same."""
    return _swedish.stemWord(word)


def searchable(parts):
    """A proposal's words as one text, in the order of PART_WEIGHTS: " title words | sender words | … "."""
    return " " + PART_BREAK.join(" ".join(words(parts[part])) for part in PART_WEIGHTS) + " "


def parts_of(searchable_text):
    """Inverse of `searchable`: {part: its words}."""
    return {
        part: text.split() for part, text in zip(PART_WEIGHTS, searchable_text.split(PART_BREAK.strip()), strict=True)
    }


def weigh(searchable_text):
    """{word: weight} of a proposal.

    A word's weight is Σ (weight of the part · times it stands there) / (0.5 + letters / 2500): a word says more about
    a short text than about a long one.
    """
    length = 0.5 + len(searchable_text) / 2500
    weights = Counter()
    for part, found in parts_of(searchable_text).items():
        for word in found:
            weights[word] += PART_WEIGHTS[part] / length
    return weights
