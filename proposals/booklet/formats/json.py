"""JSON as documented in docs/booklet.md. Increase VERSION with each incompatible change."""

import json

from proposals import sections

VERSION = 1


def render(booklet):
    content = {
        "format": "reglab-booklet",
        "version": VERSION,
        "title": booklet.title,
        "meeting": {"title": booklet.meeting, "date": booklet.date.isoformat()},
        "is_working_copy": booklet.is_working_copy,
        "selection": booklet.chosen,
        "changed_at": booklet.changed_at.isoformat(),
        "proposals": [_proposal(proposal) for proposal in booklet.proposals],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode("utf-8", "replace")


def _proposal(proposal):
    senders = [{"name": sender.name, "slug": sender.slug} for sender in proposal.senders]
    working_copy = {"reference": proposal.reference, "status": proposal.status} if proposal.reference else {}
    return {
        **working_copy,
        "number": proposal.number,
        "title": proposal.title,
        "sender": senders[0] if senders else None,
        "co_senders": senders[1:],
        **_texts(proposal, sections.CONTENT),
        "target_groups": proposal.target_groups,
        **_texts(proposal, sections.TARGET_GROUP),
        "contacts": [
            {"name": person.name, "title": person.title, "email": person.email, "phone": person.phone}
            for person in proposal.contacts
        ],
        "address": proposal.address or None,
    }


def _texts(proposal, part):
    return {name: proposal.texts.get(name, "") for name in sections.names_in(part)}
