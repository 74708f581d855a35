"""Recognise names of persons, and titles that stand before or after them."""

import re

_WORD = "(?:[OD]['’]|Mac|Mc|d['’])?[A-ZÅÄÖÉÜØÆÁ][a-zåäöéèüøæáíóëï'’]+"
_NAME_PART = rf"(?:{_WORD}(?:-{_WORD})*|[A-ZÅÄÖ]\b\.?|von|van|af|de|la|al|el|da|di)"
_CAPITALS = "[A-ZÅÄÖÉÜØÆÁ]{2,}(?:-[A-ZÅÄÖÉÜØÆÁ]{2,})?"
_NAME = re.compile(rf"{_NAME_PART}(?:\s+{_NAME_PART}){{1,4}}|{_CAPITALS}(?:\s+{_CAPITALS}){{1,3}}(?![a-zåäö])")
_DEGREES = {"professor", "docent", "dr", "doktor", "fil", "tekn"}
# Endings of titles and organisations, which aren't surnames
_OCCUPATION = re.compile(
    r"(?:chef(?:en)?|strateg(?:en)?|ledare|ledaren|direktör|samordnare|utvecklare|handläggare|ansvarig|koordinator|analytiker"
    r"|expert|planerare|råd|rådgivare|sekreterare|controller|konsult|ombud|ingenjör|ekonom|utredare|forskare|lektor|professor"
    r"|utveckling(?:en)?|enhet(?:en)?|avdelning(?:en)?|region(?:en)?|kommun(?:en)?|verket|förvaltning(?:en)?|strategi|planering"
    r"|kontor(?:et)?|ledning|universitet(?:et)?|högskolan?|institutet?|förbundet?|stiftelsen?|styrelsen|frågor|tillväxt|analys|kultur|hållbarhet|miljö|infrastruktur|näringsliv|myndigheten|styrelsen|län)",
    re.IGNORECASE,
)


def is_name(text):
    return bool(_NAME.fullmatch(text)) and not any(is_occupation(word) for word in text.split())


def is_occupation(word):
    """Whether a word names what somebody does or where, as "regionstrateg" or "länsstyrelsen"."""
    return bool(_OCCUPATION.fullmatch(_occupation_suffix(word)))


def _occupation_suffix(word):
    """Return the end of a word that names an occupation ("regionstrateg" → "strateg"), else the word."""
    match = re.search(rf"{_OCCUPATION.pattern}$", word, re.IGNORECASE)
    return match[0] if match and len(match[0]) >= 4 else word


def name_at_start(text):
    """Return (name, rest), or ("", text) if the text doesn't begin with a name."""
    match = _NAME.match(text)
    if not match:
        return "", text
    words = match[0].split()
    while words and (is_occupation(words[-1]) or text[len(" ".join(words)) :][:1].isalnum()):
        words.pop()
    for index, word in enumerate(words):
        if is_occupation(word):
            words = words[:index]
            break
    name = " ".join(words)
    return (name, text[len(name) :]) if len(words) > 1 else ("", text)


def titled_name(text):
    """(title, name) of "strateg Anna Ek" or "Professor Ada Väg", or None."""
    if not text.strip():
        return None
    first, *others = text.split()
    for length in range(min(len(others), 4)):
        name = " ".join(others[length:])
        last = [first, *others][length]
        is_title = last.lower().strip(".") in _DEGREES or is_occupation(last)
        if is_title and is_name(name):
            return text[: -len(name)].strip(), name
    return None
