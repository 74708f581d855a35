"""Read one document in a process of its own; see `process`. Needs no Django settings."""

import json
import os
import resource
import sys

from proposals.importing.document import read_document
from proposals.importing.lines import Unreadable
from proposals.importing.reading import Register, read, to_json
from proposals.request_log import trace

if __name__ == "__main__":
    seconds, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.nice(10)  # whoever reads a page goes first
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        document = read_document(sys.stdin.buffer.read(), asked["name"])
        answer = {"reading": to_json(read(document, Register(asked["senders"], tuple(asked["groups"]))))}
    except Unreadable as error:
        answer = {"unreadable": str(error)}
    except BaseException as error:  # for the log, so without the words of the document
        print(trace(error))
        sys.exit(1)
    json.dump(answer, sys.stdout)
