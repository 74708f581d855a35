"""How long hostile texts can hold up each function that works on people's texts, and each page: `make bench`.

Of each function the three slowest of `tests.hostile_texts`, in milliseconds of CPU for 20 000 characters. A text is
measured once, and the slowest again ROUNDS times, of which the fastest counts: what else runs must not be blamed on it.
"""

import os
import time

ROUNDS = 5
SHOWN = 3
ASKED = 50  # ms for a text


def functions():
    """{name: function of a text}"""

    from proposals import richtext
    from proposals.booklet.content import BookletProposal
    from proposals.booklet.formats import pdf
    from proposals.history import diff
    from proposals.importing.contacts import parse_contacts
    from proposals.importing.headings import parse_heading
    from proposals.importing.lines import plain_line
    from proposals.importing.markdown import to_markdown
    from proposals.importing.senders import Senders
    from proposals.search import similar, text
    from proposals.search.expansion import Phrase, expand
    from proposals.search.highlighter import Highlighter
    from proposals.search.query import Query
    from proposals.submission import fields
    from proposals.templatetags.proposal_texts import unbroken
    from proposals.text_input import addresses, characters, form_fields

    parts = dict.fromkeys(text.PART_WEIGHTS, "")
    senders = Senders({"Region Dalarna": "", "Region Örebro län": "", "Tillväxtverket": ""})

    def highlighter(one):
        found = text.words(one)[:3] or ["a"]
        return Highlighter(found, [Phrase(tuple(text.words(one[:200])) or ("a", "a"))])

    def edited(one):
        return f"x{one[1:-1]}y"

    def other(one):
        return "".join(reversed(one))

    return {
        "richtext.html": richtext.html,
        "richtext.plain": richtext.plain,
        "richtext.blocks": richtext.blocks,
        "richtext.excerpt": richtext.excerpt,
        "diff.word_diff, both ends": lambda one: diff.word_diff(one, edited(one)),
        "diff.word_diff, backwards": lambda one: diff.word_diff(one, other(one)),
        "diff.line_diff, backwards": lambda one: diff.line_diff(one, other(one)),
        "search.text.words": text.words,
        "search.text.spellings": text.spellings,
        "search.text.searchable and weigh": lambda one: text.weigh(text.searchable(parts | {"body": one})),
        "search.highlighter.mark": lambda one: highlighter(one).mark(one),
        "search.highlighter.extract": lambda one: highlighter(one).extract(one),
        "search.similar.shared_spots": lambda one: similar.shared_spots(one, similar.sequences(one)),
        "search.similar.similarity": lambda one: similar.similarity(
            {1: text.searchable(parts | {"body": one}), 2: text.searchable(parts | {"body": one})}, [1]
        ),
        "search.query": lambda one: expand(Query(one), [], []),
        "text_input.LineField": form_fields.LineField(required=False).clean,
        "text_input.split_addresses": addresses.split_addresses,
        "fields.WEB_ADDRESS": fields.WEB_ADDRESS.search,
        "text_input.ParagraphsField": form_fields.ParagraphsField(required=False).clean,
        "proposal_texts.unbroken": unbroken,
        "exports.pdf": lambda one: pdf._printable(
            pdf._proposal(BookletProposal(1, "Rubrik", texts={"background": one}))
        ),
        "text_input.printable": characters.printable,
        "importing.headings": lambda one: parse_heading(one, True),
        "importing.senders": senders.split,
        "importing.people": lambda one: parse_contacts([plain_line(one)]),
        "importing.markup": lambda one: to_markdown(richtext.blocks(one)),
    }


def measure_functions():
    from tests.hostile_texts import hostile_texts

    texts = hostile_texts()
    print(f"{'ms for a text, the slowest':<36}of {len(texts)} texts")
    for name, function in functions().items():
        once = {what: _milliseconds(function, text) for what, text in texts.items()}
        slowest = sorted(once, key=once.get)[-SHOWN:]
        again = {what: min(_milliseconds(function, texts[what]) for _ in range(ROUNDS)) for what in slowest}
        told = "   ".join(f"{again[what]:.1f} ({what})" for what in sorted(again, key=again.get, reverse=True))
        print(f"{name:<36}{told}", flush=True)


def _milliseconds(function, text):
    start = time.process_time()
    function(text)
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    measure_functions()
