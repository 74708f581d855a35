"""The proposals to a meeting as one file: PDF, Word, Excel, CSV or JSON.

Members download what the list shows, kansliet a working copy; a large file is made in a process of its own.
"""
