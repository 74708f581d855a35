"""Make one file in a process of its own: a pickled Booklet comes in, the file goes out. Needs no Django settings.

When that fails it ends with 1, and what goes out is where it failed: for the log, so without the words of the fault.
"""

import os
import pickle
import sys
import traceback

from proposals.booklet.formats import render

if __name__ == "__main__":
    os.nice(10)  # whoever reads a page goes first
    try:
        booklet = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own process)
        sys.stdout.buffer.write(render(booklet, sys.argv[1]))
    except BaseException as fault:  # what the PDF's library panics with is no Exception
        print(type(fault).__name__, *traceback.format_tb(fault.__traceback__))
        sys.exit(1)
