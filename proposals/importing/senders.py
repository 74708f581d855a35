"""Who sends a proposal: found at the end of its title, and matched against the register."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from proposals.search.text import fold, words

ALIKE = 90  # per cent, for a name with a typing error
# What a name may have around the place that it is about
_GENERAL = {"region", "regionen", "regionens", "lan", "lans", "lanet", "landsting", "landstinget"}
_OTHER_NAMES = {"vgr": "vastra gotaland", "sodermanland": "sormland", "jamtland": "jamtland harjedalen"}
_SEPARATOR = re.compile(r"(?P<end>[?!])\s+|\.\s+|\s*[–—|/(]\s*|\s+-\s+|[,;:]\s+|\t|\n")
_BETWEEN = re.compile(r"\s*(?:,|/|&|\boch\b|\bsamt\b|\+)\s*")
_PREPOSITION = {"i", "från", "för", "hos", "med", "av", "till", "om", "och", "på", "inom", "genom", "mellan", "utanför"}
# How an organisation's name ends, for one that isn't in the register
_ORGANISATION = re.compile(
    r"(?:region(?:en)?(?: \w+){1,3}|länsstyrelsen(?: i)?(?: \w+){1,4}"
    r"|[\w ]*\w(?:verket|myndigheten|styrelsen|rådet|tinget|inspektionen|universitetet?"
    r"|högskolan?|kommun|förbundet?|institutet?|regionen)|vinnova|formas|forte|skr|esf-rådet|rise|nordregio)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sent:
    """A title and who is behind it: the register's name, or "" with `unknown` as the document writes it."""

    title: str
    sender: str = ""
    unknown: str = ""
    written: str = ""  # as the document writes it, where the register has another spelling
    others: tuple[str, ...] = ()  # further senders that it names
    is_sure: bool = True


class Senders:
    """The names in the register of regions and agencies."""

    def __init__(self, names):
        self._names = {_key(name): name for name in names}
        for other, key in _OTHER_NAMES.items():
            if key in self._names:
                self._names.setdefault(other, self._names[key])
        self._endings = sorted(names, key=len, reverse=True)

    def named(self, text):
        """(the register's name or None, whether that is sure) for a text that may be a name."""
        key = _key(text)
        if not key or len(text) > 80:
            return None, True
        if key in self._names:
            return self._names[key], True
        near = process.extractOne(key, list(self._names), scorer=fuzz.ratio, score_cutoff=ALIKE)
        return (self._names[near[0]], False) if near and len(key) > 4 else (None, True)

    def split(self, text):
        """The Sent that the first line of a proposal says: the title, and a sender after it where there is one."""
        text = " ".join(text.split())
        for separator in _SEPARATOR.finditer(text):
            tail = text[separator.end() :].strip(" .)")
            if found := self._all_named(tail):
                names, is_sure = found
                title = text[: separator.start()] + (separator["end"] or "")
                written = "" if is_sure else tail
                return Sent(title.strip(), names[0], "", written, tuple(names[1:]), is_sure)
        return self._without_separator(text) or self._unknown(text) or Sent(_without_stop(text))

    def of(self, text):
        """The Sent, without a title, of a line that is nothing but a sender."""
        found = self._all_named(text.strip(" .()"))
        if not found:
            return Sent("", unknown=text.strip(" ."))
        names, is_sure = found
        return Sent("", names[0], "", "" if is_sure else text, tuple(names[1:]), is_sure)

    def is_one(self, text):
        """Whether the text is a name in the register, or several."""
        return self._all_named(text.strip(" .()")) is not None

    def _all_named(self, text):
        whole = self.named(text)
        if whole[0]:
            return [whole[0]], whole[1]
        parts = []
        for part in filter(None, _BETWEEN.split(text)):
            name, is_sure = self.named(part)
            if not name:
                return None
            parts.append((name, is_sure))
        return ([name for name, _ in parts], all(is_sure for _, is_sure in parts)) if len(parts) > 1 else None

    def _without_separator(self, text):
        for name in self._endings:
            before, _, rest = text.rpartition(f" {name}")
            if before and not rest.strip(" .") and before.split()[-1].lower() not in _PREPOSITION:
                return Sent(before.strip(), name, is_sure=False)
        return None

    def _unknown(self, text):
        """A sender that the register lacks, told by its form."""
        for separator in _SEPARATOR.finditer(text):
            tail = text[separator.end() :].strip(" .)")
            if separator[0].strip() in (".", "?", "!", "(") and _ORGANISATION.fullmatch(tail):
                title = text[: separator.start()] + (separator["end"] or "")
                return Sent(title.strip(), unknown=tail, is_sure=False)
        return None


def _without_stop(text):
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def _key(name):
    """A name as its place: "Region Örebro län" and "Örebro" are the same."""
    parts = [word.removesuffix("regionen") if word != "regionen" else "" for word in words(fold(name))]
    parts = [word.removesuffix("s") if len(word) > 4 else word for word in parts if word not in _GENERAL]
    return " ".join(filter(None, parts))
