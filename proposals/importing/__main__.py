"""Parse a document within the limits given as arguments, CPU seconds and bytes of memory, without Django settings.

Read a line of JSON (file name and KnownNames) and the file from stdin; write {"parsed": …} or {"unreadable": message}.
On failure, exit with 1 and write the traceback without the error message, which may quote the text, for the log.
"""

import json
import os
import resource
import sys
import traceback

from proposals.importing.document import read_document
from proposals.importing.lines import UnreadableDocument
from proposals.importing.parsing import KnownNames, parse


def respond(header, content):
    known = KnownNames(header["senders"], tuple(header["groups"]))
    try:
        return {"parsed": parse(read_document(content, header["name"]), known).as_json()}
    except UnreadableDocument as error:
        return {"unreadable": str(error)}


if __name__ == "__main__":
    os.nice(10)  # prefer the web server
    seconds, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        header = json.loads(sys.stdin.buffer.readline())
        print(json.dumps(respond(header, sys.stdin.buffer.read())))
    except BaseException as error:
        print(type(error).__name__, *traceback.format_tb(error.__traceback__))
        sys.exit(1)
