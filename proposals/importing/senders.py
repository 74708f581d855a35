"""Find the sender at the end of a title and match it against the names in the database."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from proposals.search.text import fold, words

MIN_SIMILARITY = 90  # per cent, for misspelt names
# Words that are ignored when names are compared
_GENERIC = {"reg", "region", "regionerna", "regionen", "regionens", "lan", "lans", "lanet", "landsting", "landstinget"}
_ALIASES = {"vgr": "vastra gotaland", "sodermanland": "sormland", "jamtland": "jamtland harjedalen"}
_SEPARATOR = re.compile(r"(?P<end>[?!])\s+|\.\s+|\s*[–—|/(]\s*|\s+-\s+|[,;:]\s+|\t|\n")
_BETWEEN = re.compile(
    r"\s*(?:,|/|&|\boch\b|\bsamt\b|\+|\bi (?:samverkan|samarbete) med\b|\btillsammans med\b|\bmed stöd av\b)\s*"
)
_PREPOSITION = {"i", "från", "för", "hos", "med", "av", "till", "om", "och", "på", "inom", "genom", "mellan", "utanför"}
# Names of organisations that aren't in the database
_ORGANISATION = re.compile(
    r"(?:region(?:en)?(?: \w+){1,3}|länsstyrelsen(?: i)?(?: \w+){1,4}"
    r"|[\w ]*\w(?:verket|myndigheten|styrelsen|rådet|tinget|inspektionen|universitetet?"
    r"|högskolan?|kommun|förbundet?|institutet?|regionen)|vinnova|formas|forte|skr|esf-rådet|rise|nordregio)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TitleAndSender:
    """A title with its sender, either a known name or `unknown` as written in the document."""

    title: str
    sender: str = ""
    unknown: str = ""
    written: str = ""  # in the document, if spelt differently from the known name
    others: tuple[str, ...] = ()  # further senders
    is_sure: bool = True

    @property
    def names(self):
        """Of all its senders, the main one first."""
        return [name for name in dict.fromkeys([self.sender, *self.others]) if name]


class Senders:
    def __init__(self, names):
        self._names = {_key(name): name for name in names}
        for other, key in _ALIASES.items():
            if key in self._names:
                self._names.setdefault(other, self._names[key])
        self._endings = sorted(names, key=len, reverse=True)

    def lookup(self, text):
        """Return (known name or None, whether the match is exact)."""
        key = _key(text)
        if not key or len(text) > 80:
            return None, True
        if key in self._names:
            return self._names[key], True
        nearest = process.extractOne(key, list(self._names), scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY)
        return (self._names[nearest[0]], False) if nearest and len(key) > 4 else (None, True)

    def split(self, text):
        text = " ".join(text.split())
        for separator in _SEPARATOR.finditer(text):
            tail = text[separator.end() :].strip(" .)")
            if found := self._lookup_all(tail):
                names, is_sure = found
                title = text[: separator.start()] + (separator["end"] or "")
                written = "" if is_sure else tail
                return TitleAndSender(title.strip(), names[0], "", written, tuple(names[1:]), is_sure)
        return (
            self._split_without_separator(text) or self._split_unknown(text) or TitleAndSender(_without_full_stop(text))
        )

    def parse(self, text):
        """Return a TitleAndSender without title for a line that contains only a sender."""
        found = self._lookup_all(text.strip(" .()"))
        if not found:
            return TitleAndSender("", unknown=text.strip(" ."))
        names, is_sure = found
        return TitleAndSender("", names[0], "", "" if is_sure else text, tuple(names[1:]), is_sure)

    def is_sender(self, text):
        return self._lookup_all(text.strip(" .()")) is not None

    def _lookup_all(self, text):
        name, is_sure = self.lookup(text)
        if name:
            return [name], is_sure
        parts = []
        for part in filter(None, _BETWEEN.split(text)):
            name, is_sure = self.lookup(part)
            if not name:
                return None
            parts.append((name, is_sure))
        return ([name for name, _ in parts], all(is_sure for _, is_sure in parts)) if len(parts) > 1 else None

    def _split_without_separator(self, text):
        for name in self._endings:
            before, _, rest = text.rpartition(f" {name}")
            if before and not rest.strip(" .") and before.split()[-1].lower() not in _PREPOSITION:
                return TitleAndSender(before.strip(), name, is_sure=False)
        return None

    def _split_unknown(self, text):
        for separator in _SEPARATOR.finditer(text):
            tail = text[separator.end() :].strip(" .)")
            is_clear = separator[0].strip() in (".", "?", "!", "(", "–", "—") or tail.isupper()
            if is_clear and _ORGANISATION.fullmatch(tail):
                title = text[: separator.start()] + (separator["end"] or "")
                return TitleAndSender(title.strip(), unknown=tail, is_sure=False)
        return None


def _without_full_stop(text):
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def _key(name):
    """Normalise a name: "Region Örebro län" and "Örebro" have the same key."""
    parts = [word.removesuffix("regionen") if word != "regionen" else "" for word in words(fold(name))]
    parts = [word.removesuffix("s") if len(word) > 4 else word for word in parts if word not in _GENERIC]
    return " ".join(filter(None, parts))
