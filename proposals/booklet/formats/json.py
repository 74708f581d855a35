"""The booklet as JSON; docs/booklet.md tells what is in it. A change that a reader must know of raises VERSION."""

import json

from proposals import sections

VERSION = 1


def render(booklet):
    """The Booklet as the bytes of a JSON file."""
    whole = {
        "format": "reglab-booklet",
        "version": VERSION,
        "title": booklet.title,
        "meeting": {"title": booklet.meeting, "date": booklet.date.isoformat()},
        "is_working_copy": booklet.is_working_copy,
        "selection": booklet.chosen,
        "changed_at": booklet.changed_at.isoformat(),
        "proposals": [_proposal(item) for item in booklet.proposals],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2).encode("utf-8", "replace")


def _proposal(item):
    known = {"reference": item.reference, "status": item.status} if item.reference else {}
    return {
        **known,
        "number": item.number,
        "title": item.title,
        "sender": {"name": item.sender, "slug": item.sender_slug} if item.sender else None,
        **_texts(item, sections.CONTENT),
        "target_groups": item.target_groups,
        **_texts(item, sections.TARGET_GROUP),
        "contacts": [
            {"name": person.name, "title": person.title, "email": person.email, "phone": person.phone}
            for person in item.contacts
        ],
        "address": item.address or None,
    }


def _texts(item, part):
    return {name: item.texts.get(name, "") for name in sections.names_in(part)}
