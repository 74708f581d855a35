"""Read a pickled Booklet from stdin and write the rendered file to stdout, without Django settings.

On failure, exit with 1 and write the traceback without the error message, which may quote the text, for the log.
"""

import os
import pickle
import sys
import traceback

from proposals.booklet.formats import render

if __name__ == "__main__":
    os.nice(10)  # prefer the web server
    try:
        booklet = pickle.load(sys.stdin.buffer)  # noqa: S301 (written by our own process)
        sys.stdout.buffer.write(render(booklet, sys.argv[1]))
    except BaseException as error:  # a panic in typst isn't an Exception
        print(type(error).__name__, *traceback.format_tb(error.__traceback__))
        sys.exit(1)
