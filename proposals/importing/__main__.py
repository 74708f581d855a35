"""Read one document in a process of its own, within seconds of work and bytes of memory. Needs no Django settings.

In come a line of JSON (the file's name and the Register) and the file's bytes; out goes, as JSON, {"reading": …} or
{"unreadable": a sentence}. When it fails otherwise it ends with 1, and what goes out is where it failed: for the log,
so without the words of the fault.
"""

import json
import os
import resource
import sys
import traceback

from proposals.importing.document import read_document
from proposals.importing.lines import Unreadable
from proposals.importing.reading import Register, read


def answer(about, content):
    register = Register(about["senders"], tuple(about["groups"]))
    try:
        return {"reading": read(read_document(content, about["name"]), register).as_json()}
    except Unreadable as error:
        return {"unreadable": str(error)}


if __name__ == "__main__":
    os.nice(10)  # whoever reads a page goes first
    seconds, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        about = json.loads(sys.stdin.buffer.readline())
        print(json.dumps(answer(about, sys.stdin.buffer.read())))
    except BaseException as fault:
        print(type(fault).__name__, *traceback.format_tb(fault.__traceback__))
        sys.exit(1)
