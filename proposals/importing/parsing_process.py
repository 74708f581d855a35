"""Parse a document in a subprocess with limits on time and memory.

Small compressed files can take excessive resources, which must not block other requests.
"""

import json
import logging
import subprocess
import sys
from dataclasses import asdict

from django.conf import settings

from proposals.importing.lines import UnreadableDocument
from proposals.importing.parsing import ParsedDocument
from proposals.text_input.characters import clean_line

MAX_CPU_TIME = 20  # seconds
MAX_MEMORY = 600_000_000  # bytes of address space, including Python and libraries
TIME_LIMIT = 60  # seconds of wall-clock time
TOO_MUCH = (
    "Dokumentet är för stort eller för krångligt uppbyggt för att läsas, så inget är inläst. Kopiera texten till ett "
    "nytt Word-dokument eller spara den som textfil (.txt), och försök igen med det."
)

logger = logging.getLogger(__name__)


def parse_file(content, name, known):
    """Return the ParsedDocument in the bytes of a Word or text file. Raise UnreadableDocument."""
    header = {"name": clean_line(name), **asdict(known)}
    response = json.loads(_run(json.dumps(header).encode() + b"\n" + content))
    if "unreadable" in response:
        raise UnreadableDocument(response["unreadable"])
    return ParsedDocument.from_json(response["parsed"])


def _run(request):
    command = [sys.executable, "-m", "proposals.importing", str(MAX_CPU_TIME), str(MAX_MEMORY)]
    try:
        done = subprocess.run(  # noqa: S603 (fixed command)
            command,
            cwd=settings.BASE_DIR,
            input=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT,
        )
    except subprocess.TimeoutExpired as error:
        logger.error("A document couldn't be read: it took too long")
        raise UnreadableDocument(TOO_MUCH) from error
    if done.returncode:
        traceback = done.stdout.decode(errors="replace")[-2000:]
        logger.error("A document couldn't be read: %s %s", done.returncode, traceback)
        raise UnreadableDocument(TOO_MUCH)
    return done.stdout
