"""Reading a document in a process of its own, with an end to its time and memory.

A small file can say a lot a hundred thousand times, and what reads it must not hold up those who read pages.
"""

import json
import logging
import subprocess
import sys
from dataclasses import asdict

from django.conf import settings

from proposals.importing.lines import Unreadable
from proposals.importing.reading import Reading
from proposals.richtext import UNPRINTABLE

MOST_WORK = 20  # seconds that the processor works for it
MOST_MEMORY = 600_000_000  # bytes of addresses, those of Python and its libraries included
TIME_LIMIT = 60  # seconds, should the machine have other things to do
TOO_MUCH = (
    "Dokumentet är för stort eller för krångligt uppbyggt för att läsas, så inget är inläst. Kopiera texten till ett "
    "nytt Word-dokument eller spara den som textfil (.txt), och försök igen med det."
)

logger = logging.getLogger(__name__)


def read_file(content, name, register):
    """The Reading of the bytes of a Word or text file; raises Unreadable, with a sentence for a person."""
    about = {"name": UNPRINTABLE.sub("", name), **asdict(register)}
    said = json.loads(_answer(json.dumps(about).encode() + b"\n" + content))
    if "unreadable" in said:
        raise Unreadable(said["unreadable"])
    return Reading.from_json(said["reading"])


def _answer(question):
    command = [sys.executable, "-m", "proposals.importing", str(MOST_WORK), str(MOST_MEMORY)]
    try:
        done = subprocess.run(  # noqa: S603 (our own command)
            command,
            cwd=settings.BASE_DIR,
            input=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT,
        )
    except subprocess.TimeoutExpired as error:
        logger.error("A document couldn't be read: it took too long")
        raise Unreadable(TOO_MUCH) from error
    if done.returncode:
        place = done.stdout.decode(errors="replace")[-2000:]
        logger.error("A document couldn't be read: %s %s", done.returncode, place)
        raise Unreadable(TOO_MUCH)
    return done.stdout
