"""Swedish sentences about lists of proposals."""

from collections import Counter

from proposals.enumeration import enumerate_names
from proposals.models import Region
from proposals.templatetags.proposal_texts import day


def count_senders(senders):
    """{Region.Kind: how many different ones} of Regions; None among them isn't counted."""
    return Counter(region.kind for region in set(senders) if region)


def proposals_from(count, senders, noun="förslag", without_sender=0):
    """”28 förslag från 11 regioner och en myndighet, 5 utan angiven avsändare”; `senders` are Regions, or None."""
    kinds = count_senders(senders)
    named = [
        _counted(kinds[Region.Kind.REGION], "region", "regioner"),
        _counted(kinds[Region.Kind.AGENCY], "myndighet", "myndigheter"),
    ]
    sources = " och ".join(filter(None, named))
    unnamed = f", {without_sender} utan angiven avsändare" if sources and without_sender else ""
    return f"{count} {noun}" + (f" från {sources}" if sources else "") + unnamed


def no_proposals_from(regions):
    """”Inga förslag kommer från A, B och C.”; "" without regions."""
    return f"Inga förslag kommer från {enumerate_names(regions)}." if regions else ""


def _counted(number, one, many):
    return {0: "", 1: f"en {one}"}.get(number, f"{number} {many}")


def list_title(found, count, page_number=1):
    if found.is_narrowed:
        query = found.asked.get("q")
        title = f"{count} förslag" + (f" om ”{query}”" if query else "")
        title += f" till mötet {day(found.meeting.date)}" if found.meeting else ""
    elif found.meeting:
        title = f"Förslag till medlemsmötet {day(found.meeting.date)}"
    else:
        title = "Alla förslag"
    return title + (f", sida {page_number}" if page_number > 1 else "")


def list_lead(count, senders, meeting, without_sender):
    """What stands under the heading of a list that nothing narrows; `meeting` is None for all of them."""
    lead = f"{proposals_from(count, senders, 'förslag till lärprojekt', without_sender)}."
    them = "det" if count == 1 else "dem"
    return f"{lead} Läs {them} här inför mötet." if meeting and not meeting.is_over else lead


def list_count(page, count_at_meeting):
    count = page.paginator.count
    if page.has_other_pages():
        return f"{page.start_index()}–{page.end_index()} av {count} visas"
    if count != count_at_meeting:
        return f"{count} av {count_at_meeting} visas"
    return "1 visas" if count == 1 else f"Alla {count} visas"
