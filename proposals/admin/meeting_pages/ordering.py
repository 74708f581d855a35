"""What the page for ordering posts: rows, arrows, numbers and ways to sort, as an order of primary keys."""

from proposals.admin.pages import is_key

SORTS = {
    "sent": lambda proposal: (proposal.submitted_at is None, proposal.submitted_at, proposal.pk),
    "sender": lambda proposal: (proposal.region is None, proposal.region.name if proposal.region else "", proposal.pk),
    "title": lambda proposal: proposal.title.casefold(),
}


def posted_order(data, first):
    """Return (ordered primary keys, primary key that was moved by an arrow or None).

    `first` is the number of the first row: `place-<key>` says which number a row is to have.
    """
    keys = list(dict.fromkeys(int(key) for key in data.getlist("order") if is_key(key)))
    for key in list(keys):
        place = data.get(f"place-{key}", "")
        if is_key(place) and int(place) - first != keys.index(key):
            keys.remove(key)
            keys.insert(max(int(place) - first, 0), key)
    direction, _, moved = data.get("move", "").partition(" ")
    if not (is_key(moved) and int(moved) in keys):
        return keys, None
    here = keys.index(int(moved))
    there = here + (-1 if direction == "up" else 1)
    if 0 <= there < len(keys):
        keys[here], keys[there] = keys[there], keys[here]
    return keys, int(moved)


def sorted_keys(proposals, sort):
    """Return the keys of the proposals, sorted by one of SORTS."""
    return [proposal.pk for proposal in sorted(proposals, key=SORTS[sort])]
