"""Download the proposals of a meeting as one file: PDF, Word, Excel, CSV or JSON.

Large files are rendered in a subprocess and stored until the content changes.
"""
