"""Make one file in a process of its own: a pickled Booklet comes in, the file goes out. Needs no Django settings."""

import os
import pickle
import sys

from proposals.exports import render

if __name__ == "__main__":
    os.nice(10)  # whoever reads a page goes first
    booklet = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own process)
    sys.stdout.buffer.write(render(booklet, sys.argv[1]))
