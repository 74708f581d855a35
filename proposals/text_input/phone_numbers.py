from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

COUNTRY = "SE"  # of numbers without a country code


def split_phone_numbers(text):
    """`text` in pieces, as (piece, its tel: address or "")."""
    pieces, end = [], 0
    for match in PhoneNumberMatcher(text, COUNTRY, leniency=Leniency.POSSIBLE):
        pieces.append((text[end : match.start], ""))
        pieces.append((match.raw_string, format_number(match.number, PhoneNumberFormat.RFC3966)))
        end = match.end
    return [(piece, address) for piece, address in [*pieces, (text[end:], "")] if piece]
