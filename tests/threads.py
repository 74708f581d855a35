"""Doing several things at once, as several people do."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def in_threads(call, things):
    """Call with each thing at once, each in a thread with a connection of its own."""

    def run(thing):
        try:
            return call(thing)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(run, things))
