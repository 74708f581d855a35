"""Reading a document where it can harm nobody: in a process with an end to its time and its memory.

A small file can unpack to a large one, and cost more than any page may.
"""

import json
import logging
import subprocess
import sys
from dataclasses import asdict

from django.conf import settings

from proposals.importing.lines import Unreadable
from proposals.importing.reading import from_json

SECONDS = 30  # of work
LONGEST_WAIT = 60  # seconds, for a process that waits for the processor
MEMORY = 1_000_000_000  # bytes of addresses
TOO_MUCH = (
    "Det tog för lång tid att läsa dokumentet, så inget är inläst. Spara det på nytt i Word utan bilder, eller kopiera "
    "texten till en textfil (.txt), och försök igen."
)

logger = logging.getLogger(__name__)


def read_in_process(content, name, register):
    """The Reading of the bytes of a file, its names matched against a Register; Unreadable says why there is none."""
    asked = json.dumps({"name": name, **asdict(register)}).encode()
    try:
        process = subprocess.run(  # noqa: S603 (our own command)
            [sys.executable, "-m", "proposals.importing", str(SECONDS), str(MEMORY)],
            cwd=settings.BASE_DIR,
            input=asked + b"\n" + content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_WAIT,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(TOO_MUCH) from error
    if process.returncode:
        said = process.stdout.decode(errors="replace")[-2000:]
        logger.warning("A document couldn't be read: %s %s", process.returncode, said)
        raise Unreadable(TOO_MUCH)
    answer = json.loads(process.stdout)
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return from_json(answer["reading"])
