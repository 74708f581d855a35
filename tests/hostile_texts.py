"""Texts that nobody writes but to make a site slow: 20 000 characters each, under names that say what is in them."""

import json
from pathlib import Path
from random import Random

from proposals.models.proposal import TEXT_LENGTH

# What is repeated: marks of all kinds, left unfinished, nested and side by side
REPEATED = json.loads(Path(__file__).with_name("hostile_pieces.json").read_text())
FILLED = [
    "[",
    "[a](",
    "*",
    "**a** ",
    "\n",
    "\n- ",
    "\n\n",
    "\n  - ",
    "http://a.b ",
    "http://a.b/(",
    "mailto:a@b.se ",
    "\\",
]


def hostile_texts(length=TEXT_LENGTH):
    """{name: text}"""
    texts = {f"{piece!r} × {length // len(piece)}": _filled(piece, length) for piece in REPEATED}
    for piece in FILLED:
        # So sparse that nothing is counted as too much, which is when it costs most
        for space in (5, 20, 30, 40, 60, 100):
            name = f"{piece!r} each {space} letters"
            texts[name] = _filled(piece + "å" * (space - len(piece)), length)
    half = length // 2
    texts |= {
        f"{opening!r} × n, {closing!r} × n": _filled(opening, half) + _filled(closing, half)
        for opening, closing in [
            *(
                ("[", "]"),
                ("[", "](b)"),
                ("*", "a"),
                ("**a", "a**"),
                ("*_", "_*"),
                ("(", ")"),
                ("a", "a\n"),
                ("a ", "b "),
            ),
            *(
                ("\n", "a\n"),
                (" ", "a"),
                ("a", " "),
                ("http://a.b/", "("),
                ("- ", "a"),
                ("a@", "b."),
                ("[a](http://", ")"),
            ),
        ]
    }
    return texts | _single(length) | _random(length)


def _single(length):
    """Texts that hold one thing, deep or long."""
    deep = "".join(f"{'  ' * (row % 28)}- a\n" for row in range(length))
    return {
        "a list 28 levels deep, again and again": deep[:length],
        "a list that goes ever deeper": "".join(f"{'  ' * row}- a\n" for row in range(length // 200)),
        "emphasis in emphasis": f"{'*' * (length // 2 - 1)}a{'*' * (length // 2)}",
        "few marks, deep in each other": "*_" * 240 + "a" + "_*" * 240,
        "a host of many foreign parts": f"http://{'xn--a.' * 30}xn--a_",
        "a mailbox at a host of many foreign parts": f"a@{'xn--a.' * 30}zzz",
        "a host of Chinese letters": f"[a](http://{''.join(map(chr, range(0x4E00, 0x4E00 + length - 12)))})",
        "words that are all different": " ".join(map(str, range(length)))[:length],
        "lines that are all different": "\n".join(map(str, range(length)))[:length],
        "a sentence in capitals": _filled("ETT FÖRSLAG OM EL. ", length),
        "ordinary words": _filled("Regionerna vill lära av varandra om upphandling och kompetensförsörjning. ", length),
    }


def _random(length):
    """The same each time."""
    random = Random(1)  # noqa: S311 (nothing secret)
    alphabets = {
        "marks": "[]()*_\\-#>\n ab:/@.",
        "brackets and scheme": ["[", "http://", "a", " "],
        "two words": ["a ", "b "],
    }
    texts = {f"random {name}": "".join(random.choices(signs, k=length))[:length] for name, signs in alphabets.items()}
    texts["random letters of all scripts"] = "".join(chr(random.randrange(0xA0, 0xD7FF)) for _ in range(length))
    texts["random lines of two kinds"] = "".join(random.choices(["a\n", "b\n"], k=length // 2))
    return texts


def _filled(piece, length):
    return (piece * (length // len(piece) + 1))[:length]
